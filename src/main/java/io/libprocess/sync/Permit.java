package io.libprocess.sync;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to be where only few may be, until it is closed. Closing it a second time does nothing,
 * so every path of the code that holds it may close it. Any thread may do so.
 */
public final class Permit implements AutoCloseable {

  private final PermitQueue turnstile;
  private final long size;
  private final AtomicBoolean closed = new AtomicBoolean();

  Permit(PermitQueue turnstile, long size) {
    this.turnstile = turnstile;
    this.size = size;
  }

  /** Gives the right back. Whoever waited longest for it gets it, inside this call. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      turnstile.giveBack(size);
    }
  }
}
