package io.libprocess.stream;

import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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

  private final byte[] bytes; // Null if they are somewhere else.
  private final ByteBuffer buffer; // Holds them from its index 0 on; null if it does not.
  private final FileRegion region; // Holds them; null if it does not.
  private final int offset;
  private final int size;
  private final Loan loan; // Null if the bytes are never used again.

  private Chunk(byte[] bytes, int offset, int size, Loan loan) {
    this(bytes, null, null, offset, size, loan);
  }

  private Chunk(
      byte[] bytes, ByteBuffer buffer, FileRegion region, int offset, int size, Loan loan) {
    this.bytes = bytes;
    this.buffer = buffer;
    this.region = region;
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

  /**
   * A chunk of what remains in a buffer that will be used for something else; the buffer's position
   * does not matter afterwards.
   *
   * @param giveBack as in {@link #lent(byte[], int, int, Runnable)}
   */
  public static Chunk lent(ByteBuffer buffer, Runnable giveBack) {
    Loan loan = new Loan(giveBack);
    if (buffer.hasArray()) {
      int start = buffer.arrayOffset() + buffer.position();
      return new Chunk(buffer.array(), start, buffer.remaining(), loan);
    }
    return new Chunk(null, buffer.slice(), null, 0, buffer.remaining(), loan);
  }

  /**
   * A chunk of bytes that are in a file, which must not change. Its methods that look at the bytes
   * read them, and so block; an {@code UncheckedIOException} says that this failed.
   *
   * @param close runs once, when the last one who owns the chunk has released it, on that thread;
   *     must not throw
   */
  public static Chunk of(FileRegion region, Runnable close) {
    return new Chunk(null, null, region, 0, region.count(), new Loan(close));
  }

  /** The part of a file that holds the bytes, if one does. */
  public Optional<FileRegion> region() {
    return region == null ? Optional.empty() : Optional.of(region.part(offset, size));
  }

  /** Whether the bytes may be used for something else once the chunk is released. */
  public boolean isLent() {
    return loan != null;
  }

  /**
   * This chunk if nobody will ever use its bytes again, otherwise a copy that is so, in the place
   * of this one, which is released. For those who get a chunk and cannot say when they are done.
   */
  public Chunk detached() {
    if (loan == null) {
      return this;
    }
    try {
      return of(toArray());
    } finally {
      release();
    }
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
      chunk.copyTo(all, end);
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
    checkIndex(index, size);
    return bytes != null ? bytes[offset + index] : view().get(index);
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
    return new Chunk(bytes, buffer, region, offset + from, to - from, loan);
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    if (bytes != null) {
      return Arrays.copyOfRange(bytes, offset, offset + size);
    }
    byte[] copy = new byte[size];
    view().get(copy);
    return copy;
  }

  /** Puts the bytes into a buffer, which must have room for them. */
  public void copyTo(ByteBuffer target) {
    if (bytes != null) {
      target.put(bytes, offset, size);
    } else {
      target.put(view());
    }
  }

  /**
   * Puts the bytes into an array.
   *
   * @throws IndexOutOfBoundsException if it has no room for them from {@code from} on
   */
  public void copyTo(byte[] target, int from) {
    if (bytes != null) {
      System.arraycopy(bytes, offset, target, from, size);
    } else {
      checkFromIndexSize(from, size, target.length);
      view().get(target, from, size);
    }
  }

  /** A new read-only buffer with the bytes, shared, between its position and its limit. */
  public ByteBuffer asByteBuffer() {
    return view().asReadOnlyBuffer();
  }

  /** A buffer from 0 to the size, which nobody may write to. */
  private ByteBuffer view() {
    if (bytes != null) {
      return ByteBuffer.wrap(bytes, offset, size).slice();
    }
    return buffer != null ? buffer.slice(offset, size) : region.part(offset, size).read();
  }

  /** The bytes as text; what is not UTF-8 becomes U+FFFD. */
  public String utf8() {
    return bytes != null
        ? new String(bytes, offset, size, StandardCharsets.UTF_8)
        : new String(toArray(), StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Chunk chunk && size == chunk.size && hasBytesOf(chunk);
  }

  private boolean hasBytesOf(Chunk other) {
    return bytes != null && other.bytes != null
        ? Arrays.equals(
            bytes, offset, offset + size, other.bytes, other.offset, other.offset + size)
        : view().equals(other.view());
  }

  @Override
  public int hashCode() {
    ByteBuffer view = view();
    int hash = 1;
    for (int i = 0; i < size; i++) {
      hash = 31 * hash + view.get(i);
    }
    return hash;
  }

  /** The size and, of a short chunk, the bytes in hexadecimal; for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Chunk[").append(size).append(" bytes");
    if (size > 0 && size <= BYTES_SHOWN && region == null) {
      ByteBuffer view = view();
      text.append(':');
      for (int i = 0; i < size; i++) {
        text.append(String.format(" %02x", view.get(i)));
      }
    }
    return text.append(']').toString();
  }
}
