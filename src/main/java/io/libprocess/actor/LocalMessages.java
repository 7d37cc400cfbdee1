package io.libprocess.actor;

import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.ask.Asks;
import io.libprocess.future.Future;
import io.libprocess.internal.FailureWatch;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.LocalNode;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.NodeSecret;
import io.libprocess.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Delivers messages to the processes of a node, and counts the waiting ones that came from other
 * nodes: the view of its node that a {@link io.libprocess.remote.Remote} has. Thread-safe.
 */
public final class LocalMessages implements LocalNode {

  private final Processes processes;
  private final Address address;
  private final Clock clock;
  private final Transport transport;
  private final long mailboxBytes;
  private final Optional<NodeSecret> secret;

  /** How many names of messages to unknown processes are counted separately. */
  private static final int MOST_NAMES = 1000;

  private volatile Asks asks; // Written once, before the node takes connections.

  private final Set<String> namesToNobody = ConcurrentHashMap.newKeySet();

  /** The backlogs of live processes to which other nodes have sent messages. */
  private final Map<ProcessCell, Backlog> backlogs = new ConcurrentHashMap<>();

  /**
   * Makes the deliverer of messages to the processes of one node.
   *
   * @param transport connects to other nodes
   * @param mailboxBytes how many bytes from other nodes may wait for one process
   * @param secret shared by the nodes whose messages are accepted; empty if all are
   */
  public LocalMessages(
      Processes processes,
      Address address,
      Clock clock,
      Transport transport,
      long mailboxBytes,
      Optional<String> secret) {
    this.secret = secret.map(NodeSecret::new);
    this.processes = processes;
    this.address = address;
    this.clock = clock;
    this.transport = transport;
    this.mailboxBytes = mailboxBytes;
  }

  @Override
  public Optional<NodeSecret> secret() {
    return secret;
  }

  /** Says who takes the replies to questions. */
  void begin(Asks theirs) {
    asks = theirs;
  }

  /** Takes failed questions that nobody notices. */
  FailureWatch.Origin unnoticed() {
    return processes.ignored();
  }

  /** Gives a message to a process of this node, or to who has asked for it. */
  Outcome deliver(Message message) {
    ProcessCell cell = processes.find(message.to());
    if (cell == null) {
      return asks.replied(message) ? Outcome.ACCEPTED : nobody(message.to(), message.name());
    }
    boolean taken = cell.enqueue(new MessageArrived(message));
    return taken ? Outcome.ACCEPTED : Outcome.MAILBOX_FULL;
  }

  /** Counts a message to nobody, and says so once for each name of messages. */
  private Outcome nobody(UPID to, String name) {
    processes.toNobody().increment();
    if (namesToNobody.size() < MOST_NAMES && namesToNobody.add(name)) {
      Log.info(
          () ->
              "Message '"
                  + name
                  + "' for "
                  + to
                  + " is dropped: there is no such process; further ones with this name are only counted");
    }
    return Outcome.NO_PROCESS;
  }

  /** The live process that a UPID names; null if there is none on this node. */
  ProcessCell find(UPID pid) {
    return processes.find(pid);
  }

  /** Drops the backlog of a process that ends. */
  void ended(ProcessCell cell) {
    if (!backlogs.isEmpty()) {
      backlogs.remove(cell);
    }
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public Optional<LocalProcess> find(String id) {
    return Optional.ofNullable(processes.findById(id));
  }

  @Override
  public Inbox inbox(ProcessName from, String to, String name) {
    return new RemoteInbox(new UPID(from.id(), from.address()), new UPID(to, address), name);
  }

  /** Delivers messages that arrive for one process, and counts those that wait. */
  private final class RemoteInbox implements Inbox {

    private final UPID from;
    private final UPID to;
    private final String name;
    private Backlog backlog; // That of the process found last, or null.

    RemoteInbox(UPID from, UPID to, String name) {
      this.from = from;
      this.to = to;
      this.name = name;
    }

    @Override
    public Outcome deliver(byte[] body) {
      ProcessCell cell = processes.find(to);
      if (cell == null) {
        return asks.replied(new Message(from, to, name, body))
            ? Outcome.ACCEPTED
            : nobody(to, name);
      }
      Backlog known = backlog;
      if (known == null || known.cell() != cell) {
        known = backlogs.computeIfAbsent(cell, LocalMessages.this::newBacklog);
        backlog = known;
        if (!cell.isLive()) {
          backlogs.remove(cell); // It may have ended before.
        }
      }
      return known.enqueue(new Message(from, to, name, body))
          ? Outcome.ACCEPTED
          : Outcome.MAILBOX_FULL;
    }

    @Override
    public Future<Void> whenRoom() {
      Backlog known = backlog;
      return known == null ? null : known.whenLow();
    }
  }

  private Backlog newBacklog(ProcessCell cell) {
    return new Backlog(cell, mailboxBytes, MemoryBudget.of(transport));
  }

  /** The bytes of messages from other nodes that wait for a process, for tests. */
  long waitingBytes(ProcessCell cell) {
    Backlog backlog = backlogs.get(cell);
    return backlog == null ? 0 : backlog.bytes();
  }
}
