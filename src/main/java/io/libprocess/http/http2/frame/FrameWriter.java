package io.libprocess.http.http2.frame;

import io.libprocess.http.hpack.Octets;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes frames to a channel, many small ones as one piece. It holds no memory while it holds no
 * bytes. For one thread at a time.
 */
public final class FrameWriter {

  private static final int FIRST_CAPACITY = 256;
  private static final int LARGEST_EXPECTED = 8 << 10;

  /** Chunks from this size on are not copied. */
  private static final int LARGE = 1 << 10;

  /** From this size on the collected bytes are handed over. */
  private static final int FULL = 32 << 10;

  private static final int SETTING_SIZE = 6;

  private final Transport.Channel channel;
  private final Octets out = new Octets();
  private int expected = FIRST_CAPACITY; // The last size; the next is often similar.

  // The header block that is written.
  private int blockStream;
  private int blockFrom; // The place of its first frame.

  public FrameWriter(Transport.Channel channel) {
    this.channel = channel;
  }

  /** Whether no bytes are collected. */
  public boolean isEmpty() {
    return out.size == 0;
  }

  /** Hands the collected bytes to the channel. */
  public void flush() {
    if (out.size > 0) {
      channel.write(ByteBuffer.wrap(out.bytes, 0, out.size));
      expected = Math.max(FIRST_CAPACITY, Math.min(out.size, LARGEST_EXPECTED));
      out.clear();
    }
  }

  private void begin(int length, int type, int flags, int stream) {
    if (out.size == 0) {
      out.reserve(expected);
    }
    out.putInt(length << 8 | type);
    out.put(flags);
    out.putInt(stream);
  }

  /** Writes SETTINGS: an id, its value, the next id and so on. */
  public void settings(int... idsAndValues) {
    begin(idsAndValues.length / 2 * SETTING_SIZE, FrameType.SETTINGS, 0, 0);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      out.put(idsAndValues[i] >> 8);
      out.put(idsAndValues[i]);
      out.putInt(idsAndValues[i + 1]);
    }
  }

  /** Writes the acknowledgement of SETTINGS. */
  public void settingsAck() {
    begin(0, FrameType.SETTINGS, FrameType.ACK, 0);
  }

  /** Writes PING. */
  public void ping(long opaque, boolean ack) {
    begin(Long.BYTES, FrameType.PING, ack ? FrameType.ACK : 0, 0);
    out.putInt((int) (opaque >> 32));
    out.putInt((int) opaque);
  }

  /** Writes GOAWAY, with a text for people. */
  public void goAway(int lastStream, ErrorCode code, String debug) {
    byte[] text = debug.getBytes(StandardCharsets.UTF_8);
    begin(8 + text.length, FrameType.GOAWAY, 0, 0);
    out.putInt(lastStream);
    out.putInt(code.code());
    out.put(text, 0, text.length);
  }

  /** Writes RST_STREAM. */
  public void rstStream(int stream, ErrorCode code) {
    begin(4, FrameType.RST_STREAM, 0, stream);
    out.putInt(code.code());
  }

  /** Writes WINDOW_UPDATE. */
  public void windowUpdate(int stream, int increment) {
    begin(4, FrameType.WINDOW_UPDATE, 0, stream);
    out.putInt(increment);
  }

  /**
   * Begins HEADERS. The block is to be put into the octets that are returned, and to be ended by
   * {@link #endHeaders}; nothing else may be written before.
   */
  public Octets beginHeaders(int stream) {
    blockStream = stream;
    int from = out.size;
    begin(0, FrameType.HEADERS, 0, stream);
    blockFrom = from;
    return out;
  }

  /**
   * Ends HEADERS, with CONTINUATION if the block is too large for one frame.
   *
   * @param maxFrame the size of the largest frame that the peer accepts
   */
  public void endHeaders(boolean endStream, int maxFrame) {
    int length = out.size - blockFrom - FrameType.HEAD;
    int flags = endStream ? FrameType.END_STREAM : 0;
    if (length <= maxFrame) {
      int at = blockFrom;
      out.bytes[at] = (byte) (length >> 16);
      out.bytes[at + 1] = (byte) (length >> 8);
      out.bytes[at + 2] = (byte) length;
      out.bytes[at + 4] = (byte) (flags | FrameType.END_HEADERS);
      return;
    }
    byte[] block = Arrays.copyOfRange(out.bytes, out.size - length, out.size);
    out.size = blockFrom;
    begin(maxFrame, FrameType.HEADERS, flags, blockStream);
    out.put(block, 0, maxFrame);
    for (int from = maxFrame; from < length; from += maxFrame) {
      int part = Math.min(maxFrame, length - from);
      int end = from + part == length ? FrameType.END_HEADERS : 0;
      begin(part, FrameType.CONTINUATION, end, blockStream);
      out.put(block, from, part);
    }
  }

  /** Writes the head of DATA, whose content must follow. */
  public void dataHeader(int stream, int length, boolean endStream) {
    begin(length, FrameType.DATA, endStream ? FrameType.END_STREAM : 0, stream);
  }

  /** Writes content, and releases it: a few bytes are copied, more are handed over as they are. */
  public void put(Chunk chunk) {
    if (chunk.size() >= LARGE || chunk.region().isPresent()) {
      flush();
      channel.write(chunk);
      return;
    }
    out.reserve(chunk.size());
    chunk.copyTo(out.bytes, out.size);
    out.size += chunk.size();
    chunk.release();
    if (out.size >= FULL) {
      flush();
    }
  }
}
