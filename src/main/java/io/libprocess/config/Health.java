package io.libprocess.config;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Future;
import io.libprocess.internal.Ordered;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a node can be sent requests: what {@code /health} answers. It is up while all checks say
 * so, and nobody {@linkplain #drain drains} it; {@link io.libprocess.Node#close} does. All methods
 * may be called from any thread.
 *
 * <pre>{@code
 * Health health = new Health().check("database", () -> Async.async(() -> connection.isValid(1)));
 * Node.start(Config.builder().health(health).drainDelay(Duration.ofSeconds(5)).build());
 * }</pre>
 */
public final class Health {

  private final Map<String, CheckedSupplier<Future<Boolean>>> checks = // Guarded by this.
      new LinkedHashMap<>();
  private volatile boolean draining;

  /** Up, without checks. */
  public Health() {}

  /**
   * Asks a check each time when the health is asked for, in place of that with the same name.
   *
   * @param check called on a runtime thread, must not block. False, a failure, an exception, and no
   *     answer within five seconds mean that the node is down
   */
  public Health check(String name, CheckedSupplier<Future<Boolean>> check) {
    requireNonNull(name, "name");
    requireNonNull(check, "check");
    synchronized (this) {
      checks.put(name, check);
    }
    return this;
  }

  /** Asks a check no longer. */
  public synchronized void remove(String name) {
    checks.remove(requireNonNull(name, "name"));
  }

  /** Says that no more requests should be sent here; those that come are answered. */
  public void drain() {
    draining = true;
  }

  /** Takes {@link #drain} back. */
  public void resume() {
    draining = false;
  }

  /** Whether no more requests should be sent here. */
  public boolean isDraining() {
    return draining;
  }

  /** The checks by their names, in the order in which they were added. */
  public synchronized Map<String, CheckedSupplier<Future<Boolean>>> checks() {
    return Ordered.copyOf(checks);
  }
}
