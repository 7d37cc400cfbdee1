package io.libprocess.internal;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Work that is done whenever somebody asks, by the thread that asks, and never by two threads at
 * once: who asks while it is being done leaves it to the thread that does it, which then does it
 * once more. So everything that the work touches needs no lock, nobody waits, and the work may ask
 * for itself.
 *
 * <p>{@code asked} counts the calls whose wishes have not been looked after. Who raises it from
 * zero works; after each round it takes off what it had seen before the round, so that a call in
 * between leads to another round. What a thread did before it asked happens-before the round that
 * looks after it.
 */
public abstract class SerialExecutor {

  private static final AtomicIntegerFieldUpdater<SerialExecutor> ASKED =
      AtomicIntegerFieldUpdater.newUpdater(SerialExecutor.class, "asked");

  private final Runnable run = this::run;
  private volatile int asked;

  /** Does the work; must not throw. */
  protected abstract void work();

  /** Has the work done, after this call began and by whatever thread. */
  public final void ask() {
    if (ASKED.getAndIncrement(this) == 0) {
      run();
    }
  }

  /**
   * Has the work done at the end of the current thread's turn, or now outside a turn: many that ask
   * in one turn are looked after in one round.
   */
  public final void askAtEnd() {
    if (ASKED.getAndIncrement(this) == 0) {
      RunLoop.atEnd(run);
    }
  }

  /** Whether the caller is now the one who works, and so has to call {@link #run}. */
  public final boolean tryEnter() {
    return ASKED.compareAndSet(this, 0, 1);
  }

  public final void run() {
    int seen = 1;
    do {
      work();
      seen = ASKED.addAndGet(this, -seen);
    } while (seen != 0);
  }
}
