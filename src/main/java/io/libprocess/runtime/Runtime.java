package io.libprocess.runtime;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The services that a node, a client or a server runs on: a scheduler for tasks, a clock, a
 * transport for bytes, and a source of secrets. Thread-safe.
 */
public final class Runtime implements AutoCloseable {

  private final Scheduler scheduler;
  private final Clock clock;
  private final Transport transport;
  private final LongSupplier secrets;
  private volatile RandomGenerator random; // Null until it is first needed.
  private boolean closed; // Guarded by the monitor of this.

  /**
   * Makes a runtime of its parts.
   *
   * @param scheduler runs all tasks; closed with the runtime
   * @param clock measures limits of time; not closed with the runtime
   * @param transport makes connections whose work runs on the scheduler; closed with the runtime
   * @param secrets returns numbers that cannot be guessed, on any thread
   */
  public Runtime(Scheduler scheduler, Clock clock, Transport transport, LongSupplier secrets) {
    this.scheduler = requireNonNull(scheduler, "scheduler");
    this.clock = requireNonNull(clock, "clock");
    this.transport = requireNonNull(transport, "transport");
    this.secrets = requireNonNull(secrets, "secrets");
  }

  /** The scheduler of tasks. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** The clock. */
  public Clock clock() {
    return clock;
  }

  /** The transport, which makes connections. */
  public Transport transport() {
    return transport;
  }

  /** The source of numbers that cannot be guessed. */
  public LongSupplier secrets() {
    return secrets;
  }

  /** The random numbers of this runtime, for any thread; not for secrets. */
  public RandomGenerator random() {
    RandomGenerator known = random;
    if (known == null) {
      synchronized (secrets) {
        known = random == null ? new SharedRandom(secrets.getAsLong()) : random;
        random = known;
      }
    }
    return known;
  }

  /** The executor for the library's own work that may block: files, names, TLS handshakes. */
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
          "a runtime cannot be closed on one of its own threads: "
              + Thread.currentThread().getName());
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
