package io.libprocess.remote.links;

import io.libprocess.net.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table of the other nodes that have linked to processes of this one. An announcement is valid
 * for as long as the connection on which it was made, because the end of the connection is the end
 * of its links; all announcements of one connection must come from one node. So for each process
 * there are never more entries than open connections. All state is guarded by this object's lock,
 * except a flag that spares nodes without such links the lock.
 */
public final class LinkedNodes {

  /** A node to be told of the end of a process, with the last link that it has announced. */
  public record Announced(Address node, LinkTag tag) {}

  /** A node that announces links, by the address of its end of the connection. */
  private static final class Announcer {
    final Address node;
    final Set<LocalProcess> linked = new LinkedHashSet<>();

    Announcer(Address node) {
      this.node = node;
    }
  }

  private volatile boolean used; // Set under the lock, and never reset.
  private final Map<Address, Announcer> announcers = new HashMap<>(); // By the client's address.

  /** The last link that was announced, by process and the client's address. */
  private final Map<LocalProcess, Map<Address, LinkTag>> tags = new HashMap<>();

  /**
   * Whether announcements on a connection may come from a node: all must come from the same one.
   */
  public synchronized boolean admits(Address client, Address node) {
    Announcer announcer = announcers.get(client);
    return announcer == null || announcer.node.equals(node);
  }

  /** Adds a link that was announced on a connection. */
  public synchronized void add(Address client, Address node, LocalProcess to, LinkTag tag) {
    used = true;
    announcers.computeIfAbsent(client, key -> new Announcer(node)).linked.add(to);
    tags.computeIfAbsent(to, key -> new LinkedHashMap<>()).merge(client, tag, LinkedNodes::later);
  }

  /**
   * The later of two links that were announced one after the other. Numbers of different secrets
   * say nothing: a node that has been started anew begins to count anew, perhaps at the same
   * address of its end of a connection.
   */
  private static LinkTag later(LinkTag before, LinkTag after) {
    return before.secret() == after.secret() && before.number() > after.number() ? before : after;
  }

  /** Removes a link that was announced on a connection. */
  public synchronized void remove(Address client, LocalProcess to) {
    Map<Address, LinkTag> clients = tags.get(to);
    if (clients != null && clients.remove(client) != null) {
      announcers.get(client).linked.remove(to);
      if (clients.isEmpty()) {
        tags.remove(to);
      }
    }
  }

  /** Whether there has ever been a link. */
  public boolean isUsed() {
    return used;
  }

  /**
   * Removes and returns the nodes that have linked to a process which has ended: for each node the
   * last link of each secret. A node has announced several secrets if it was started anew and its
   * connections from before are not known to be broken, and acts on the notice that has the right
   * one.
   */
  public List<Announced> take(LocalProcess ended) {
    return used ? takeAll(ended) : List.of();
  }

  private synchronized List<Announced> takeAll(LocalProcess ended) {
    Map<Address, LinkTag> clients = tags.get(ended);
    if (clients == null) {
      return List.of();
    }
    List<Announced> nodes = new ArrayList<>();
    clients.forEach((client, tag) -> addLast(nodes, announcers.get(client).node, tag));
    clients.keySet().forEach(client -> announcers.get(client).linked.remove(ended));
    tags.remove(ended); // Last, so that nothing is lost if memory runs out before.
    return nodes;
  }

  private static void addLast(List<Announced> nodes, Address node, LinkTag tag) {
    for (int i = 0; i < nodes.size(); i++) {
      Announced one = nodes.get(i);
      if (one.node.equals(node) && one.tag.secret() == tag.secret()) {
        nodes.set(i, new Announced(node, later(one.tag, tag)));
        return;
      }
    }
    nodes.add(new Announced(node, tag));
  }

  /** Removes the announcements made on a closed connection. */
  public synchronized void forget(Address client) {
    Announcer announcer = announcers.remove(client);
    if (announcer == null) {
      return;
    }
    for (LocalProcess process : announcer.linked) {
      Map<Address, LinkTag> clients = tags.get(process);
      clients.remove(client);
      if (clients.isEmpty()) {
        tags.remove(process);
      }
    }
  }

  /**
   * The number of processes of this node that other nodes have linked to, by the address of the
   * other node.
   */
  public synchronized Map<Address, Integer> byNode() {
    Map<Address, Integer> count = new LinkedHashMap<>();
    announcers.values().forEach(one -> count.merge(one.node, one.linked.size(), Integer::sum));
    return count;
  }

  /** The number of remembered links, for tests. */
  public synchronized int size() {
    return tags.values().stream().mapToInt(Map::size).sum();
  }
}
