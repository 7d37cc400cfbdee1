package io.libprocess.http.grpc;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Finds the messages in a sequence of bytes, however these are cut: each has a flag, four octets of
 * length, and that many bytes. A message that is too long is refused when its length is known, and
 * memory is taken as its bytes come, not as its length says. For one thread at a time.
 */
public final class MessageReader {

  private static final int HEAD = 5;

  private final int most;
  private final boolean compressed;
  private final MemoryBudget.Share memory; // Null if memory is not counted.

  private Chunk chunk = Chunk.empty(); // Not used up from `from` on.
  private int from;
  private final byte[] head = new byte[HEAD];
  private int headSize;
  private int length; // Of the message, when the head is complete.
  private byte[] message = {};
  private int size; // How much of the message is there.

  /**
   * A reader of the messages of one side of a call.
   *
   * @param most the most bytes of a message, as it comes and inflated
   * @param compressed whether messages may be compressed with gzip: the fields say so
   * @param memory what the part of a message draws on that has come; null if it is not counted
   */
  public MessageReader(int most, boolean compressed, MemoryBudget.Share memory) {
    this.most = most;
    this.compressed = compressed;
    this.memory = memory;
  }

  /** Takes bytes, which it owns, when {@link #next} has returned null. */
  public void feed(Chunk bytes) {
    chunk.release();
    chunk = bytes;
    from = 0;
  }

  /**
   * The next message; null if more bytes are needed.
   *
   * @throws GrpcWireException if what comes is no message, or one that is too long
   */
  public byte[] next() throws GrpcWireException {
    while (headSize < HEAD) {
      if (from == chunk.size()) {
        return null;
      }
      head[headSize++] = chunk.at(from++);
      if (headSize == HEAD) {
        begin();
      }
    }
    int count = Math.min(length - size, chunk.size() - from);
    if (count > 0) {
      reserve(count);
      chunk.asByteBuffer().get(from, message, size, count);
      size += count;
      from += count;
    }
    if (size < length) {
      return null;
    }
    byte[] whole = message.length == length ? message : Arrays.copyOf(message, length);
    boolean inflates = head[0] == 1;
    drop();
    headSize = 0;
    return inflates ? inflated(whole) : whole;
  }

  private void reserve(int count) throws GrpcWireException {
    if (size + count > message.length) {
      int capacity = Math.min(length, Math.max(size + count, 2 * message.length));
      if (memory != null && !memory.tryTakeForBody(capacity - message.length, capacity)) {
        throw new GrpcWireException(
            GrpcCode.RESOURCE_EXHAUSTED, "there is no memory left for a message");
      }
      message = Arrays.copyOf(message, capacity);
    }
  }

  /** Keeps the message no longer. */
  private void drop() {
    if (memory != null) {
      memory.give(message.length);
    }
    message = new byte[0];
    size = 0;
  }

  private void begin() throws GrpcWireException {
    if (head[0] != 0 && head[0] != 1) {
      throw internal("a message has the flag " + (head[0] & 0xFF));
    }
    if (head[0] == 1 && !compressed) {
      throw internal("a message is compressed, but no encoding was named");
    }
    long stated = 0;
    for (int i = 1; i < HEAD; i++) {
      stated = stated << 8 | head[i] & 0xFF;
    }
    if (stated > most) {
      throw tooLong(stated + " bytes");
    }
    length = (int) stated;
  }

  private byte[] inflated(byte[] packed) throws GrpcWireException {
    byte[] plain;
    try (InputStream gzip = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      plain = gzip.readNBytes(most + 1);
    } catch (IOException e) {
      throw internal("a message is not gzip: " + e.getMessage());
    }
    if (plain.length > most) {
      throw tooLong("inflated more than " + most + " bytes");
    }
    return plain;
  }

  private GrpcWireException tooLong(String what) {
    return new GrpcWireException(
        GrpcCode.RESOURCE_EXHAUSTED, "a message has " + what + "; the limit is " + most);
  }

  private static GrpcWireException internal(String what) {
    return new GrpcWireException(GrpcCode.INTERNAL, what);
  }

  /**
   * Notes the end of the bytes.
   *
   * @throws GrpcWireException if it is inside a message
   */
  public void end() throws GrpcWireException {
    if (headSize > 0) {
      throw internal("the messages end inside of one");
    }
  }

  /** Releases what is not used up. */
  public void close() {
    chunk.release();
    chunk = Chunk.empty();
    from = 0;
    drop();
  }
}
