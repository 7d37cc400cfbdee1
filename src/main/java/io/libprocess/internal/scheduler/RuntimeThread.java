package io.libprocess.internal.scheduler;

/**
 * A thread on which a scheduler that is not made of threads of its own, such as one that simulates,
 * runs tasks. Whose run loop it executes may change from task to task.
 */
public class RuntimeThread extends Thread {

  final NameCounters names = new NameCounters();

  RunLoop loop;

  /** Makes a daemon thread that will run {@code body}, and is in no run loop yet. */
  public RuntimeThread(String name, Runnable body) {
    super(null, body, name, 0, false);
    setDaemon(true);
  }

  /**
   * Executes another run loop from now on. Called on this thread, between two tasks.
   *
   * @param loop null for none
   */
  public final void enter(RunLoop loop) {
    this.loop = loop;
    ThreadContext.bindClock(loop == null ? null : loop.clock());
    if (loop != null) {
      loop.thread = this;
    }
  }
}
