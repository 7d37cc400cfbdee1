package io.libprocess.sync;

import io.libprocess.internal.StackReserve;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to hold one or more places of a lock or semaphore until it is closed. Closing it a
 * second time does nothing, so every path of the code that holds it may close it. Any thread may do
 * so.
 */
public final class Permit implements AutoCloseable {

  private final PermitQueue permits;
  private final long size;
  private final AtomicBoolean closed = new AtomicBoolean();

  Permit(PermitQueue permits, long size) {
    this.permits = permits;
    this.size = size;
  }

  /** Gives the right back. The longest waiter gets it, inside this call. */
  @Override
  public void close() {
    StackReserve.checkForOperation();
    release();
  }

  /** Like {@link #close}, for callers where that must not fail. */
  void release() {
    if (closed.compareAndSet(false, true)) {
      permits.giveBack(size);
    }
  }
}
