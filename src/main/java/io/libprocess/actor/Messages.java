package io.libprocess.actor;

import static java.util.Objects.requireNonNull;

import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.RemoteConnection;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.remote.Remote;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageHead;
import io.libprocess.remote.wire.Receipt;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends messages from the processes of a node to those of this and other nodes, and tells linked
 * processes of each other's end. Thread-safe.
 *
 * <p>All messages of one name from one process to another have the same head, so the heads are
 * kept.
 */
public final class Messages {

  private static final int MAX_HEADS = 1024;

  private record Line(UPID from, UPID to, String name) {}

  private final LocalMessages local;
  private final Remote remote;
  private final int mostBytes;
  private final Map<Line, MessageHead> heads = new ConcurrentHashMap<>();

  /**
   * Makes the sender of a node's messages.
   *
   * @param remote the entry point for other nodes, made of {@code local}
   * @param mostBytes the largest size of a message's body
   */
  public Messages(LocalMessages local, Remote remote, int mostBytes) {
    this.local = local;
    this.remote = remote;
    this.mostBytes = mostBytes;
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

  /** Records the end of a process of this node, before its id is free; see {@link Remote#note}. */
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
    ProcessCell linker = (ProcessCell) ended.linkers().get(number); // All of them are cells.
    linker.enqueue(new Control.Exited(pid, exit));
    return true;
  }

  /** Tells the linkers on other nodes; see {@link Remote#tell}. */
  void tellNodes(Remote.Ended ended) {
    remote.tell(ended);
  }

  /** The bytes of messages from other nodes that wait for a process, for tests. */
  public long waitingBytes(ProcessCell cell) {
    return local.waitingBytes(cell);
  }
}
