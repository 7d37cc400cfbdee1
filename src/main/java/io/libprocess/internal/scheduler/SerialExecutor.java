package io.libprocess.internal.scheduler;

import io.libprocess.internal.ContextSlot;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A piece of work that is done on request by the requesting thread, and never by two threads at
 * once: a request made while the work is being done is left to the working thread, which then does
 * the work once more. So state that only the work touches needs no lock, no thread waits, and the
 * work may request itself.
 *
 * <p>A thread that requests the work while it polls for I/O does not do it there, because the work
 * runs user code: it does so in a task, after the poll, when another thread can poll meanwhile.
 *
 * <p>{@code asked} counts the requests that have not been handled. The thread that raises it from
 * zero works; after each round it subtracts the count that it had read before the round, so that a
 * request in between leads to another round. Actions of a thread before its request happen-before
 * the round that handles it.
 */
public abstract class SerialExecutor {

  private static final AtomicIntegerFieldUpdater<SerialExecutor> ASKED =
      AtomicIntegerFieldUpdater.newUpdater(SerialExecutor.class, "asked");

  private final Runnable begin = this::begin;
  private final Task task = new Work();
  private volatile int asked;

  /** Does the work, and reports its failures: an exception is dropped. */
  protected abstract void work();

  /** Requests the work; it is done after this call began, by any thread. */
  public final void ask() {
    if (ASKED.getAndIncrement(this) == 0) {
      begin();
    }
  }

  /**
   * Requests the work for when the current thread has served its event, or for now if it serves
   * none: many requests during one event are handled in one round.
   */
  public final void askAtEnd() {
    if (ASKED.getAndIncrement(this) == 0) {
      RunLoop.atEnd(begin);
    }
  }

  /** Whether the caller must now work, and so has to call {@link #begin}. */
  public final boolean tryEnter() {
    return ASKED.compareAndSet(this, 0, 1);
  }

  /** Works now, or in a task if this thread polls. */
  public final void begin() {
    if (RunLoop.isInsidePoll()) {
      RunLoop.current().scheduler().ready(task);
    } else {
      run();
    }
  }

  /** The work as a task, for the thread that raised {@code asked} from zero. */
  private final class Work extends Task {
    private static final long serialVersionUID = 1L;

    @Override
    protected void run(RunLoop loop) {
      SerialExecutor.this.run();
      loop.eventServed();
    }

    @Override
    protected void dropped() {
      // The steps at the end of the connection must be taken nevertheless.
      SerialExecutor.this.run();
    }
  }

  /** The work is the library's own: it runs in no context, whoever asks for it. */
  private void run() {
    if (!ContextSlot.isUsed()) {
      rounds();
      return;
    }
    Object outer = ContextSlot.enter(null);
    try {
      rounds();
    } finally {
      ContextSlot.exit(outer);
    }
  }

  private void rounds() {
    assert !RunLoop.isInsidePoll() : "code of users would run while this thread polls";
    int seen = 1;
    do {
      try {
        work();
      } catch (Throwable lost) {
        // The working thread must come to the end of this loop: no other one works meanwhile.
      }
      seen = ASKED.addAndGet(this, -seen);
    } while (seen != 0);
  }
}
