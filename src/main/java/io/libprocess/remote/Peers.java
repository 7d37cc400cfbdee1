package io.libprocess.remote;

import io.libprocess.internal.ContextSlot;
import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.WatchList;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.time.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The connections to other nodes. For each address there is at most one on which messages are sent.
 * It is <em>linked</em> if a process has linked to one there; its end then ends those links.
 * Otherwise it is temporary: it is closed when it has been idle for a while, but never before each
 * message sent on it has been answered, because a peer whose answer is refused drops messages that
 * it has not read yet.
 *
 * <p><b>Bounds.</b> A message from a stranger may make a process send one to an address of the
 * stranger's choice. So there are no more temporary connections at a time than the limits say;
 * others wait in order for one to end. The requests that wait for all nodes are bounded by a {@link
 * QueueBudget}.
 *
 * <p><b>Locks.</b> That of this object guards every change of the map, together with the links that
 * belong to a connection: links to an address exist only while it has a linked connection in the
 * map, and are removed together with that. The locks of a {@link Peer} and of {@link Links} come
 * second; no other code is notified under any of them. Reading the map takes no lock.
 */
final class Peers implements WatchList.Watched {

  private static final int MAX_RECOGNIZED = 10_000;

  private static final long MEMORY_WAIT_NANOS = 1_000_000;

  /** How many times as many connections may wait as may be open. */
  private static final int WAITING_PER_CONNECTION = 4;

  private final LocalNode node;
  private final Links links;
  private final RemoteLimits limits;
  private final MessageCounts counts;
  private final QueueBudget budget;
  private final ConnectionLog log = new ConnectionLog();
  private final Map<Address, Peer> peers = new ConcurrentHashMap<>();
  private final Set<Address> recognized = ConcurrentHashMap.newKeySet();

  // Guarded by the monitor of this.
  private final Set<Peer> inOrder = new LinkedHashSet<>(); // Those in the map, oldest first.
  private final Set<Peer> temporary = new HashSet<>(); // The counted ones; not iterated.
  private final Set<Peer> waiting = new LinkedHashSet<>(); // Until fewer are counted.
  // In addition to those that are held up.
  private final Map<Address, Peer> asides = new HashMap<>();
  private boolean closed;
  private boolean ticking; // The timer is set.
  private Timer ticker; // Null before the first connection.
  private EndNotice unsent; // The last of the notices without memory.

  Peers(LocalNode node, Links links, RemoteLimits limits, MessageCounts counts) {
    this.node = node;
    this.links = links;
    this.limits = limits;
    this.counts = counts;
    this.budget = new QueueBudget(limits.totalQueuedBytes(), MemoryBudget.of(node.transport()));
    WatchList.add(this);
  }

  /** Logs a warning about a connection. */
  void log(Supplier<String> text) {
    log.warn(node.clock().nanoTime(), text);
  }

  /** Sends a request to another node. */
  void send(Address address, Outgoing outgoing) {
    Peer peer = peers.get(address);
    while (peer == null || !peer.send(outgoing)) {
      Peer made = null;
      Map<ProcessName, List<LocalProcess>> lost = Map.of();
      boolean refused;
      boolean connect = false;
      synchronized (this) {
        peer = peers.get(address);
        boolean isNew = peer == null || peer.isClosed();
        refused = closed || isNew && isCrowded() && outgoing.isMessage();
        if (isNew && !refused) {
          lost = takeLinks(peer);
          made = add(address);
          made.takeOver(List.of(outgoing)); // Before it can fail.
          connect = !outgoing.isMessage() || startsTemporary(made);
        }
      }
      if (refused) {
        outgoing.drop(address, counts);
        return;
      }
      if (made != null) {
        tell(lost, LinkEnd.disconnected(Optional.empty()));
        if (connect) {
          made.connect();
        }
        return;
      }
    }
  }

  /** Sends a request on a separate connection, which it shares with other such requests. */
  void sendAside(Address address, Outgoing outgoing) {
    Peer aside;
    synchronized (this) {
      aside = asides.get(address);
      if (aside == null || aside.isClosed()) {
        if (closed) {
          return;
        }
        aside = track(new Peer(node, address, this, limits, counts, budget));
        asides.put(address, aside);
      }
      aside.takeOver(List.of(outgoing));
    }
    aside.connect();
    aside.drained(); // It may be open.
  }

  /** Whether no more connections may wait. */
  private boolean isCrowded() {
    return waiting.size() / WAITING_PER_CONNECTION >= limits.connections();
  }

  /** Whether a new temporary connection may be made now; if not, it waits. */
  private boolean startsTemporary(Peer made) {
    if (temporary.size() < limits.connections()) {
      return temporary.add(made);
    }
    waiting.add(made);
    return false;
  }

  /** Notes that a connection is no longer temporary; returns one that may be made now, or null. */
  private Peer uncounted(Peer peer) {
    waiting.remove(peer);
    if (waiting.isEmpty() || closed) {
      temporary.remove(peer);
      return null;
    }
    if (!temporary.contains(peer)) {
      return null;
    }
    Peer next = waiting.iterator().next();
    temporary.add(next); // First: without memory, this is called again.
    temporary.remove(peer);
    waiting.remove(next);
    return next;
  }

  /** Has one that waited connect, if there is any: last, because there may be no memory for it. */
  private static void connect(Peer next) {
    if (next != null) {
      next.connect();
    }
  }

  /** Links to a process of another node, and makes sure that there is a connection. */
  void link(LocalProcess linker, ProcessName to, boolean reconnect) {
    Address address = to.address();
    Peer peer;
    Peer replaced = null;
    Peer next = null;
    Map<ProcessName, List<LocalProcess>> lost = Map.of();
    List<Links.Link> links = new ArrayList<>(1);
    long now = node.clock().nanoTime();
    try {
      synchronized (this) {
        if (closed) {
          return;
        }
        peer = peers.get(address);
        if (peer == null || peer.isClosed()) {
          lost = takeLinks(peer);
          peer = add(address);
        } else if (reconnect && peer.isLinked()) {
          replaced = peer;
          peer = add(address);
          inOrder.remove(replaced);
          peer.takeOver(replaced.giveUp());
          links.addAll(this.links.at(address));
        }
        peer.keep();
        next = uncounted(peer);
        links.add(this.links.add(linker, to, now)); // If the peer has closed, this finds its end.
      }
      tell(lost, LinkEnd.disconnected(Optional.empty()));
      peer.connect(); // If that has not been done.
      if (replaced != null) {
        replaced.retire();
      }
      peer.announce(links, recognized.contains(address));
    } finally {
      connect(next);
    }
  }

  /** Snapshots of all connections. */
  List<Peer.Seen> look() {
    List<Peer> all;
    synchronized (this) {
      all = List.copyOf(inOrder);
    }
    return all.stream().map(Peer::look).toList();
  }

  /** The channel to an address, for tests; null if there is none. */
  Transport.Channel channel(Address address) {
    Peer peer = peers.get(address);
    return peer == null ? null : peer.channel();
  }

  private Peer add(Address address) {
    Peer peer = track(new Peer(node, address, this, limits, counts, budget));
    peers.put(address, peer);
    return peer;
  }

  /** Tracks a connection until it is closed. */
  private Peer track(Peer peer) {
    if (!ticking) {
      tickLater(); // First: if no timer can be set, there is no connection either.
      ticking = true;
    }
    inOrder.add(peer);
    return peer;
  }

  /** Takes a closed connection out of the map, with the links that belong to it. */
  private Map<ProcessName, List<LocalProcess>> takeLinks(Peer peer) {
    if (peer == null || peers.get(peer.address()) != peer) {
      return Map.of();
    }
    Map<ProcessName, List<LocalProcess>> lost = links.takeAll(peer.address());
    peers.remove(peer.address(), peer); // Last, so that nothing is lost for lack of memory.
    inOrder.remove(peer);
    return lost;
  }

  private static void tell(Map<ProcessName, List<LocalProcess>> lost, LinkEnd end) {
    lost.forEach((to, linkers) -> tell(to, linkers, end));
  }

  private static void tell(ProcessName ended, List<LocalProcess> linkers, LinkEnd end) {
    for (int i = 0; i < linkers.size(); i++) {
      while (!isTold(linkers.get(i), ended, end)) {
        LockSupport.parkNanos(MEMORY_WAIT_NANOS);
      }
    }
  }

  /** Tells a process of an end; false if there is no memory. */
  private static boolean isTold(LocalProcess linker, ProcessName ended, LinkEnd end) {
    try {
      linker.linkEnded(ended, end);
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /**
   * Tells the processes that linked up to some link of the end of a process, as its node has
   * reported.
   */
  void ended(ProcessName ended, LinkTag tag, LinkEnd end) {
    tell(ended, links.take(ended, tag), end);
  }

  /**
   * Called by a peer when its connection is gone, and again if that has thrown while it is still
   * looked at.
   */
  void closed(Peer peer, Optional<? extends Throwable> cause, Leftover left) {
    Map<ProcessName, List<LocalProcess>> lost;
    Peer next = null;
    LinkEnd end = LinkEnd.disconnected(cause);
    try {
      synchronized (this) {
        next = uncounted(peer);
        lost = takeLinks(peer);
        inOrder.remove(peer); // From now on it is no longer looked at.
        asides.remove(peer.address(), peer);
      }
      tell(lost, end);
      if (left.messages() > 0) {
        log(() -> left.text(peer.address(), cause));
      }
      left.tell(peer.address(), counts);
    } finally {
      connect(next);
    }
  }

  /** Notes that the node at an address is one of this library. */
  void recognize(Address address) {
    if (recognized.size() >= MAX_RECOGNIZED) {
      recognized.clear();
    }
    if (recognized.add(address)) {
      Peer peer = peers.get(address);
      if (peer != null) {
        peer.announce();
      }
    }
  }

  /* ---------------- Time ---------------- */

  private void tickLater() {
    ticker = ContextSlot.outside(() -> node.clock().timer(limits.period(), this::tick));
  }

  private void tick() {
    List<Peer> all = List.of();
    try {
      synchronized (this) {
        all = List.copyOf(inOrder);
      }
      long now = node.clock().nanoTime() / 1_000_000;
      all.forEach(peer -> tick(peer, now));
    } finally {
      tickAgain();
    }
  }

  /** Looks at one connection; whatever it throws must not keep the others from being looked at. */
  private static void tick(Peer peer, long now) {
    try {
      peer.tick(now);
    } catch (Throwable thrown) {
      Log.error("A connection to another node could not be looked at", thrown);
    }
  }

  /** Whatever has happened in this tick, there is a next one while there are connections. */
  private synchronized void tickAgain() {
    ticking = false;
    if (!closed && !inOrder.isEmpty()) {
      tickLater();
      ticking = true;
    }
  }

  /* ---------------- Lack of memory ---------------- */

  /** Makes a notice to be sent later; needs no memory. */
  synchronized void later(EndNotice notice) {
    notice.later = unsent;
    unsent = notice;
  }

  /** Continues the work for which there was no memory: notices, and looking at connections. */
  @Override
  public void look(long now) {
    EndNotice notice;
    synchronized (this) {
      notice = unsent;
      unsent = null;
    }
    while (notice != null) {
      EndNotice next = notice.later;
      notice.send(); // It may come back into the list.
      notice = next;
    }
    synchronized (this) {
      if (!ticking && !inOrder.isEmpty()) {
        tickLater();
        ticking = true;
      }
    }
  }

  /* ---------------- The end ---------------- */

  void close() {
    List<Peer> all;
    WatchList.remove(this);
    synchronized (this) {
      closed = true;
      all = List.copyOf(inOrder);
      if (ticker != null) {
        ticker.cancel(); // Or else this would be kept until it fires.
      }
    }
    all.forEach(Peer::abandon);
    all.forEach(Peer::close);
  }
}
