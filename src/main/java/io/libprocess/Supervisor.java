package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.RestartPolicy.Strategy;
import io.libprocess.actor.Exits;
import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.Saturating;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A process that starts others, its children, and restarts a child when it ends, as Erlang's
 * supervisors do: alone, with all others or with those started after it, at once or after a delay,
 * as its {@link RestartPolicy} says. A factory makes each child; if it uses the same id each time,
 * the child's PID keeps reaching it, except for events sent while it is down.
 *
 * <p>If more than a number of restarts become necessary within a period of the node's clock,
 * something is wrong that restarting does not fix. The supervisor then ends its children and, when
 * they are gone, itself, with the reason {@link Exit.Reason#FAILED} and a {@link
 * RestartLimitException} as its cause. Processes that linked to it, such as a supervisor of
 * supervisors, are notified. A factory that throws when it should restart a child counts as a child
 * that failed at once. Children that are restarted because of another one do not count.
 *
 * <p>A supervisor that is terminated from outside asks its children to end but does not wait for
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

  /** The cases in which a child that has ended is started again. */
  public enum Restart {
    /** It is always started again. */
    PERMANENT,
    /** It is started again if it failed; not if it was terminated. */
    TRANSIENT,
    /** It is never started again, not even together with others. */
    TEMPORARY
  }

  /** Creates the next process of a child and spawns it. */
  @FunctionalInterface
  private interface Starter {
    PID<?> start() throws Exception;
  }

  /** A child, whether or not it is alive at the moment. */
  private static final class Child {
    final Starter starter;
    final Restart restart;
    PID<?> pid; // The PID of the latest process.
    boolean isUp = true;
    long startedAt; // By the clock, in nanoseconds.
    int restarts; // Since it was last calm.
    Group group; // The group it restarts with; null if it does not restart.

    Child(PID<?> pid, Starter starter, Restart restart, long now) {
      this.pid = pid;
      this.starter = starter;
      this.restart = restart;
      this.startedAt = now;
    }
  }

  /** Children that are restarted together, when all of them are down and some time has passed. */
  private static final class Group {
    final Set<Child> members = new HashSet<>();
    final Duration delay;
    final String cause;
    Timer timer; // Null until all are down.

    Group(Duration delay, String cause) {
      this.delay = delay;
      this.cause = cause;
    }
  }

  private final RestartPolicy policy;
  private final long periodNanos;
  private final List<Child> children = new ArrayList<>(); // In starting order.
  // The times of restarts within the period.
  private final Deque<Long> restarts = new ArrayDeque<>();
  private Exception failure; // Null while the supervisor runs.

  /** Makes a supervisor with a generated id, which restarts each child alone and at once. */
  public Supervisor(int limit, Duration period) {
    this(Id.generate("supervisor"), limit, period);
  }

  /**
   * Makes a supervisor that restarts each child alone and at once.
   *
   * @param id its id
   * @param limit how many restarts are allowed within the period; 0 means none
   * @param period the period, measured by the node's clock
   */
  public Supervisor(String id, int limit, Duration period) {
    this(id, RestartPolicy.of(limit, period));
  }

  /** Makes a supervisor. */
  public Supervisor(String id, RestartPolicy policy) {
    super(id);
    this.policy = requireNonNull(policy, "policy");
    this.periodNanos = Saturating.nanos(policy.period());
  }

  /* ---------------- Children ---------------- */

  /** Starts a child that is always restarted; see {@link #start(Restart, CheckedSupplier)}. */
  public final <C extends Process<? super C>> PID<C> start(CheckedSupplier<C> factory)
      throws Exception {
    return start(Restart.PERMANENT, factory);
  }

  /**
   * Starts a child.
   *
   * @param factory makes a new process each time; called in the supervisor, must not block
   * @return its PID, which may be different after a restart if the factory does not fix the id
   * @throws Exception the exception that the factory throws, or one if the process cannot be
   *     spawned
   */
  public final <C extends Process<? super C>> PID<C> start(
      Restart restart, CheckedSupplier<C> factory) throws Exception {
    requireNonNull(restart, "restart");
    requireNonNull(factory, "factory");
    if (failure != null) {
      throw new IllegalStateException("supervisor " + self() + " is about to end", failure);
    }
    PID<C> pid = spawn(factory);
    children.add(new Child(pid, () -> spawn(factory), restart, clock().nanoTime()));
    return pid;
  }

  private <C extends Process<? super C>> PID<C> spawn(CheckedSupplier<C> factory) throws Exception {
    PID<C> pid = node().spawn(requireNonNull(factory.get(), "the factory returned null"));
    // Not a link: that would not tell how a process ended that was already gone.
    ProcessCell mine = self().cell();
    ContextSlot.outside(() -> pid.cell().ended().onReady(exit -> mine.exited(pid, exit)));
    return pid;
  }

  /**
   * Ends a child for good: see {@link Node#terminate(UPID)}. A child that is waiting for its
   * restart is not restarted.
   *
   * @return whether there was such a child
   */
  public final boolean stop(UPID child) {
    for (Child one : children) {
      if (one.pid.equals(child)) {
        children.remove(one);
        Group group = one.group;
        if (one.isUp) {
          node().terminate(child);
        }
        if (group != null) {
          group.members.remove(one);
          advance(group);
        }
        return true;
      }
    }
    return false;
  }

  /**
   * The PIDs of the current children, oldest first; children restarted together keep their order.
   */
  public final List<UPID> children() {
    return children.stream().filter(child -> child.isUp).map(child -> (UPID) child.pid).toList();
  }

  /* ---------------- Ends ---------------- */

  @Override
  protected final void exited(UPID pid, Exit exit) throws Exception {
    for (Child child : children) {
      if (child.isUp && child.pid == pid) { // A successor may have the same name.
        child.isUp = false;
        ended(child, exit);
        break;
      }
    }
    endIfOver();
  }

  private void endIfOver() throws Exception {
    if (failure != null && children.stream().noneMatch(child -> child.isUp)) {
      throw failure;
    }
  }

  private void ended(Child child, Exit exit) {
    if (failure != null || node().processes().isClosing()) {
      return;
    }
    if (child.group != null) { // It had to end.
      if (child.restart == Restart.TEMPORARY) {
        forget(child);
      }
      advance(child.group);
    } else if (isRestarted(child, exit)) {
      restart(child, exit);
    } else {
      children.remove(child);
    }
  }

  private void forget(Child child) {
    children.remove(child);
    child.group.members.remove(child);
  }

  private static boolean isRestarted(Child child, Exit exit) {
    return child.restart == Restart.PERMANENT
        || child.restart == Restart.TRANSIENT && exit.reason() == Exit.Reason.FAILED;
  }

  /**
   * Ends the supervisor, or arranges the restart of an ended child, with others if the strategy
   * says so.
   */
  private void restart(Child child, Exit exit) {
    if (!permitsRestart()) {
      giveUp(child, exit);
      return;
    }
    if (clock().nanoTime() - child.startedAt >= Saturating.nanos(policy.backoff().calm())) {
      child.restarts = 0;
    }
    Group group =
        new Group(
            policy.backoff().delay(child.restarts, node().random()::nextDouble),
            child.pid + " has ended (" + exit.reason() + ")");
    child.restarts++;
    for (Child member : together(child)) {
      Group before = member.group;
      if (before != null) {
        cancel(before);
        group.members.addAll(before.members);
      }
      group.members.add(member);
    }
    group.members.forEach(member -> member.group = group);
    for (Child member : newestFirst()) {
      if (member.group == group && member.isUp) {
        node().terminate(member.pid);
      }
    }
    advance(group);
  }

  private List<Child> together(Child child) {
    return switch (policy.strategy()) {
      case ONE_FOR_ONE -> List.of(child);
      case ONE_FOR_ALL -> List.copyOf(children);
      case REST_FOR_ONE -> List.copyOf(children.subList(children.indexOf(child), children.size()));
    };
  }

  /** Starts the delay of a group once all its children are down; after it they are started. */
  private void advance(Group group) {
    if (group.timer != null || group.members.stream().anyMatch(member -> member.isUp)) {
      return;
    }
    if (group.delay.isZero()) {
      begin(group);
    } else {
      group.timer =
          ContextSlot.outside(() -> delay(group.delay, supervisor -> supervisor.begin(group)));
    }
  }

  private void begin(Group group) {
    for (Child child : List.copyOf(children)) {
      if (child.group != group) {
        continue;
      }
      if (failure != null || !isStarted(child, group)) {
        return; // The rest joins the next group.
      }
    }
  }

  /** Starts a child again; false if that fails, and the failure has then been dealt with. */
  private boolean isStarted(Child child, Group group) {
    UPID ended = child.pid;
    try {
      child.pid = child.starter.start();
    } catch (Throwable thrown) { // Also an Error, such as a missing class.
      Log.error(self() + " cannot restart " + ended, thrown);
      Exit exit = Exits.failed(thrown);
      self().dispatch(supervisor -> supervisor.notStarted(child, group, exit)); // Avoids recursion.
      return false;
    }
    child.isUp = true;
    child.group = null;
    group.members.remove(child);
    child.startedAt = clock().nanoTime();
    if (policy.strategy() == Strategy.ONE_FOR_ONE) { // Otherwise the order matters.
      children.remove(child);
      children.add(child);
    }
    Log.info(() -> self() + " restarted " + ended + " as " + child.pid + ", as " + group.cause);
    return true;
  }

  private void notStarted(Child child, Group group, Exit exit) throws Exception {
    if (failure == null && child.group == group) { // Not stopped meanwhile.
      restart(child, exit);
    }
    endIfOver();
  }

  /** Counts one more restart, and returns whether it is within the limit. */
  private boolean permitsRestart() {
    // Elapsed time, which is unaffected by changes of the system clock.
    long now = clock().nanoTime();
    while (!restarts.isEmpty() && now - restarts.peek() > periodNanos) {
      restarts.remove();
    }
    if (restarts.size() >= policy.limit()) {
      return false;
    }
    restarts.add(now);
    return true;
  }

  private void giveUp(Child child, Exit exit) {
    failure =
        new RestartLimitException(child.pid.toString(), exit, policy.limit(), policy.period());
    for (Child one : newestFirst()) {
      if (one.isUp) {
        node().terminate(one.pid);
      } else if (one.group != null) {
        cancel(one.group);
      }
    }
  }

  private static void cancel(Group group) {
    if (group.timer != null) {
      group.timer.cancel();
    }
  }

  private List<Child> newestFirst() {
    List<Child> all = new ArrayList<>(children);
    Collections.reverse(all);
    return all;
  }

  @Override
  protected final void finish() {
    for (Child child : newestFirst()) {
      if (child.isUp) {
        node().terminate(child.pid);
      }
    }
  }
}
