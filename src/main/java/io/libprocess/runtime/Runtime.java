package io.libprocess.runtime;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What a node, a client or a server runs on: it runs tasks, tells the time, moves bytes, and draws
 * numbers that nobody can guess. For any thread.
 */
public final class Runtime implements AutoCloseable {

  private final Scheduler scheduler;
  private final Clock clock;
  private final Transport transport;
  private final LongSupplier secrets;
  private boolean closed; // Guarded by this.

  /**
   * Puts a runtime together.
   *
   * @param scheduler runs all tasks; closed with the runtime
   * @param clock by which limits are kept; not closed with the runtime
   * @param transport makes connections whose work runs on the scheduler; closed with the runtime
   * @param secrets gives numbers that others cannot guess, on any thread
   */
  public Runtime(Scheduler scheduler, Clock clock, Transport transport, LongSupplier secrets) {
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.clock = requireNonNull(clock, "clock");
    this.transport = requireNonNull(transport, "transport");
    this.secrets = requireNonNull(secrets, "secrets");
  }

  /** Runs tasks. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Tells the time. */
  public Clock clock() {
    return clock;
  }

  /** Makes connections. */
  public Transport transport() {
    return transport;
  }

  /** Gives numbers that others cannot guess. */
  public LongSupplier secrets() {
    return secrets;
  }

  /** Runs the library's own work that may block: files, names, TLS handshakes. */
  public Executor internalBlocking() {
    return scheduler.internalBlocking();
  }

  /**
   * Closes all connections and ends the threads. Idempotent.
   *
   * @throws IllegalStateException if called on one of the threads
   */
  @Override
  public synchronized void close() {
    if (scheduler.current() != null) {
      throw new IllegalStateException(
          "not to be closed on one of its own threads: " + Thread.currentThread().getName());
    }
    if (!closed) {
      closed = true;
      try {
        transport.close();
      } finally {
        scheduler.close();
      }
    }
  }
}
