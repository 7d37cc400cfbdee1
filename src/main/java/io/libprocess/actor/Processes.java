package io.libprocess.actor;

import io.libprocess.UPID;
import io.libprocess.internal.OrderedSet;
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
 * <p>A process that ends gives its id back before its linkers are told, so that they can spawn
 * another one of that name, and only then are those released who wait for its end. In between it
 * stays in the table, as one that cannot be found any more, until {@link #forget}, or until another
 * one takes its place; it is among the {@link #replaced} then.
 */
public final class Processes {

  /**
   * What is counted about processes.
   *
   * @param drops one-way events that found a mailbox full
   * @param toNobody messages for processes that are not there
   * @param waited how long events waited, of a sample
   * @param ran how long they took, of the same
   */
  public record Counts(Counter drops, Counter toNobody, Histogram waited, Histogram ran) {}

  private final ConcurrentMap<Object, ProcessCell> cells = new ConcurrentHashMap<>(); // By key.
  private final OrderedSet<ProcessCell> replaced = new OrderedSet<>();
  private final OrderedSet<ProcessCell> awaited = new OrderedSet<>(); // Not spawned yet.
  private final EventFilters filters = new EventFilters(cells.values());
  private final Address address;
  private final Scheduler scheduler;
  private final Clock clock;
  private final Counts counts;
  private final Sampler sampler;

  // Written once, before the first process is spawned.
  private volatile Object node;
  private volatile Messages messages;

  private volatile boolean closing; // Written under the monitor; never goes back to false.

  /**
   * Makes the empty table of a node with an address.
   *
   * @param scheduler runs them
   * @param clock by which they live
   * @param counts get what is counted about them
   */
  public Processes(Address address, Scheduler scheduler, Clock clock, Counts counts) {
    this.address = address;
    this.scheduler = scheduler;
    this.clock = clock;
    this.counts = counts;
    this.sampler = new Sampler(clock, counts.waited(), counts.ran());
  }

  /** Says what is made of them; to be called once, before the first process is spawned. */
  public void begin(Object theirNode, Messages theirMessages) {
    messages = theirMessages;
    node = theirNode;
  }

  /** The node whose processes these are; null before {@link #begin}. */
  public Object node() {
    return node;
  }

  Messages messages() {
    return messages;
  }

  /** What they send to other nodes; after {@link #begin}. */
  public Remote remote() {
    return messages.remote();
  }

  /** The address in the PIDs of these processes. */
  public Address address() {
    return address;
  }

  /** Runs them. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** By which they live. */
  public Clock clock() {
    return clock;
  }

  /** Counts one-way events that found a mailbox full. */
  Counter drops() {
    return counts.drops();
  }

  /** Counts messages for processes that are not there. */
  Counter toNobody() {
    return counts.toNobody();
  }

  /** Measures events. */
  public Sampler sampler() {
    return sampler;
  }

  /** A live view of all processes that have not been forgotten, but for those replaced. */
  public Collection<ProcessCell> all() {
    return cells.values();
  }

  /** The filters that are asked about the events of all these processes. */
  public EventFilters filters() {
    return filters;
  }

  /** Somebody has the PID of a process that is not spawned yet, and may send it something. */
  public void await(ProcessCell cell) {
    awaited.add(cell);
    if (closing) {
      giveUpAwaited(); // Either this sees that, or what gives up after beginClosing sees the cell.
    }
  }

  /**
   * Takes the id of a process and lets it run.
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
      cell.terminate(false); // Whoever closes the node may not have seen it.
    }
  }

  /** Takes the id of a process; false if another one has it. */
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

  /** Tries to put a process where one is that ends: null, or who is there now. */
  private ProcessCell replace(ProcessCell nameless, ProcessCell cell) {
    synchronized (replaced) { // Else one of two that try would take the other's entry out again.
      replaced.add(nameless); // Before it leaves the table, so that it is always in one of them.
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

  /** The process to whose end a UPID refers; null if there is none. */
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

  /** The process with an id, given by what stands for that; null if there is none. */
  ProcessCell find(Object key) {
    ProcessCell cell = cells.get(key);
    return cell == null || cell.isNameless() ? null : cell;
  }

  /** The process whose end is to be waited for: {@link #find}, or one whose end is under way. */
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
   * Frees the id of an ended process and tells its linkers. May be called again if it has thrown:
   * then it goes on where it was.
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

  /** Called when an ended process has nothing left to do. */
  void forget(ProcessCell cell) {
    if (!cells.remove(cell.key(), cell)) {
      replaced.remove(cell);
    }
  }

  /** From now on nothing is spawned. Whether this is the first call. */
  public synchronized boolean beginClosing() {
    boolean first = !closing;
    closing = true;
    return first;
  }

  /** Whether nothing is spawned any more. */
  public boolean isClosing() {
    return closing;
  }

  /**
   * Lets every process serve what it has been sent and end, and those which are spawned meanwhile.
   *
   * @param finishes waits for as long as is worth it, and says whether it was long enough
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

  /** Decides what waits for those that were not spawned in time. */
  public void giveUpAwaited() {
    for (ProcessCell cell : awaited.list()) {
      cell.giveUp();
      awaited.remove(cell); // Not all: one may have come meanwhile.
    }
  }

  /** Decides what waits for those that have not ended in time. */
  public void giveUp() {
    cells.values().forEach(ProcessCell::giveUp);
    replaced.list().forEach(ProcessCell::giveUp);
  }

  /** Whether none has anything to do. */
  public boolean areIdle() {
    // In this order: a process is replaced before it is taken from the others.
    return cells.values().stream().allMatch(ProcessCell::isIdle)
        && replaced.list().stream().allMatch(ProcessCell::isIdle);
  }

  private List<ProcessCell> unended() {
    return cells.values().stream().filter(cell -> cell.isUnended()).toList();
  }

  /** The ids of those that have not ended. */
  @Override
  public String toString() {
    return unended().stream().map(cell -> cell.pid().id()).toList().toString();
  }
}
