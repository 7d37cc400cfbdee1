package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A pool of direct buffers of 64 KiB, which are reused because the system would copy heap memory
 * once more, and because making them is slow. It keeps a limited number of free ones. If none is
 * free a new one is made, so no thread waits; if too many are free, one is left to the garbage
 * collector. All methods may be called from any thread; the lock guards the list.
 *
 * <p>Borrowed buffers are counted and, while {@linkplain #track tracked}, recorded with the place
 * of borrowing: a test can check whether all have been released.
 */
public final class ChunkPool {

  /** The number of bytes in each buffer. */
  public static final int SIZE = 64 << 10;

  private static final long MOST_KEPT = 256;
  // At most one buffer per this part of memory is kept.
  private static final int PART_OF_MEMORY = 16;

  private static final ChunkPool SHARED =
      new ChunkPool(
          (int) Math.min(MOST_KEPT, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY / SIZE));

  private final int most;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(); // The last one is used first.
  private final AtomicLong open = new AtomicLong();
  private volatile ConcurrentHashMap<Borrowed, Throwable> tracked; // Null if not tracked.

  /** Makes a pool that keeps up to a number of free buffers. */
  ChunkPool(int most) {
    this.most = most;
  }

  /** The pool of the JVM. */
  public static ChunkPool shared() {
    return SHARED;
  }

  /** A borrowed buffer; given back once, as the memory of a chunk or unused. */
  public final class Borrowed {

    private final ByteBuffer buffer;

    private Borrowed(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    /** The buffer, empty at first. */
    public ByteBuffer buffer() {
      return buffer;
    }

    /** A chunk of the bytes put into the buffer, which is given back when the chunk is released. */
    public Chunk chunk() {
      buffer.flip();
      if (!buffer.hasRemaining()) {
        giveBack();
        return Chunk.empty();
      }
      return Chunk.lent(buffer, this::giveBack);
    }

    /** Gives the buffer back. */
    public void giveBack() {
      ConcurrentHashMap<Borrowed, Throwable> watched = tracked;
      if (watched != null) {
        watched.remove(this);
      }
      open.decrementAndGet();
      buffer.clear();
      synchronized (free) {
        if (free.size() < most) {
          free.addLast(buffer);
        }
      }
    }
  }

  /** Borrows an empty buffer, which is not shared. */
  public Borrowed borrow() {
    ByteBuffer buffer;
    synchronized (free) {
      buffer = free.pollLast();
    }
    Borrowed borrowed = new Borrowed(buffer != null ? buffer : ByteBuffer.allocateDirect(SIZE));
    open.incrementAndGet();
    ConcurrentHashMap<Borrowed, Throwable> watched = tracked;
    if (watched != null) {
      watched.put(borrowed, new Throwable("borrowed here"));
    }
    return borrowed;
  }

  /** The number of buffers that were borrowed and not given back. */
  public long open() {
    return open.get();
  }

  /** The number of free buffers that are kept. */
  int kept() {
    synchronized (free) {
      return free.size();
    }
  }

  /** Records from now on where buffers are borrowed, for tests: it is slow. */
  public void track() {
    if (tracked == null) {
      tracked = new ConcurrentHashMap<>();
    }
  }

  /** Stops recording. */
  public void forget() {
    tracked = null;
  }

  /** The places where unreturned buffers were borrowed since {@link #track}. */
  public Collection<Throwable> openSince() {
    ConcurrentHashMap<Borrowed, Throwable> watched = tracked;
    return watched == null ? List.of() : List.copyOf(watched.values());
  }
}
