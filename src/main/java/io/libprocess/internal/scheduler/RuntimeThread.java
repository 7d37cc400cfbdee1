package io.libprocess.internal.scheduler;

/**
 * A thread on which a scheduler without threads, such as that of a simulation, runs tasks. The run
 * loop that it executes may change from task to task.
 */
public class RuntimeThread extends Thread {

  final NameCounters names;

  RunLoop loop;

  /** Makes a daemon thread that will run {@code body}, and is not in a run loop yet. */
  public RuntimeThread(String name, Runnable body) {
    this(null, name, body);
  }

  /**
   * Makes such a thread in a group.
   *
   * @param group null for that of the calling thread
   */
  protected RuntimeThread(ThreadGroup group, String name, Runnable body) {
    super(group, body, name, 0, false);
    names = new NameCounters();
    setDaemon(true);
  }

  /** Makes a thread that counts names as another one does, in whose place it runs at times. */
  protected RuntimeThread(String name, Runnable body, RuntimeThread other) {
    super(null, body, name, 0, false);
    names = other.names;
    setDaemon(true);
  }

  /**
   * Enters another run loop. Called on this thread, between two tasks.
   *
   * @param loop the loop, or null for none
   */
  public final void enter(RunLoop loop) {
    enter(loop, null);
  }

  /**
   * Enters another run loop, or none, in which case this thread has a clock of its own. Called on
   * this thread, between two tasks.
   *
   * @param clock for {@link ThreadContext#bindClock} while the thread is in no loop
   */
  public final void enter(RunLoop loop, Object clock) {
    this.loop = loop;
    ThreadContext.bindClock(loop == null ? clock : loop.clock());
    if (loop != null) {
      loop.thread = this;
    }
  }
}
