package io.libprocess.runtime;

import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ForkJoinScheduler;
import io.libprocess.internal.scheduler.PollingScheduler;
import io.libprocess.internal.scheduler.SchedulerListener;
import io.libprocess.internal.scheduler.WaitsForTasks;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.NioTransport;
import io.libprocess.time.Clock;
import java.time.Duration;

/** Makes the default runtimes. Thread-safe. */
public final class DefaultRuntime {

  private static final Duration STALL_THRESHOLD = Duration.ofSeconds(1);

  private DefaultRuntime() {}

  /**
   * The settings of a runtime's threads.
   *
   * @param name the beginning of their names
   * @param workers how many tasks may run at once
   * @param virtualThreads whether the user's blocking calls run on virtual threads
   * @param ioThreads how many event loops share the connections
   * @param stallThreshold how long one event may take
   * @param listener receives reports of events that take longer, and other observations of the
   *     threads
   */
  public record Threads(
      String name,
      int workers,
      boolean virtualThreads,
      int ioThreads,
      Duration stallThreshold,
      SchedulerListener listener) {}

  /** Makes the transport of a scheduler; replaced in tests. */
  @FunctionalInterface
  interface TransportSource {
    Transport transport(PollingScheduler scheduler, int ioThreads, MemoryBudget memory);
  }

  /** The default clock. */
  public static Clock clock() {
    return Clock.system();
  }

  /**
   * Starts a runtime; if that fails, nothing of it is left.
   *
   * @param clock the clock, which is not closed with the runtime
   * @param memory the budget that memory for connections draws on
   * @throws java.io.UncheckedIOException if the network cannot be used
   * @throws IllegalStateException if called by a thread of a simulated world
   */
  public static Runtime start(Threads threads, Clock clock, MemoryBudget memory) {
    return start(threads, clock, memory, NioTransport::new);
  }

  static Runtime start(
      Threads threads, Clock clock, MemoryBudget memory, TransportSource transports) {
    if (Thread.currentThread() instanceof WaitsForTasks) {
      throw new IllegalStateException(
          "a runtime with threads and sockets cannot be started by a simulated world");
    }
    ForkJoinScheduler scheduler =
        new ForkJoinScheduler(
            threads.name(),
            threads.workers(),
            threads.virtualThreads(),
            clock,
            threads.stallThreshold(),
            threads.listener());
    try {
      scheduler.start();
      Transport transport = transports.transport(scheduler, threads.ioThreads(), memory);
      return new Runtime(scheduler, clock, transport, new Secrets());
    } catch (Throwable thrown) {
      scheduler.close();
      throw thrown;
    }
  }

  /**
   * Starts the runtime of a client or a server that has no node.
   *
   * @param name the beginning of its threads' names
   * @param workers how many threads run callbacks
   * @throws java.io.UncheckedIOException if the network cannot be used
   */
  public static Runtime startWithoutNode(String name, int workers) {
    return start(
        new Threads(
            name, workers, false, 1, STALL_THRESHOLD, (thread, context) -> reportStall(thread)),
        clock(),
        MemoryBudget.ofHeap());
  }

  /** The number of processors, which is the default number of workers. */
  public static int processors() {
    return java.lang.Runtime.getRuntime().availableProcessors();
  }

  private static void reportStall(Thread thread) {
    Log.warning(
        "A callback has been running for more than " + STALL_THRESHOLD + " on " + thread.getName());
  }
}
