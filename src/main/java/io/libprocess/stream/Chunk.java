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
 * An immutable sequence of bytes. A slice shares the bytes of the chunk it is cut from, and so
 * keeps all of them in memory. Two chunks are equal if their bytes are equal. All methods may be
 * called from any thread.
 *
 * <p><b>Reused memory.</b> The memory of a {@linkplain #lent lent} chunk may be reused as soon as
 * all owners of the chunk have called {@link #release}. A consumer that gets a chunk from a stream
 * owns it and must release it once; {@link #retain} adds an owner, as {@link #slice} does. The
 * bytes must not be read after the release. A forgotten release only costs the memory's owner that
 * memory, until the garbage collector finds it. On all other chunks both methods do nothing.
 */
public final class Chunk {

  private static final Chunk EMPTY = new Chunk(new byte[0], 0, 0, null);
  private static final int BYTES_SHOWN = 16;

  private final byte[] bytes; // Null if the bytes are elsewhere.
  private final ByteBuffer buffer; // Holds them from its index 0 on; may be null.
  private final FileRegion region; // Holds them; may be null.
  private final int offset;
  private final int size;
  private final Loan loan; // Null if the memory is never reused.

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

  /** The chunk without bytes. */
  public static Chunk empty() {
    return EMPTY;
  }

  /**
   * A chunk of all bytes of an array. The array belongs to the chunk: it must not be written to.
   */
  public static Chunk of(byte[] bytes) {
    requireNonNull(bytes, "bytes");
    return bytes.length == 0 ? EMPTY : new Chunk(bytes, 0, bytes.length, null);
  }

  /**
   * A chunk of some bytes of an array. That part of the array belongs to the chunk: it must not be
   * written to.
   *
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static Chunk of(byte[] bytes, int offset, int length) {
    requireNonNull(bytes, "bytes");
    checkFromIndexSize(offset, length, bytes.length);
    return length == 0 ? EMPTY : new Chunk(bytes, offset, length, null);
  }

  /**
   * A chunk of some bytes of an array that will be reused.
   *
   * @param giveBack runs once, when the last owner of the chunk has released it, on the releasing
   *     thread; must not throw
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static Chunk lent(byte[] bytes, int offset, int length, Runnable giveBack) {
    requireNonNull(bytes, "bytes");
    checkFromIndexSize(offset, length, bytes.length);
    return new Chunk(bytes, offset, length, new Loan(giveBack));
  }

  /**
   * A chunk of the remaining bytes of a buffer that will be reused; the buffer's position does not
   * matter afterwards.
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
   * A chunk of bytes that are in a file, which must not change. Its methods that use the bytes read
   * the file, and so block; they throw an {@code UncheckedIOException} if that fails.
   *
   * @param close runs once, when the last owner of the chunk has released it, on the releasing
   *     thread; must not throw
   */
  public static Chunk of(FileRegion region, Runnable close) {
    return new Chunk(null, null, region, 0, region.count(), new Loan(close));
  }

  /** The part of a file that holds the bytes, if one does. */
  public Optional<FileRegion> region() {
    return region == null ? Optional.empty() : Optional.of(region.part(offset, size));
  }

  /** Whether the memory may be reused once the chunk is released. */
  public boolean isLent() {
    return loan != null;
  }

  /**
   * This chunk if its memory will never be reused; otherwise a copy with that property, and this
   * chunk is released. For consumers that cannot tell when they are done with a chunk.
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

  /** Adds an owner, so that the chunk must be released once more. Returns this chunk. */
  public Chunk retain() {
    if (loan != null) {
      loan.retain();
    }
    return this;
  }

  /**
   * Gives up one ownership of the chunk.
   *
   * @throws IllegalStateException if all owners have released it already
   */
  public void release() {
    if (loan != null) {
      loan.release();
    }
  }

  /** A copy of the remaining bytes of a buffer, which is consumed. */
  public static Chunk copyOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return of(bytes);
  }

  /** A chunk of a text in UTF-8. */
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

  /** The number of bytes. */
  public int size() {
    return size;
  }

  /** Whether there are no bytes. */
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
   * The bytes from {@code from} up to, but not including, {@code to}; shared, not copied. Both this
   * chunk and the slice must be released.
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

  /** Copies the bytes into a buffer, which must have room for them. */
  public void copyTo(ByteBuffer target) {
    if (bytes != null) {
      target.put(bytes, offset, size);
    } else {
      target.put(view());
    }
  }

  /**
   * Copies the bytes into an array.
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

  /** A buffer from 0 to the size, which must not be written to. */
  private ByteBuffer view() {
    if (bytes != null) {
      return ByteBuffer.wrap(bytes, offset, size).slice();
    }
    return buffer != null ? buffer.slice(offset, size) : region.part(offset, size).read();
  }

  /** The bytes as text; invalid UTF-8 becomes U+FFFD. */
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

  /** A description for people: the size and, for a short chunk, the bytes in hexadecimal. */
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
