package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Direct buffers of 64 KiB that are used again, because the system would copy bytes of the heap
 * once more, and because it takes long to make them. It keeps a limited number of those that are
 * free. If none is free a new one is made, so nobody waits; if too many are, one is left to the
 * garbage collector. All methods may be called from any thread; the lock guards the list.
 *
 * <p>What was borrowed is counted, and, while {@linkplain #track tracked}, remembered with where
 * that was: a test can tell whether all of it was released.
 */
public final class ChunkPool {

  /** Bytes in each buffer. */
  public static final int SIZE = 64 << 10;

  private static final long MOST_KEPT = 256;
  private static final int PART_OF_MEMORY = 16; // One of so many is kept at most.

  private static final ChunkPool SHARED =
      new ChunkPool(
          (int) Math.min(MOST_KEPT, Runtime.getRuntime().maxMemory() / PART_OF_MEMORY / SIZE));

  private final int most;
  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>(); // The last one is used first.
  private final AtomicLong open = new AtomicLong();
  private volatile ConcurrentHashMap<Borrowed, Throwable> tracked; // Null if nobody looks.

  /** A pool that keeps a number of free buffers. */
  ChunkPool(int most) {
    this.most = most;
  }

  /** The pool of the JVM. */
  public static ChunkPool shared() {
    return SHARED;
  }

  /** A buffer that was borrowed; given back once, as the memory of a chunk or unused. */
  public final class Borrowed {

    private final ByteBuffer buffer;

    private Borrowed(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    /** The buffer, empty at first. */
    public ByteBuffer buffer() {
      return buffer;
    }

    /** A chunk of what was put into the buffer, which is given back when that is released. */
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

  /** An empty buffer, of which nothing is known to others. */
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

  /** How many buffers were borrowed and not given back. */
  public long open() {
    return open.get();
  }

  /** How many buffers are kept. */
  int kept() {
    synchronized (free) {
      return free.size();
    }
  }

  /** Remembers from now on where buffers were borrowed, for tests: it is slow. */
  public void track() {
    if (tracked == null) {
      tracked = new ConcurrentHashMap<>();
    }
  }

  /** Looks no longer. */
  public void forget() {
    tracked = null;
  }

  /** Where those buffers were borrowed that are not given back, since {@link #track}. */
  public Collection<Throwable> openSince() {
    ConcurrentHashMap<Borrowed, Throwable> watched = tracked;
    return watched == null ? List.of() : List.copyOf(watched.values());
  }
}
