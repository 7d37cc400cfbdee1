package io.libprocess.http.http1;

import io.libprocess.http.Headers;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Collects what is to be written to a channel, so that many small pieces leave as one buffer. Large
 * ones are not copied. It holds no memory while it holds no bytes. For one thread at a time.
 */
public final class Output {

  private static final int FIRST_CAPACITY = 256;
  private static final int LARGE = 1 << 10;
  private static final int LARGEST_EXPECTED = 8 << 10;

  /** From this size on what was collected is handed over before more is. */
  private static final int FULL = 32 << 10;

  private static final int LONGEST_NUMBER = 20;
  private static final byte[] NONE = {};
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Transport.Channel channel;
  private byte[] bytes = NONE;
  private int size;
  private int expected = FIRST_CAPACITY; // What was collected last time; the next is often alike.

  public Output(Transport.Channel channel) {
    this.channel = channel;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Hands what was collected to the channel. */
  public void flush() {
    if (size > 0) {
      channel.write(ByteBuffer.wrap(bytes, 0, size));
      expected = Math.min(size, LARGEST_EXPECTED);
      bytes = NONE;
      size = 0;
    }
  }

  private void reserve(int more) {
    if (size + more <= bytes.length) {
      return;
    }
    int wanted = Math.max(size + more, Math.max(expected, 2 * size));
    bytes = Arrays.copyOf(bytes, wanted);
  }

  public Output put(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  /** Puts text in ISO 8859-1, which must not have other characters. */
  @SuppressWarnings("deprecation") // Cutting characters to bytes is what is wanted, and fastest.
  public Output put(String text) {
    int length = text.length();
    reserve(length);
    text.getBytes(0, length, bytes, size);
    size += length;
    return this;
  }

  Output putLineEnd() {
    return put(LINE_END);
  }

  /** Puts a number that is not negative. */
  Output putDecimal(long number) {
    reserve(LONGEST_NUMBER);
    int end = size + 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      end++;
    }
    size = end;
    long rest = number;
    do {
      bytes[--end] = (byte) ('0' + rest % 10); // By a constant: no division is left of it.
      rest /= 10;
    } while (rest > 0);
    return this;
  }

  private Output putHexadecimal(int number) {
    reserve(LONGEST_NUMBER);
    int digits = (Integer.SIZE - Integer.numberOfLeadingZeros(number | 1) + 3) / 4;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      bytes[size++] = (byte) Character.forDigit(number >>> shift & 0xF, 16);
    }
    return this;
  }

  /**
   * Puts bytes, which it releases: copies them if they are few, and hands them over as they are
   * otherwise.
   */
  public Output put(Chunk chunk) {
    if (chunk.size() >= LARGE || chunk.region().isPresent()) {
      flush();
      channel.write(chunk);
      return this;
    }
    reserve(chunk.size());
    chunk.copyTo(bytes, size);
    size += chunk.size();
    chunk.release();
    if (size >= FULL) {
      flush();
    }
    return this;
  }

  /** Puts bytes as one chunk of a chunked body; there must be some. */
  Output putChunked(Chunk chunk) {
    return putHexadecimal(chunk.size()).putLineEnd().put(chunk).putLineEnd();
  }

  /** Puts the end of a chunked body, with trailers if there are any. */
  Output putLastChunk(Headers trailers) {
    put("0\r\n");
    OutgoingFields.put(this, trailers, "Date");
    return putLineEnd();
  }

  /** What was collected, for people. */
  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
  }
}
