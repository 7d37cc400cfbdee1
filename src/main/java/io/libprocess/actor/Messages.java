package io.libprocess.actor;

import static java.util.Objects.requireNonNull;

import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.RemoteConnection;
import io.libprocess.UPID;
import io.libprocess.ask.AskRefusal;
import io.libprocess.ask.Asks;
import io.libprocess.ask.Carrier;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.context.ContextWire;
import io.libprocess.internal.ContextSlot;
import io.libprocess.remote.Remote;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageHead;
import io.libprocess.remote.wire.Receipt;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Sends messages from the processes of a node to those of this and other nodes, and tells linked
 * processes of each other's end. Thread-safe.
 *
 * <p>All messages of one name from one process to another have the same head, so the heads are
 * kept.
 */
public final class Messages implements Carrier {

  private static final int MAX_HEADS = 1024;

  /** Its methods are written out, because they are called for each message. */
  private record Line(UPID from, UPID to, String name) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Line line
          && name.equals(line.name)
          && to.equals(line.to)
          && from.equals(line.from);
    }

    @Override
    public int hashCode() {
      return (31 * from.hashCode() + to.hashCode()) * 31 + name.hashCode();
    }
  }

  private final LocalMessages local;
  private final Remote remote;
  private final int mostBytes;
  private final ContextWire contexts;
  private final Asks asks;
  private final Map<Line, MessageHead> heads = new ConcurrentHashMap<>();

  /**
   * Makes the sender of a node's messages.
   *
   * @param remote the entry point for other nodes, made of {@code local}
   * @param mostBytes the largest size of a message's body
   * @param contexts writes the contexts in which messages are sent
   * @param secrets numbers that others cannot guess
   */
  public Messages(
      LocalMessages local,
      Remote remote,
      int mostBytes,
      ContextWire contexts,
      LongSupplier secrets) {
    this.local = local;
    this.remote = remote;
    this.mostBytes = mostBytes;
    this.contexts = contexts;
    this.asks = new Asks(this, local.address(), local.clock(), secrets, local.unnoticed());
    local.begin(asks);
  }

  /** The questions to which replies are waited for. */
  public Asks asks() {
    return asks;
  }

  /** The entry point for messages to other nodes. */
  public Remote remote() {
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
    if (requireNonNull(body, "body").length > mostBytes) {
      throw new IllegalArgumentException(
          ("message '" + name + "' has " + body.length + " bytes, more than ")
              + (mostBytes + " (LIBPROCESS_MESSAGE_SIZE)"));
    }
    return new Message(from, to, name, body);
  }

  /** Whether a text can be sent unencoded in the head of a message and is read back unchanged. */
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

  /**
   * Sends a one-way message.
   *
   * @throws IllegalArgumentException if a part cannot be sent unencoded, or the message is too
   *     large
   */
  public void post(UPID from, UPID to, String name, byte[] body) {
    send(checked(from, to, name, body));
  }

  void send(Message message) {
    UPID to = message.to();
    if (to.isEmpty()) {
      return;
    }
    if (to.address().equals(local.address())) {
      local.deliver(message);
    } else {
      remote.send(inContext(head(message)), message.body(), null);
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

  /** A head with the fields of the current context. */
  private MessageHead inContext(MessageHead head) {
    return ContextSlot.isUsed() ? head.with(contexts.lines()) : head;
  }

  static ProcessName nameOf(UPID pid) {
    return new ProcessName(pid.id(), pid.address());
  }

  /**
   * Sends a message, and returns its outcome.
   *
   * @throws IllegalArgumentException if a part cannot be sent unencoded, or the message is too
   *     large
   */
  public Future<Delivery> postConfirmed(UPID from, UPID to, String name, byte[] body) {
    Message message = checked(from, to, name, body);
    if (to.isEmpty()) {
      return Future.of(Delivery.NO_PROCESS);
    }
    if (to.address().equals(local.address())) {
      return Future.of(
          switch (local.deliver(message)) {
            case ACCEPTED -> Delivery.ACCEPTED;
            case NO_PROCESS -> Delivery.NO_PROCESS;
            case MAILBOX_FULL -> Delivery.REFUSED;
          });
    }
    Confirmation confirmation = new Confirmation();
    remote.send(inContext(head(message)), message.body(), confirmation);
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

  /* ---------------- Questions ---------------- */

  /** The head is not kept, since no other message has this sender. */
  @Override
  public AskRefusal carry(UPID from, UPID to, String name, byte[] body, Receipt receipt) {
    Message message = checked(from, to, name, body);
    if (!to.address().equals(local.address())) {
      remote.send(inContext(new MessageHead(nameOf(from), nameOf(to), name)), body, receipt);
      return null;
    }
    return switch (local.deliver(message)) {
      case ACCEPTED -> null;
      case NO_PROCESS -> AskRefusal.NO_PROCESS;
      case MAILBOX_FULL -> AskRefusal.MAILBOX_FULL;
    };
  }

  @Override
  public boolean watch(LocalProcess watcher, UPID to) {
    if (!to.address().equals(local.address())) {
      remote.link(watcher, nameOf(to), false);
      return true;
    }
    ProcessCell cell = local.find(to);
    return cell != null && remote.link(watcher, cell);
  }

  @Override
  public void unwatch(LocalProcess watcher, UPID to) {
    remote.unlink(watcher, nameOf(to));
  }

  /* ---------------- Links ---------------- */

  /** Links a process to another one, so that it is told of the other's end. */
  public void link(ProcessCell linker, UPID to, RemoteConnection mode) {
    requireNonNull(mode, "mode");
    if (to.isEmpty()) {
      return;
    }
    if (!to.address().equals(local.address())) {
      remote.link(linker, nameOf(to), mode == RemoteConnection.RECONNECT);
      return;
    }
    ProcessCell cell = local.find(to);
    if (cell == null || !remote.link(linker, cell)) {
      linker.enqueue(new Control.Exited(to, Exits.NO_PROCESS));
    }
  }

  /** Has a process told no more of the end of another one. */
  public void unlink(ProcessCell linker, UPID to) {
    remote.unlink(linker, nameOf(to));
  }

  /** Notes the end of a process of this node, before its id is free; see {@link Remote#note}. */
  void note(Remote.Ended ended, ProcessCell cell, Exit exit) {
    local.ended(cell);
    remote.note(ended, cell, Exits.linkEnd(exit));
  }

  /**
   * Tells one of the linkers on this node, by number.
   *
   * @return false if there are no more
   */
  boolean tellLinker(Remote.Ended ended, int number, UPID pid, Exit exit) {
    if (number >= ended.linkers().size()) {
      return false;
    }
    LocalProcess linker = ended.linkers().get(number);
    if (linker instanceof ProcessCell cell) {
      cell.enqueue(new Control.Exited(pid, exit)); // Which keeps the PID and the cause.
    } else {
      linker.linkEnded(nameOf(pid), Exits.linkEnd(exit));
    }
    return true;
  }

  /** Tells the linkers on other nodes; see {@link Remote#tell}. */
  void tellNodes(Remote.Ended ended) {
    remote.tell(ended);
  }

  /** Ends the connections when what has been taken is sent, and waits for no more replies. */
  public void close() {
    remote.close();
    asks.close();
  }

  /** The bytes of messages from other nodes that wait for a process, for tests. */
  public long waitingBytes(ProcessCell cell) {
    return local.waitingBytes(cell);
  }
}
