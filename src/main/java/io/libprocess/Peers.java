package io.libprocess;

import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections to other nodes. To each address there is at most one that messages are sent on.
 * It is <em>persistent</em> if somebody linked to a process there; then its end is an end of those
 * links. Otherwise it is temporary: it goes when it has been idle for a while, but never before
 * each message sent on it has been answered, because a peer that finds its answer unwanted drops
 * what it has not read yet.
 *
 * <p><b>Locks.</b> That of this object guards every change of the map, together with the links that
 * go with a connection: links to an address exist only while it has a persistent connection in the
 * map, and who takes that out takes them as well. The locks of a {@link Peer} and of {@link Links}
 * come second; nobody is told anything under any of them. Looking into the map takes no lock.
 */
final class Peers {

  private static final int MAX_KIN = 10_000;

  private final Node node;
  private final Links links;
  private final MessageCounts counts;
  private final Map<Address, Peer> peers = new ConcurrentHashMap<>();
  private final Set<Address> kin = ConcurrentHashMap.newKeySet();
  private boolean closed;
  private boolean ticking; // A timer is set.

  Peers(Node node, Links links, MessageCounts counts) {
    this.node = node;
    this.links = links;
    this.counts = counts;
  }

  /** Sends a request to another node. */
  void send(Address address, Outgoing outgoing) {
    Peer peer = peers.get(address);
    while (peer == null || !peer.send(outgoing)) {
      Peer made = null;
      Map<UPID, List<ProcessCell>> lost = Map.of();
      boolean late;
      synchronized (this) {
        late = closed;
        peer = peers.get(address);
        if (!late && (peer == null || peer.isClosed())) {
          lost = takeLinks(peer);
          made = add(address);
          made.takeOver(List.of(outgoing)); // Before it can fail.
        }
      }
      if (late) {
        outgoing.drop(counts);
        return;
      }
      if (made != null) {
        tell(lost, Exit.disconnected(Optional.empty()));
        made.connect();
        return;
      }
    }
  }

  /** Links to a process of another node, and makes sure that there is a connection. */
  void link(ProcessCell linker, UPID to, RemoteConnection mode) {
    Address address = to.address();
    Peer peer;
    Peer replaced = null;
    boolean made = false;
    Map<UPID, List<ProcessCell>> lost = Map.of();
    synchronized (this) {
      if (closed) {
        return;
      }
      peer = peers.get(address);
      if (peer == null || peer.isClosed()) {
        lost = takeLinks(peer);
        peer = add(address);
        made = true;
      } else if (mode == RemoteConnection.RECONNECT && peer.isPersistent()) {
        replaced = peer;
        peer = add(address);
        peer.takeOver(replaced.giveUp());
        links.at(address).forEach(peer::announceLater);
        made = true;
      }
      peer.keep();
      peer.announceLater(links.add(linker, to)); // If the peer has closed, this finds its end.
    }
    tell(lost, Exit.disconnected(Optional.empty()));
    if (made) {
      peer.connect();
    }
    if (replaced != null) {
      replaced.retire();
    }
    if (kin.contains(address)) {
      peer.announce();
    }
  }

  /** The channel to an address, for tests; null if there is none. */
  Transport.Channel channel(Address address) {
    Peer peer = peers.get(address);
    return peer == null ? null : peer.channel();
  }

  private Peer add(Address address) {
    Peer peer = new Peer(node, address, this, counts);
    peers.put(address, peer);
    if (!ticking) {
      ticking = true;
      tickLater();
    }
    return peer;
  }

  /** Takes a closed connection out of the map, with the links that go with it. */
  private Map<UPID, List<ProcessCell>> takeLinks(Peer peer) {
    boolean mine = peer != null && peers.remove(peer.address(), peer);
    return mine ? links.takeAll(peer.address()) : Map.of();
  }

  private static void tell(Map<UPID, List<ProcessCell>> lost, Exit exit) {
    lost.forEach((to, cells) -> tell(to, cells, exit));
  }

  static void tell(UPID ended, List<ProcessCell> linkers, Exit exit) {
    linkers.forEach(linker -> linker.enqueue(new Event.Exited(ended, exit)));
  }

  /** Called by a peer when its connection is gone. */
  void closed(Peer peer, Optional<? extends Throwable> cause) {
    Map<UPID, List<ProcessCell>> lost;
    synchronized (this) {
      lost = takeLinks(peer);
    }
    tell(lost, Exit.disconnected(cause));
  }

  /* ---------------- Nodes of ours ---------------- */

  /** Notes that there is a node of ours at an address. */
  void addKin(Address address) {
    if (kin.size() >= MAX_KIN) {
      kin.clear();
    }
    if (kin.add(address)) {
      Peer peer = peers.get(address);
      if (peer != null) {
        peer.announce();
      }
    }
  }

  /* ---------------- Time ---------------- */

  private void tickLater() {
    Duration period = node.config().messageLimits().period();
    node.clock().timer(period, this::tick);
  }

  private void tick() {
    synchronized (this) {
      ticking = !closed && !peers.isEmpty();
      if (ticking) {
        tickLater();
      }
    }
    long now = node.clock().nanoTime() / 1_000_000;
    peers.values().forEach(peer -> peer.tick(now));
  }

  /* ---------------- The end ---------------- */

  void close() {
    synchronized (this) {
      closed = true;
    }
    peers.values().forEach(Peer::close);
  }
}
