package io.libprocess.actor;

import io.libprocess.UPID;
import io.libprocess.ask.IgnoredFailures;
import io.libprocess.internal.OrderedSet;
import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.internal.scheduler.Scheduler;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.net.Address;
import io.libprocess.remote.Remote;
import io.libprocess.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The processes of a node, by id. All methods may be called from any thread.
 *
 * <p>A process that ends gives back its id before its linkers are told, so that they can spawn
 * another one with that name, and only then are the futures of its end completed. In between it
 * stays in the table, although it can no longer be found, until {@link #forget}, or until another
 * one takes its place; it is then among the {@link #replaced}.
 */
public final class Processes {

  /**
   * The counters of a node's processes.
   *
   * @param drops one-way events that found a mailbox full
   * @param toNobody messages for processes that do not exist
   * @param ignored failed calls, blocking calls and questions at whose futures nobody has looked
   * @param waited how long a sample of the events waited
   * @param ran how long these events took
   */
  public record Counts(
      Counter drops, Counter toNobody, Counter ignored, Histogram waited, Histogram ran) {}

  private final ConcurrentMap<Object, ProcessCell> cells = new ConcurrentHashMap<>(); // By key.
  private final OrderedSet<ProcessCell> replaced = new OrderedSet<>();
  private final OrderedSet<ProcessCell> awaited = new OrderedSet<>(); // Not spawned yet.
  private final EventFilters filters = new EventFilters(cells.values());
  private final Address address;
  private final Scheduler scheduler;
  private final Clock clock;
  private final Counts counts;
  private final Sampler sampler;
  private final IgnoredFailures ignored;

  // Written once, before the first process is spawned.
  private volatile Object node;
  private volatile Messages messages;

  private volatile boolean closing; // Written under the monitor; never goes back to false.

  /**
   * Makes the empty table of a node with an address.
   *
   * @param scheduler runs the processes
   * @param clock the clock of the processes
   * @param counts the counters of the processes
   */
  public Processes(Address address, Scheduler scheduler, Clock clock, Counts counts) {
    this.address = address;
    this.scheduler = scheduler;
    this.clock = clock;
    this.counts = counts;
    this.sampler = new Sampler(clock, counts.waited(), counts.ran());
    this.ignored = new IgnoredFailures(counts.ignored());
    if (scheduler.blocking() instanceof BlockingExecutor calls) {
      calls.tellIgnored(ignored.blockingCalls());
    }
  }

  /** Sets the parts that depend on this table; called once, before the first process is spawned. */
  public void begin(Object theirNode, Messages theirMessages) {
    messages = theirMessages;
    node = theirNode;
  }

  /** The node of these processes; null before {@link #begin}. */
  public Object node() {
    return node;
  }

  /** The carrier of their messages; only after {@link #begin}. */
  public Messages messages() {
    return messages;
  }

  /** The entry point for messages to other nodes; only after {@link #begin}. */
  public Remote remote() {
    return messages.remote();
  }

  /** The address in the PIDs of these processes. */
  public Address address() {
    return address;
  }

  /** The scheduler that runs them. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** Their clock. */
  public Clock clock() {
    return clock;
  }

  /** The counter of one-way events that found a mailbox full. */
  Counter drops() {
    return counts.drops();
  }

  /** The counter of messages for processes that do not exist. */
  Counter toNobody() {
    return counts.toNobody();
  }

  /** Takes failures that nobody notices. */
  IgnoredFailures ignored() {
    return ignored;
  }

  /** Reports the failures that nobody has noticed; called now and then by one thread. */
  public void reportIgnored() {
    ignored.watch().report();
  }

  /** The sampler that measures events. */
  public Sampler sampler() {
    return sampler;
  }

  /** A live view of all processes that have not been forgotten, except the replaced ones. */
  public Collection<ProcessCell> all() {
    return cells.values();
  }

  /** The filters that are asked about the events of all these processes. */
  public EventFilters filters() {
    return filters;
  }

  /**
   * Notes that the PID of a process that is not spawned yet has been given out, so that it may be
   * sent events.
   */
  public void await(ProcessCell cell) {
    awaited.add(cell);
    if (closing) {
      // Either this sees the closing, or the giving up after beginClosing sees the cell.
      giveUpAwaited();
    }
  }

  /**
   * Takes the id of a process and starts it.
   *
   * @throws IllegalStateException if the id is taken, if the process has been spawned before, or
   *     after {@link #beginClosing}
   */
  public void spawn(ProcessCell cell) {
    if (closing) {
      throw new IllegalStateException("cannot spawn " + cell.pid() + ": the node is closed");
    }
    if (!cell.open()) {
      throw new IllegalStateException(
          "cannot spawn " + cell.pid() + ": it has been spawned before");
    }
    if (!add(cell)) {
      cell.takeBack();
      throw new IllegalStateException("cannot spawn " + cell.pid() + ": the id is taken");
    }
    filters.registered(cell);
    cell.start();
    if (closing) {
      cell.terminate(false); // The closing thread may not have seen it.
    }
  }

  /** Takes the id of a process; false if another process has it. */
  private boolean add(ProcessCell cell) {
    awaited.remove(cell);
    ProcessCell other = cells.putIfAbsent(cell.key(), cell);
    while (other != null) {
      if (!other.isNameless()) {
        return false;
      }
      other = replace(other, cell);
    }
    return true;
  }

  /**
   * Tries to put a process in the place of one that ends; returns null, or the process that is
   * there now.
   */
  private ProcessCell replace(ProcessCell nameless, ProcessCell cell) {
    synchronized (replaced) { // Otherwise one of two threads would remove the other's entry again.
      replaced.add(nameless); // Before it leaves the table, so that it is always in one of the two.
      if (cells.replace(cell.key(), nameless, cell)) {
        return null;
      }
      replaced.remove(nameless);
    }
    return cells.putIfAbsent(cell.key(), cell);
  }

  /** The live process of this node that a UPID names; null if there is none. */
  public ProcessCell find(UPID pid) {
    ProcessCell known = ProcessAccess.get().cell(pid);
    if (known != null && known.processes() == this && known.isLive()) {
      return known;
    }
    return pid.address().equals(address) ? find(ProcessAccess.get().key(pid)) : null;
  }

  /** The process whose end a UPID refers to; null if there is none. */
  public ProcessCell findUnended(UPID pid) {
    ProcessCell cell = find(pid);
    return cell == null && pid.address().equals(address)
        ? findUnended(ProcessAccess.get().key(pid))
        : cell;
  }

  /** The process with an id; null if there is none. */
  public ProcessCell findById(String id) {
    return find(ProcessAccess.get().key(id));
  }

  /** The process with an id, given by its key; null if there is none. */
  ProcessCell find(Object key) {
    ProcessCell cell = cells.get(key);
    return cell == null || cell.isNameless() ? null : cell;
  }

  /** The process whose end can be waited for: {@link #find}, or one whose end is under way. */
  private ProcessCell findUnended(Object key) {
    ProcessCell cell = cells.get(key);
    if (cell != null && (!cell.isNameless() || cell.isUnended())) {
      return cell;
    }
    for (ProcessCell one : replaced.list()) {
      if (one.key().equals(key) && one.isUnended()) {
        return one;
      }
    }
    return null;
  }

  /** The process that has taken an ended one's id, if it can take its events too. */
  ProcessCell successor(ProcessCell ended) {
    ProcessCell cell = find(ended.key());
    return cell != null && cell != ended && ended.accepts(cell) ? cell : null;
  }

  /**
   * Frees the id of an ended process and tells its linkers. If it throws it may be called again,
   * and continues where it was.
   */
  void ended(ProcessCell cell, Ended last) {
    if (!cell.isNameless()) {
      messages.note(last.linkers, cell, last.exit());
      cell.freeId();
    }
    while (messages.tellLinker(last.linkers, last.told, cell.pid(), last.exit())) {
      last.told++;
    }
    messages.tellNodes(last.linkers);
  }

  /** Removes an ended process that has nothing left to do. */
  void forget(ProcessCell cell) {
    if (!cells.remove(cell.key(), cell)) {
      replaced.remove(cell);
    }
  }

  /** Forbids further spawns, and tells whether this is the first call. */
  public synchronized boolean beginClosing() {
    boolean first = !closing;
    closing = true;
    return first;
  }

  /** Whether further spawns are forbidden. */
  public boolean isClosing() {
    return closing;
  }

  /**
   * Lets every process, including those spawned meanwhile, serve its events and end.
   *
   * @param finishes waits for a future up to a limit, and tells whether it completed
   * @return whether all have ended
   */
  public boolean end(Predicate<CompletableFuture<?>> finishes) {
    boolean ended = true;
    for (List<ProcessCell> some = unended(); ended && !some.isEmpty(); some = unended()) {
      some.forEach(cell -> cell.terminate(false));
      ended =
          finishes.test(
              CompletableFuture.allOf(
                  some.stream()
                      .map(cell -> cell.ended().toCompletableFuture())
                      .toArray(CompletableFuture[]::new)));
    }
    return ended;
  }

  /** Completes everything that waits for processes that were not spawned in time. */
  public void giveUpAwaited() {
    for (ProcessCell cell : awaited.list()) {
      cell.giveUp();
      awaited.remove(cell); // Not all: one may have come meanwhile.
    }
  }

  /** Completes everything that waits for processes that have not ended in time. */
  public void giveUp() {
    cells.values().forEach(ProcessCell::giveUp);
    replaced.list().forEach(ProcessCell::giveUp);
  }

  /** Whether no process has anything to do. */
  public boolean areIdle() {
    // In this order: a replaced process is added there before it is removed here.
    return cells.values().stream().allMatch(ProcessCell::isIdle)
        && replaced.list().stream().allMatch(ProcessCell::isIdle);
  }

  private List<ProcessCell> unended() {
    return cells.values().stream().filter(cell -> cell.isUnended()).toList();
  }

  /** The ids of the processes that have not ended. */
  @Override
  public String toString() {
    return unended().stream().map(cell -> cell.pid().id()).toList().toString();
  }
}
