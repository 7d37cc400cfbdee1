package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.remote.Remote;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The event that a cell sends itself when its process has ended; {@link ProcessCell} handles it.
 */
final class Ended extends Control {

  /** An instance for the case that no memory is left. */
  private static final AtomicReference<Ended> SPARE = new AtomicReference<>(new Ended());

  private static final long WAIT_NANOS = 1_000_000;

  /** The linkers, and how many of those on this node have been told. */
  final Remote.Ended linkers = new Remote.Ended();

  int told;
  private Exit exit;

  /** Makes the last event at any cost: it must not be missing for lack of memory. */
  static Ended of(Exit exit) {
    Ended made = null;
    while (made == null) {
      try {
        made = new Ended();
      } catch (OutOfMemoryError e) {
        made = SPARE.getAndSet(null);
        if (made == null) {
          awaitMemory();
        }
      }
    }
    made.exit = exit;
    return made;
  }

  /** Replaces the spare after it has been used. */
  static void refill() {
    if (SPARE.get() == null) {
      SPARE.compareAndSet(null, new Ended());
    }
  }

  /** Waits a little for memory. */
  static void awaitMemory() {
    LockSupport.parkNanos(WAIT_NANOS);
  }

  Exit exit() {
    return exit;
  }

  @Override
  void serve(Object process) {
    throw new AssertionError("handled by the cell");
  }
}
