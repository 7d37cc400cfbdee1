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
 * The links that the node at the other end of a connection is yet to be told of, and what it says
 * to that. A node of another implementation is not told. Guarded by the lock of the {@link Peer},
 * apart from {@link #requests}.
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
   * None yet.
   *
   * @param lock that of the connection
   * @param address of the other node
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

  /** Has what there is sent as soon as there is a channel. */
  void becomeDue() {
    due = true;
  }

  boolean areDue() {
    return due && !pending.isEmpty();
  }

  /** Takes all out. */
  List<Links.Link> takeAll() {
    List<Links.Link> all = List.copyOf(pending);
    pending.clear();
    due = false;
    return all;
  }

  /** What tells the other node of links. Needs no lock. */
  List<Outgoing> requests(List<Links.Link> links) {
    long now = node.clock().nanoTime();
    return links.stream()
        .map(link -> MessageEncoder.announcement(node.address(), link, now, new Announcement(link)))
        .toList();
  }

  /** The other node does not know what an announcement is. */
  private void areUnwanted() {
    synchronized (lock) {
      unwanted = true;
      pending.clear();
    }
  }

  /** Told what the other node says to an announcement. */
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
