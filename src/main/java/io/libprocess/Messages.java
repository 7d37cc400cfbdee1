package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.Answer;
import io.libprocess.remote.LinkEnd;
import io.libprocess.remote.LocalNode;
import io.libprocess.remote.LocalProcess;
import io.libprocess.remote.MessageHead;
import io.libprocess.remote.ProcessName;
import io.libprocess.remote.Receipt;
import io.libprocess.remote.Remote;
import io.libprocess.remote.Secrets;
import io.libprocess.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings messages from the processes of a node to those of this and of other nodes, and tells
 * linked processes of each other's end: what it is to a {@link Remote} to belong to a {@link Node}.
 * For any thread.
 *
 * <p>The heads of the messages from one process to another are the same for all of one name, so
 * they are kept.
 */
final class Messages implements LocalNode {

  private static final int MAX_HEADS = 1024;

  private record Line(UPID from, UPID to, String name) {}

  private final Node node;
  private final Remote remote;
  private final Map<Line, MessageHead> heads = new ConcurrentHashMap<>();

  /** Of the live processes that other nodes have sent messages to. */
  private final Map<ProcessCell, Backlog> backlogs = new ConcurrentHashMap<>();

  Messages(Node node) {
    this.node = node;
    this.remote =
        new Remote(
            this,
            node.config().messageLimits().remote(),
            node.metrics(),
            new Secrets(),
            node.config().requirePeerAddressIpMatch());
  }

  Remote remote() {
    return remote;
  }

  /* ---------------- Messages ---------------- */

  private Message checked(UPID from, UPID to, String name, byte[] body) {
    if (!canTravel(name, ' ')) {
      throw new IllegalArgumentException(
          "the name of a message must have no blanks, control characters or halves of surrogate"
              + (" pairs: '" + name + "'"));
    }
    if (!canTravel(from.id(), ' ' - 1)) {
      throw new IllegalArgumentException(
          "a sender with a control character or half of a surrogate pair: '" + from + "'");
    }
    int limit = node.config().messageLimits().size();
    if (requireNonNull(body, "body").length > limit) {
      throw new IllegalArgumentException(
          ("message '" + name + "' has " + body.length + " bytes, more than ")
              + (limit + " (LIBPROCESS_MESSAGE_SIZE)"));
    }
    return new Message(from, to, name, body);
  }

  /** Whether a text can stand in the head of a message as it is, and is read as it was. */
  private static boolean canTravel(String text, int lastForbidden) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= lastForbidden || c >= 127 && !isBeyondAscii(text, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBeyondAscii(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    return c != 127
        && (!Character.isLowSurrogate(c)
            || at > 0 && Character.isHighSurrogate(text.charAt(at - 1)));
  }

  void post(UPID from, UPID to, String name, byte[] body) {
    send(checked(from, to, name, body));
  }

  void send(Message message) {
    UPID to = message.to();
    if (to.isEmpty()) {
      return;
    }
    if (to.address().equals(node.address())) {
      deliver(message);
    } else {
      remote.send(head(message), message.body(), null);
    }
  }

  private MessageHead head(Message message) {
    Line line = new Line(message.from(), message.to(), message.name());
    MessageHead head = heads.get(line);
    if (head == null) {
      head = new MessageHead(nameOf(message.from()), nameOf(message.to()), message.name());
      if (heads.size() >= MAX_HEADS) {
        heads.clear();
      }
      heads.put(line, head);
    }
    return head;
  }

  static ProcessName nameOf(UPID pid) {
    return new ProcessName(pid.id(), pid.address());
  }

  Future<Delivery> postConfirmed(UPID from, UPID to, String name, byte[] body) {
    Message message = checked(from, to, name, body);
    if (to.isEmpty()) {
      return Future.of(Delivery.NO_PROCESS);
    }
    if (to.address().equals(node.address())) {
      return Future.of(
          switch (deliver(message)) {
            case ACCEPTED -> Delivery.ACCEPTED;
            case NO_PROCESS -> Delivery.NO_PROCESS;
            case MAILBOX_FULL -> Delivery.REFUSED;
          });
    }
    Confirmation confirmation = new Confirmation();
    remote.send(head(message), message.body(), confirmation);
    return confirmation.promise.future();
  }

  private static final class Confirmation implements Receipt {

    final Promise<Delivery> promise = new Promise<>();

    @Override
    public void answered(Answer answer) {
      promise.set(
          answer.isSuccess()
              ? Delivery.ACCEPTED
              : answer.isNoProcess() ? Delivery.NO_PROCESS : Delivery.REFUSED);
    }

    @Override
    public void lost(boolean written) {
      promise.set(written ? Delivery.UNANSWERED : Delivery.DROPPED);
    }

    @Override
    public boolean isForMessage() {
      return true;
    }
  }

  /** Gives a message to a process of this node. */
  private Outcome deliver(Message message) {
    ProcessCell cell = node.find(message.to());
    if (cell == null) {
      return Outcome.NO_PROCESS;
    }
    boolean taken = cell.enqueue(new Event.MessageArrived(message));
    return taken ? Outcome.ACCEPTED : Outcome.MAILBOX_FULL;
  }

  /* ---------------- Links ---------------- */

  void link(ProcessCell linker, UPID to, RemoteConnection mode) {
    requireNonNull(mode, "mode");
    if (to.isEmpty()) {
      return;
    }
    if (!to.address().equals(node.address())) {
      remote.link(linker, nameOf(to), mode == RemoteConnection.RECONNECT);
      return;
    }
    ProcessCell cell = node.find(to);
    if (cell == null || !remote.link(linker, cell)) {
      linker.enqueue(new Event.Exited(to, Exit.NO_PROCESS));
    }
  }

  /** Notes the end of a process of this node, before its id is free. */
  Remote.Ended ended(ProcessCell cell, Exit exit) {
    if (!backlogs.isEmpty()) {
      backlogs.remove(cell);
    }
    LinkEnd end =
        exit == Exit.TERMINATED
            ? LinkEnd.TERMINATED
            : new LinkEnd(LinkEnd.Reason.valueOf(exit.reason().name()), exit.cause());
    return remote.ended(cell, end);
  }

  /** Tells those who have linked to it. */
  void tell(Remote.Ended ended, PID<?> pid, Exit exit) {
    for (LocalProcess linker : ended.linkers()) {
      ((ProcessCell) linker).enqueue(new Event.Exited(pid, exit)); // All are cells.
    }
    remote.tell(ended);
  }

  static Exit exit(LinkEnd end) {
    return new Exit(Exit.Reason.valueOf(end.reason().name()), end.cause());
  }

  /* ---------------- For the remote room ---------------- */

  @Override
  public Address address() {
    return node.address();
  }

  @Override
  public Clock clock() {
    return node.clock();
  }

  @Override
  public Transport transport() {
    return node.secured();
  }

  @Override
  public Optional<LocalProcess> find(String id) {
    return Optional.ofNullable(node.find(id));
  }

  @Override
  public Inbox inbox(ProcessName from, String to, String name) {
    return new RemoteInbox(new UPID(from.id(), from.address()), new UPID(to, node.address()), name);
  }

  /** Brings messages that arrive to one process, and counts what of them waits. */
  private final class RemoteInbox implements Inbox {

    private final UPID from;
    private final UPID to;
    private final String name;
    private Backlog backlog; // That of the process that was found last, or null.

    RemoteInbox(UPID from, UPID to, String name) {
      this.from = from;
      this.to = to;
      this.name = name;
    }

    @Override
    public Outcome deliver(byte[] body) {
      ProcessCell cell = node.find(to);
      if (cell == null) {
        return Outcome.NO_PROCESS;
      }
      Backlog known = backlog;
      if (known == null || known.cell() != cell) {
        known = backlogs.computeIfAbsent(cell, Messages.this::newBacklog);
        backlog = known;
        if (!cell.isLive()) {
          backlogs.remove(cell); // Its end may have been before.
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
    return new Backlog(cell, node.config().messageLimits().mailboxBytes());
  }

  /** The bytes of messages from other nodes that wait for a process, for tests. */
  long waitingBytes(ProcessCell cell) {
    Backlog backlog = backlogs.get(cell);
    return backlog == null ? 0 : backlog.bytes();
  }
}
