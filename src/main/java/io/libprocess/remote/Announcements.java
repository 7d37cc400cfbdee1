package io.libprocess.remote;

import io.libprocess.net.Address;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.MessageEncoder;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.util.ArrayList;
import java.util.List;

/**
 * The links that have yet to be announced to the node at the other end of a connection, and the
 * handling of its answers. They are not announced to a node of another implementation. Guarded by
 * the lock of the {@link Peer}, except {@link #requests}.
 */
final class Announcements {

  private final Object lock;
  private final LocalNode node;
  private final Peers peers;
  private final Address address;
  private final List<Links.Link> pending = new ArrayList<>(0);
  private boolean unwanted;
  private boolean due; // To be sent as soon as there is a channel.

  /**
   * Makes an empty list of announcements.
   *
   * @param lock the lock of the connection
   * @param address the other node's address
   */
  Announcements(Object lock, LocalNode node, Peers peers, Address address) {
    this.lock = lock;
    this.node = node;
    this.peers = peers;
    this.address = address;
  }

  void add(Links.Link link) {
    if (!unwanted) {
      pending.add(link);
    }
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Makes the waiting announcements due as soon as there is a channel. */
  void becomeDue() {
    due = true;
  }

  boolean areDue() {
    return due && !pending.isEmpty();
  }

  /** Removes and returns all waiting links. */
  List<Links.Link> takeAll() {
    List<Links.Link> all = List.copyOf(pending);
    pending.clear();
    due = false;
    return all;
  }

  /** The requests that announce links to the other node. Needs no lock. */
  List<Outgoing> requests(List<Links.Link> links) {
    long now = node.clock().nanoTime();
    List<Outgoing> requests = new ArrayList<>(links.size());
    for (Links.Link link : links) {
      requests.add(MessageEncoder.announcement(node.address(), link, now, new Announcement(link)));
    }
    return requests;
  }

  /** Notes that the other node does not know announcements. */
  private void areUnwanted() {
    synchronized (lock) {
      unwanted = true;
      pending.clear();
    }
  }

  /** Receives the other node's answer to an announcement. */
  private final class Announcement implements Receipt {

    private final Links.Link link;

    Announcement(Links.Link link) {
      this.link = link;
    }

    @Override
    public void answered(Answer answer) {
      if (!answer.link()) {
        areUnwanted();
        return;
      }
      peers.recognize(address);
      if (answer.isNoProcess()) {
        peers.ended(
            link.to(), link.tag(), MessageReceiver.endIn(answer, link, node.clock().nanoTime()));
      }
    }

    @Override
    public void lost(boolean written) {} // The end of the connection ends the link.
  }
}
