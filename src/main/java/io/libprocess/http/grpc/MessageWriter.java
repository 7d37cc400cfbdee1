package io.libprocess.http.grpc;

import io.libprocess.http.coding.GzipEncoder;
import io.libprocess.stream.Chunk;

/** Puts messages into their frames. Immutable. */
public final class MessageWriter {

  private static final int HEAD = 5;

  /** Shorter messages are not compressed, since that would make them hardly shorter. */
  private static final int LEAST_COMPRESSED = 1 << 10;

  private MessageWriter() {}

  /**
   * The frame of a message.
   *
   * @param compress whether to compress it with gzip if that makes it shorter
   */
  public static Chunk frame(byte[] message, boolean compress) {
    if (compress && message.length >= LEAST_COMPRESSED) {
      byte[] packed = GzipEncoder.encode(Chunk.of(message)).toArray();
      if (packed.length < message.length) {
        return frame(1, packed);
      }
    }
    return frame(0, message);
  }

  private static Chunk frame(int flag, byte[] content) {
    byte[] frame = new byte[HEAD + content.length];
    frame[0] = (byte) flag;
    for (int i = 1, shift = 24; i < HEAD; i++, shift -= 8) {
      frame[i] = (byte) (content.length >> shift);
    }
    System.arraycopy(content, 0, frame, HEAD, content.length);
    return Chunk.of(frame);
  }
}
