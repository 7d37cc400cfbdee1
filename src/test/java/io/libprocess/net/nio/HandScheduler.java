package io.libprocess.net.nio;

import io.libprocess.internal.scheduler.PollingScheduler;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;

/** A scheduler without threads: its test runs what is ready, and polls, on its own thread. */
final class HandScheduler implements PollingScheduler {

  /** What is to be polled, in the order in which it was asked for. */
  final List<Polled> polled = new ArrayList<>();

  /** How often it was asked that another thread polls. */
  int takeOvers;

  /** Whether the test's thread plays one of the runtime, which must not wait. */
  boolean isRuntime;

  private final Object clock;
  private final Queue<Runnable> due = new ArrayDeque<>();

  HandScheduler(Object clock) {
    this.clock = clock;
  }

  /** A source, which the test polls. */
  final class Polled implements Polling {

    private final Source source;
    private boolean inside;

    private Polled(Source source) {
      this.source = source;
    }

    boolean poll() {
      inside = true;
      try {
        return source.poll();
      } finally {
        inside = false;
      }
    }

    @Override
    public boolean isPolling() {
      return inside;
    }

    @Override
    public void takeOver() {
      takeOvers++;
    }
  }

  void runAll() {
    for (Runnable next = due.poll(); next != null; next = due.poll()) {
      next.run();
    }
  }

  @Override
  public Polling poll(Source source) {
    Polled made = new Polled(source);
    polled.add(made);
    return made;
  }

  @Override
  public RunLoop current() {
    return isRuntime ? new RunLoop(this, clock) : null;
  }

  @Override
  public void ready(Task task) {
    due.add(() -> new RunLoop(this, clock).step(task, true));
  }

  @Override
  public void yield(Task task) {
    ready(task);
  }

  @Override
  public void atEnd(Runnable flush) {
    due.add(flush);
  }

  @Override
  public Executor blocking() {
    return due::add;
  }

  @Override
  public Executor internalBlocking() {
    return due::add;
  }

  @Override
  public int workers() {
    return 1;
  }

  @Override
  public long progress() {
    return 0;
  }

  @Override
  public boolean isClosed() {
    return false;
  }

  @Override
  public void close() {}
}
