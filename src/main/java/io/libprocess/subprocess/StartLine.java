package io.libprocess.subprocess;

import io.libprocess.internal.scheduler.BlockingExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Lets a few children be started at a time, each on the executor of its command. An executor of
 * this library has a thread for each task, and many starts at once would leave many threads; what
 * else it does for children is short, and comes bit by bit. A place is taken only as long as the
 * start itself takes, so code of users that blocks behind it holds up no other start.
 */
final class StartLine {

  private static final StartLine SHARED =
      new StartLine(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));

  private record Waiting(Executor threads, Runnable start, Consumer<Throwable> refused) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int places;

  StartLine(int places) {
    this.places = places;
  }

  /**
   * Whether starts on an executor take places. Other executors may drop a task without a word, and
   * its place would be lost; to open a file, such as a FIFO, may take until another child is there.
   */
  static boolean isFor(Executor threads, Stdio... ends) {
    return threads instanceof BlockingExecutor
        && Stream.of(ends).noneMatch(end -> end.file().isPresent());
  }

  static StartLine shared() {
    return SHARED;
  }

  /**
   * Runs a start on an executor, now or when a place is free. It must give its place back by {@link
   * #leave}.
   *
   * @param refused is called if the executor does not take it
   */
  void enter(Executor threads, Runnable start, Consumer<Throwable> refused) {
    enter(new Waiting(threads, start, refused));
  }

  private void enter(Waiting next) {
    synchronized (this) {
      if (places == 0) {
        waiting.add(next);
        return;
      }
      places--;
    }
    if (!begin(next)) {
      leave();
    }
  }

  /** Gives the place of a start back. */
  void leave() {
    for (; ; ) {
      Waiting next;
      synchronized (this) {
        next = waiting.poll();
        if (next == null) {
          places++;
          return;
        }
      }
      if (begin(next)) {
        return;
      }
    }
  }

  private boolean begin(Waiting next) {
    try {
      next.threads.execute(next.start);
      return true;
    } catch (Throwable thrown) { // Memory may be short as well, and no place must be lost.
      next.refused.accept(thrown);
      return false;
    }
  }
}
