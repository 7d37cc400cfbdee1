package io.libprocess.internal.scheduler;

/**
 * A task that runs once, even if the scheduler is closed, since it may complete futures. Its
 * creator hands it to a scheduler.
 */
public final class OneTask extends Task {

  private static final long serialVersionUID = 1L;

  private final transient Runnable body;

  /** Makes a task that runs {@code body}. */
  public OneTask(Runnable body) {
    this.body = body;
  }

  @Override
  protected void run(RunLoop loop) {
    try {
      body.run();
    } finally {
      loop.eventServed();
    }
  }

  @Override
  protected void dropped() {
    body.run();
  }
}
