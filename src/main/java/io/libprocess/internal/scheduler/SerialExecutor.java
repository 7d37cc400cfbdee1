package io.libprocess.internal.scheduler;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Work that is done whenever somebody asks, by the thread that asks, and never by two threads at
 * once: a thread that asks while it is being done leaves it to the thread that does it, which then
 * does it once more. So everything that the work touches needs no lock, nobody waits, and the work
 * may ask for itself.
 *
 * <p>A thread that asks while it polls for I/O does not work there, because the work runs code of
 * users: it does so as a task, when it has polled, where another thread can poll meanwhile.
 *
 * <p>{@code asked} counts the calls whose wishes have not been looked after. The thread that raises
 * it from zero works; after each round it takes off what it had seen before the round, so that a
 * call in between leads to another round. What a thread did before it asked happens-before the
 * round that looks after it.
 */
public abstract class SerialExecutor {

  private static final AtomicIntegerFieldUpdater<SerialExecutor> ASKED =
      AtomicIntegerFieldUpdater.newUpdater(SerialExecutor.class, "asked");

  private final Runnable run = this::run;
  private final Task task = new Work();
  private volatile int asked;

  /** Does the work, and reports what goes wrong with it: what is thrown is dropped. */
  protected abstract void work();

  /** Has the work done, after this call began and by whatever thread. */
  public final void ask() {
    if (ASKED.getAndIncrement(this) == 0) {
      begin();
    }
  }

  /**
   * Has the work done when the current thread has served its event, or now if it serves none: many
   * that ask during one event are looked after in one round.
   */
  public final void askAtEnd() {
    if (ASKED.getAndIncrement(this) == 0) {
      RunLoop.atEnd(run);
    }
  }

  /** Whether the caller is now the one who works, and so has to call {@link #begin}. */
  public final boolean tryEnter() {
    return ASKED.compareAndSet(this, 0, 1);
  }

  /** Works now, or as a task if this thread polls. */
  public final void begin() {
    if (RunLoop.isInsidePoll()) {
      RunLoop.current().scheduler().ready(task);
    } else {
      run();
    }
  }

  /** The work as a task: of whoever raised {@code asked} from zero. */
  private final class Work extends Task {
    private static final long serialVersionUID = 1L;

    @Override
    protected void run(RunLoop loop) {
      SerialExecutor.this.run();
      loop.eventServed();
    }

    @Override
    protected void dropped() {
      SerialExecutor.this.run(); // What the end of the connection means is to be done all the same.
    }
  }

  private void run() {
    assert !RunLoop.isInsidePoll() : "code of users would run while this thread polls";
    int seen = 1;
    do {
      try {
        work();
      } catch (Throwable lost) {
        // The thread that works must come to the end of this loop: no other one works meanwhile.
      }
      seen = ASKED.addAndGet(this, -seen);
    } while (seen != 0);
  }
}
