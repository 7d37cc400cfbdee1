package io.libprocess.http.http1;

import io.libprocess.http.Headers;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A buffer in front of a channel, by which many small pieces leave as one. Large pieces are not
 * copied. It holds no memory while it holds no bytes. For one thread at a time.
 */
public final class Output {

  private static final int FIRST_CAPACITY = 256;
  private static final int LARGE = 1 << 10;
  private static final int LARGEST_EXPECTED = 8 << 10;

  /** From this size on the collected bytes are handed over first. */
  private static final int FULL = 32 << 10;

  private static final int LONGEST_NUMBER = 20;
  private static final byte[] NONE = {};
  private static final byte[] LINE_END = {'\r', '\n'};

  private final Transport.Channel channel;
  private byte[] bytes = NONE;
  private int size;
  private int expected = FIRST_CAPACITY; // The last size; the next is often similar.

  public Output(Transport.Channel channel) {
    this.channel = channel;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /** Hands the collected bytes to the channel. */
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

  /** Puts text, which must consist of characters of ISO 8859-1. */
  @SuppressWarnings("deprecation") // Truncating characters to bytes is intended, and fastest.
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

  /** Puts a number, which must not be negative. */
  Output putDecimal(long number) {
    reserve(LONGEST_NUMBER);
    int end = size + 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      end++;
    }
    size = end;
    long rest = number;
    do {
      bytes[--end] = (byte) ('0' + rest % 10); // By a constant: compiled without a division.
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

  /** Puts bytes, which it releases: a few bytes are copied, more are handed over as they are. */
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

  /** Puts bytes as one chunk of a chunked body; there must be at least one byte. */
  Output putChunked(Chunk chunk) {
    return putHexadecimal(chunk.size()).putLineEnd().put(chunk).putLineEnd();
  }

  /** Puts the end of a chunked body, with trailers if there are any. */
  Output putLastChunk(Headers trailers) {
    put("0\r\n");
    OutgoingFields.put(this, trailers, "Date");
    return putLineEnd();
  }

  /** A description for people: the collected bytes. */
  @Override
  public String toString() {
    return new String(bytes, 0, size, StandardCharsets.ISO_8859_1);
  }
}
