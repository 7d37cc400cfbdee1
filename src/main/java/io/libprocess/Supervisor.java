package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.actor.Exits;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process that starts others, its children, and restarts each one when it ends, independently of
 * the others, as Erlang's supervisors do with the strategy {@code one_for_one}. A child is made by
 * a factory; if that gives it the same id each time, its PID keeps reaching it, except for events
 * sent while it is down.
 *
 * <p>If more than a number of restarts become necessary within a period of the node's clock,
 * something is wrong that restarting does not fix. The supervisor then ends its children and, when
 * they are gone, itself, with the reason {@link Exit.Reason#FAILED} and a {@link
 * RestartLimitException} as its cause. Processes that linked to it, such as a supervisor of
 * supervisors, are notified. A factory that throws when it should restart a child counts like a
 * child that failed at once.
 *
 * <p>A supervisor that is terminated from outside asks its children to end, and does not wait for
 * them.
 *
 * <pre>{@code
 * Supervisor supervisor = new Supervisor("storage", 3, Duration.ofSeconds(5));
 * PID<Supervisor> pid = node.spawn(supervisor);
 * Future<PID<Store>> store = pid.call(s -> s.start(() -> new Store("store")));
 * }</pre>
 *
 * <p>A subclass may start children in {@link #initialize}. The methods are for the process itself:
 * call them through a PID.
 */
public class Supervisor extends Process<Supervisor> {

  /** When a child that has ended is started again. */
  public enum Restart {
    /** It is always started again. */
    PERMANENT,
    /** It is started again if it failed; not if it was terminated. */
    TRANSIENT,
    /** It is never started again. */
    TEMPORARY
  }

  /** Makes the next process of a child and spawns it. */
  @FunctionalInterface
  private interface Starter {
    PID<?> start() throws Exception;
  }

  private record Child(PID<?> pid, Starter starter, Restart restart) {}

  private final int limit;
  private final Duration period;
  private final long periodNanos;
  private final Map<UPID, Child> children = new LinkedHashMap<>(); // By PID, oldest first.
  private final Deque<Long> restarts = new ArrayDeque<>(); // Elapsed times within the period.
  private Exception failure; // Null while the supervisor goes on.

  /** Makes a supervisor with a generated id. */
  public Supervisor(int limit, Duration period) {
    this(Id.generate("supervisor"), limit, period);
  }

  /**
   * Makes a supervisor.
   *
   * @param id its id
   * @param limit how many restarts are allowed within the period; 0 means none
   * @param period the period, measured by the node's clock
   */
  public Supervisor(String id, int limit, Duration period) {
    super(id);
    if (limit < 0) {
      throw new IllegalArgumentException("limit < 0: " + limit);
    }
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period not positive: " + period);
    }
    this.limit = limit;
    this.period = period;
    this.periodNanos = Saturating.nanos(period);
  }

  /** Starts a child that is always restarted; see {@link #start(Restart, CheckedSupplier)}. */
  public final <C extends Process<? super C>> PID<C> start(CheckedSupplier<C> factory)
      throws Exception {
    return start(Restart.PERMANENT, factory);
  }

  /**
   * Starts a child.
   *
   * @param factory makes a new process each time; called in the supervisor, must not block
   * @return its PID, which may be another after a restart if the factory does not fix the id
   * @throws Exception the exception that the factory throws, or one that says that the process
   *     cannot be spawned
   */
  public final <C extends Process<? super C>> PID<C> start(
      Restart restart, CheckedSupplier<C> factory) throws Exception {
    requireNonNull(restart, "restart");
    requireNonNull(factory, "factory");
    if (failure != null) {
      throw new IllegalStateException("supervisor " + self() + " is about to end", failure);
    }
    PID<C> pid = spawn(factory);
    children.put(pid, new Child(pid, () -> spawn(factory), restart));
    return pid;
  }

  private <C extends Process<? super C>> PID<C> spawn(CheckedSupplier<C> factory) throws Exception {
    PID<C> pid = node().spawn(requireNonNull(factory.get(), "the factory returned null"));
    // Not a link, which would not tell how a process ended that is gone already.
    ProcessCell mine = self().cell();
    pid.cell().ended().onReady(exit -> mine.exited(pid, exit));
    return pid;
  }

  /**
   * Ends a child for good: see {@link Node#terminate(UPID)}.
   *
   * @return whether there was such a child
   */
  public final boolean stop(UPID child) {
    boolean known = children.remove(child) != null;
    if (known) {
      node().terminate(child);
    }
    return known;
  }

  /** The PIDs of the current children, oldest first. */
  public final List<UPID> children() {
    return List.copyOf(children.keySet());
  }

  @Override
  protected final void exited(UPID pid, Exit exit) throws Exception {
    Child child = children.get(pid);
    if (child == null || child.pid != pid) {
      return; // It was stopped, and may have a successor with the same name.
    }
    children.remove(pid);
    if (failure == null && !node().processes().isClosing() && isRestarted(child, exit)) {
      restart(child, exit);
    }
    if (failure != null && children.isEmpty()) {
      throw failure;
    }
  }

  private static boolean isRestarted(Child child, Exit exit) {
    return child.restart == Restart.PERMANENT
        || child.restart == Restart.TRANSIENT && exit.reason() == Exit.Reason.FAILED;
  }

  private void restart(Child child, Exit exit) {
    PID<?> ended = child.pid;
    Exit reason = exit;
    while (permitsRestart()) {
      try {
        PID<?> pid = child.starter.start();
        children.put(pid, new Child(pid, child.starter, child.restart));
        Exit.Reason cause = reason.reason();
        Log.info(() -> self() + " restarted " + ended + " as " + pid + " after " + cause);
        return;
      } catch (Throwable e) { // This includes an Error of the factory, such as a missing class.
        Log.error(self() + " cannot restart " + ended, e);
        reason = Exits.failed(e);
      }
    }
    failure = new RestartLimitException(ended.toString(), reason, limit, period);
    newestFirst().forEach(node()::terminate);
  }

  /** Counts one more restart, and tells whether it is within the limit. */
  private boolean permitsRestart() {
    long now = clock().nanoTime(); // Elapsed time, which steps of the system's clock do not affect.
    while (!restarts.isEmpty() && now - restarts.peek() > periodNanos) {
      restarts.remove();
    }
    if (restarts.size() >= limit) {
      return false;
    }
    restarts.add(now);
    return true;
  }

  private List<UPID> newestFirst() {
    List<UPID> pids = new ArrayList<>(children.keySet());
    Collections.reverse(pids);
    return pids;
  }

  @Override
  protected final void finish() {
    newestFirst().forEach(node()::terminate);
  }
}
