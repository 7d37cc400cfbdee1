package io.libprocess.stream;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of bytes that does not change. Slices share the bytes of what they are cut from, and so
 * keep all of them in memory. Two chunks are equal if their bytes are. All methods may be called
 * from any thread.
 *
 * <p><b>Memory that is used again.</b> The bytes of a chunk that was {@linkplain #lent lent} may be
 * used for something else as soon as everybody who was given it has called {@link #release}. Who
 * gets a chunk from a stream owns it and releases it once; who wants it to be released once more
 * calls {@link #retain}, as {@link #slice} does. The bytes must not be looked at afterwards. To
 * forget a release costs the memory's owner that memory, until the garbage collector finds it, and
 * nothing else. Of all other chunks both methods do nothing.
 */
public final class Chunk {

  private static final Chunk EMPTY = new Chunk(new byte[0], 0, 0, null);
  private static final int BYTES_SHOWN = 16;

  private final byte[] bytes;
  private final int offset;
  private final int size;
  private final Loan loan; // Null if the bytes are never used again.

  private Chunk(byte[] bytes, int offset, int size, Loan loan) {
    this.bytes = bytes;
    this.offset = offset;
    this.size = size;
    this.loan = loan;
  }

  /** The chunk of no bytes. */
  public static Chunk empty() {
    return EMPTY;
  }

  /** A chunk of all bytes of an array. The array belongs to the chunk: nobody may write to it. */
  public static Chunk of(byte[] bytes) {
    requireNonNull(bytes, "bytes");
    return bytes.length == 0 ? EMPTY : new Chunk(bytes, 0, bytes.length, null);
  }

  /**
   * A chunk of some bytes of an array. That part of the array belongs to the chunk: nobody may
   * write to it.
   *
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static Chunk of(byte[] bytes, int offset, int length) {
    requireNonNull(bytes, "bytes");
    checkFromIndexSize(offset, length, bytes.length);
    return length == 0 ? EMPTY : new Chunk(bytes, offset, length, null);
  }

  /**
   * A chunk of some bytes of an array that will be used for something else.
   *
   * @param giveBack runs once, when the last one who owns the chunk has released it, on that
   *     thread; must not throw
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static Chunk lent(byte[] bytes, int offset, int length, Runnable giveBack) {
    requireNonNull(bytes, "bytes");
    checkFromIndexSize(offset, length, bytes.length);
    return new Chunk(bytes, offset, length, new Loan(giveBack));
  }

  /** Has the chunk released once more than otherwise. Returns it. */
  public Chunk retain() {
    if (loan != null) {
      loan.retain();
    }
    return this;
  }

  /**
   * Says that one who owned the chunk needs it no more.
   *
   * @throws IllegalStateException if everybody has said so
   */
  public void release() {
    if (loan != null) {
      loan.release();
    }
  }

  /** A copy of what remains in a buffer, which is consumed. */
  public static Chunk copyOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return of(bytes);
  }

  /** A text in UTF-8. */
  public static Chunk utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** One chunk with a copy of the bytes of several, in their order. */
  public static Chunk join(List<Chunk> chunks) {
    if (chunks.size() == 1) {
      return chunks.get(0);
    }
    int total = 0;
    for (Chunk chunk : chunks) {
      total = Math.addExact(total, chunk.size);
    }
    byte[] all = new byte[total];
    int end = 0;
    for (Chunk chunk : chunks) {
      System.arraycopy(chunk.bytes, chunk.offset, all, end, chunk.size);
      end += chunk.size;
    }
    return of(all);
  }

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return size == 0;
  }

  /**
   * One byte.
   *
   * @throws IndexOutOfBoundsException if {@code index} is not in 0..size-1
   */
  public byte at(int index) {
    return bytes[offset + checkIndex(index, size)];
  }

  /**
   * The bytes from {@code from} up to, and not with, {@code to}; shared, not copied. This and the
   * slice are to be released both.
   *
   * @throws IndexOutOfBoundsException if there are no such bytes
   */
  public Chunk slice(int from, int to) {
    checkFromToIndex(from, to, size);
    if (to - from == size) {
      return retain();
    }
    if (to == from) {
      return EMPTY;
    }
    retain();
    return new Chunk(bytes, offset + from, to - from, loan);
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return Arrays.copyOfRange(bytes, offset, offset + size);
  }

  /** Puts the bytes into a buffer, which must have room for them. */
  public void copyTo(ByteBuffer target) {
    target.put(bytes, offset, size);
  }

  /**
   * Puts the bytes into an array.
   *
   * @throws IndexOutOfBoundsException if it has no room for them from {@code from} on
   */
  public void copyTo(byte[] target, int from) {
    System.arraycopy(bytes, offset, target, from, size);
  }

  /** A new read-only buffer with the bytes, shared, between its position and its limit. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes, offset, size).slice().asReadOnlyBuffer();
  }

  /** The bytes as text; what is not UTF-8 becomes U+FFFD. */
  public String utf8() {
    return new String(bytes, offset, size, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chunk chunk
        && Arrays.equals(
            bytes, offset, offset + size, chunk.bytes, chunk.offset, chunk.offset + chunk.size);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + size; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /** The size and, of a short chunk, the bytes in hexadecimal; for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Chunk[").append(size).append(" bytes");
    if (size > 0 && size <= BYTES_SHOWN) {
      text.append(':');
      for (int i = offset; i < offset + size; i++) {
        text.append(String.format(" %02x", bytes[i]));
      }
    }
    return text.append(']').toString();
  }
}
