package io.libprocess;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.Address;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Brings messages from the processes of a node to those of this and of other nodes, and tells
 * linked processes of each other's end. For any thread.
 */
final class Messages {

  private final Node node;
  private final Links links = new Links();
  private final MessageCounts counts;
  private final MessageEncoder encoder = new MessageEncoder();
  private final Peers peers;

  Messages(Node node) {
    this.node = node;
    this.counts = new MessageCounts(node.metrics());
    this.peers = new Peers(node, links, counts);
  }

  MessageCounts counts() {
    return counts;
  }

  Peers peers() {
    return peers;
  }

  /* ---------------- Messages ---------------- */

  private Message checked(UPID from, UPID to, String name, byte[] body) {
    if (!isVisible(name)) {
      throw new IllegalArgumentException(
          "the name of a message must be visible ASCII characters: '" + name + "'");
    }
    if (hasControl(from.id())) {
      throw new IllegalArgumentException("a sender with a control character: '" + from + "'");
    }
    int limit = node.config().messageLimits().size();
    if (requireNonNull(body, "body").length > limit) {
      throw new IllegalArgumentException(
          ("message '" + name + "' has " + body.length + " bytes, more than ")
              + (limit + " (LIBPROCESS_MESSAGE_SIZE)"));
    }
    return new Message(from, to, name, body);
  }

  private static boolean isVisible(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 127) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasControl(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c < ' ' || c == 127) {
        return true;
      }
    }
    return false;
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
      counts.sent();
      peers.send(to.address(), encoder.encode(message, null));
    }
  }

  Future<Delivery> postConfirmed(UPID from, UPID to, String name, byte[] body) {
    Message message = checked(from, to, name, body);
    if (to.isEmpty()) {
      return Future.of(Delivery.NO_PROCESS);
    }
    if (to.address().equals(node.address())) {
      return Future.of(deliver(message) ? Delivery.ACCEPTED : Delivery.NO_PROCESS);
    }
    counts.sent();
    Confirmation confirmation = new Confirmation();
    peers.send(to.address(), encoder.encode(message, confirmation));
    return confirmation.promise.future();
  }

  private static final class Confirmation implements Outgoing.Receipt {

    final Promise<Delivery> promise = new Promise<>();

    @Override
    public void answered(Answer answer) {
      promise.set(
          answer.isSuccess()
              ? Delivery.ACCEPTED
              : answer.status() == 404 ? Delivery.NO_PROCESS : Delivery.REFUSED);
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

  /** Gives a message to a process of this node; false if there is none. */
  boolean deliver(Message message) {
    ProcessCell cell = node.find(message.to());
    if (cell == null) {
      return false;
    }
    cell.enqueue(new Event.MessageArrived(message));
    return true;
  }

  /** Something that the other node answers and that means nothing to it. */
  Outgoing heartbeat(Address address) {
    return MessageEncoder.heartbeat(ourselves(), new UPID("", address));
  }

  private UPID ourselves() {
    return new UPID("", node.address());
  }

  /* ---------------- Links ---------------- */

  void link(ProcessCell linker, UPID to, RemoteConnection mode) {
    requireNonNull(mode, "mode");
    if (to.isEmpty()) {
      return;
    }
    if (!to.address().equals(node.address())) {
      peers.link(linker, to, mode);
      return;
    }
    ProcessCell cell = node.find(to);
    if (cell == null || !links.addLocal(linker, cell)) {
      linker.enqueue(new Event.Exited(to, Exit.NO_PROCESS));
    }
  }

  /** Takes those who are to be told of the end of a process of this node. */
  Links.Watchers takeWatchers(ProcessCell ended) {
    return links.take(ended);
  }

  /** Tells them. */
  void tell(Links.Watchers watchers, UPID ended, Exit exit) {
    Peers.tell(ended, watchers.linkers(), exit);
    watchers
        .nodes()
        .forEach(
            (address, number) ->
                peers.send(
                    address,
                    MessageEncoder.exited(
                        ourselves(), ended.id(), new UPID("", address), number, exit)));
  }

  /** The request that tells another node of a link. */
  Outgoing announcement(Links.Link link, Peer peer) {
    return MessageEncoder.announcement(
        ourselves(),
        link.to(),
        link.number(),
        new Outgoing.Receipt() {
          @Override
          public void answered(Answer answer) {
            if (!answer.link()) {
              peer.isForeign();
              return;
            }
            peers.addKin(link.to().address());
            if (answer.status() == 404) {
              exited(link.to(), link.number(), Exit.NO_PROCESS);
            }
          }

          @Override
          public void lost(boolean written) {} // The end of the connection ends the link.
        });
  }

  /** Another node has announced a link to a process of this one; false if that is not there. */
  boolean announced(Address from, String id, long number) {
    peers.addKin(from);
    ProcessCell cell = node.find(id);
    return cell != null && links.addNode(from, cell, number);
  }

  /** Another node has told of the end of one of its processes. */
  void exited(UPID ended, long number, Exit exit) {
    Peers.tell(ended, links.take(ended, number), exit);
  }

  /** What {@link MessageEncoder#exited} has made of an exit. */
  static Exit exit(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.startsWith(Exit.Reason.FAILED.name())
        ? new Exit(
            Exit.Reason.FAILED,
            Optional.of(new Failure(text.substring(Exit.Reason.FAILED.name().length()).trim())))
        : Exit.TERMINATED;
  }
}
