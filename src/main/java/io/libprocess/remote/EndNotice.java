package io.libprocess.remote;

import io.libprocess.internal.ContextSlot;
import io.libprocess.net.Address;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageEncoder;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.time.Duration;

/**
 * A notice to another node that a process it has linked to is gone, which is sent until the node
 * has received it: a notice that is lost with its connection is sent again a few times, and one
 * that is not answered in time, because messages before it hold up the connection, is sent on
 * another one. The receiver may get it twice, but acts on it once. Thread-safe.
 */
final class EndNotice implements Receipt {

  private static final Duration TIME =
      Duration.ofSeconds(1); // To wait for an answer, and between attempts.
  private static final int MOST_ATTEMPTS = 4;

  private final LocalNode node;
  private final Peers peers;
  private final Address to;
  private final byte[] head;
  private final byte[] body;

  EndNotice later; // The next of the notices without memory; guarded by the list's lock.

  // Guarded by the monitor of this.
  private int attempts;
  private boolean answered;

  EndNotice(LocalNode node, Peers peers, Address to, String ended, LinkTag tag, LinkEnd end) {
    this.node = node;
    this.peers = peers;
    this.to = to;
    this.head = MessageEncoder.endHead(node.address(), ended, to, tag);
    this.body = end.encode();
  }

  /** Sends the notice; if there is no memory, it is sent soon. */
  void send() {
    boolean first;
    synchronized (this) {
      first = attempts == 0;
      attempts++;
    }
    try {
      peers.send(to, Outgoing.of(head, body, this));
      if (first) {
        ContextSlot.outside(() -> node.clock().timer(TIME, this::sendAside));
      }
    } catch (OutOfMemoryError e) {
      synchronized (this) {
        attempts--;
      }
      peers.later(this);
    }
  }

  private void sendAside() {
    if (!isAnswered()) {
      peers.sendAside(to, Outgoing.of(head, body, UNWANTED));
    }
  }

  private synchronized boolean isAnswered() {
    return answered;
  }

  @Override
  public synchronized void answered(Answer answer) {
    answered = true;
  }

  @Override
  public void lost(boolean written) {
    synchronized (this) {
      if (answered || attempts == MOST_ATTEMPTS) {
        return;
      }
    }
    try {
      ContextSlot.outside(() -> node.clock().timer(TIME, this::send));
    } catch (OutOfMemoryError e) {
      peers.later(this);
    }
  }
}
