package io.libprocess.net.nio;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A pool of buffers of one size for bytes on their way to and from the system. A buffer is borrowed
 * for one call, so there are rarely more in use than running threads. No thread waits: an empty
 * pool allocates, and a full one leaves returned buffers to the garbage collector.
 *
 * <p>A thread first looks in the slot where it put its last buffer, so threads seldom contend.
 */
public final class BufferPool {

  /** The most bytes that one write hands to the system. */
  static final int BUFFER_SIZE = 64 * 1024;

  private static final int PROBES = 8;

  private final int bufferSize;
  private final boolean direct;
  private final AtomicReferenceArray<ByteBuffer> slots; // A power of two.

  /** Makes a pool that keeps at least {@code capacity} direct buffers of {@link #BUFFER_SIZE}. */
  public BufferPool(int capacity) {
    this(capacity, BUFFER_SIZE, true);
  }

  /** Makes a pool that keeps at least {@code capacity} buffers. */
  public BufferPool(int capacity, int bufferSize, boolean direct) {
    this.bufferSize = bufferSize;
    this.direct = direct;
    int size = Integer.highestOneBit(Math.max(PROBES, capacity) * 2 - 1);
    slots = new AtomicReferenceArray<>(size);
  }

  /** The number of bytes in each buffer. */
  public int bufferSize() {
    return bufferSize;
  }

  /** Borrows an empty buffer. */
  public ByteBuffer borrow() {
    int home = home();
    for (int i = 0; i < PROBES; i++) {
      int slot = home + i & slots.length() - 1;
      ByteBuffer buffer = slots.getPlain(slot);
      if (buffer != null && slots.compareAndSet(slot, buffer, null)) {
        return buffer.clear();
      }
    }
    return direct ? ByteBuffer.allocateDirect(bufferSize) : ByteBuffer.allocate(bufferSize);
  }

  /** Takes back a buffer that {@link #borrow} gave. */
  public void giveBack(ByteBuffer buffer) {
    int home = home();
    for (int i = 0; i < PROBES; i++) {
      int slot = home + i & slots.length() - 1;
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, buffer)) {
        return;
      }
    }
  }

  private static int home() {
    long id = Thread.currentThread().getId();
    return (int) (id * 0x9E3779B97F4A7C15L >>> 32); // Neighbouring numbers land far apart.
  }
}
