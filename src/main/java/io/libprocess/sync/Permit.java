package io.libprocess.sync;

import io.libprocess.internal.StackReserve;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to be where only few may be, until it is closed. Closing it a second time does nothing,
 * so every path of the code that holds it may close it. Any thread may do so.
 */
public final class Permit implements AutoCloseable {

  private final PermitQueue permits;
  private final long size;
  private final AtomicBoolean closed = new AtomicBoolean();

  Permit(PermitQueue permits, long size) {
    this.permits = permits;
    this.size = size;
  }

  /** Gives the right back. Whoever waited longest for it gets it, inside this call. */
  @Override
  public void close() {
    StackReserve.checkForOperation();
    release();
  }

  /** Does the same as {@link #close}, where that must not fail. */
  void release() {
    if (closed.compareAndSet(false, true)) {
      permits.giveBack(size);
    }
  }
}
