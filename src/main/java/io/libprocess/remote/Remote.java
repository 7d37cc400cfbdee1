package io.libprocess.remote;

import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkedNodes;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.links.RecentEnds;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.MessageHead;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import io.libprocess.web.Firewall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The entry point for messages to other nodes and for links between processes. All methods may be
 * called from any thread.
 */
public final class Remote {

  private final LocalNode node;
  private final Links links;
  private final LinkedNodes linkedNodes = new LinkedNodes();
  private final RecentEnds recentEnds = new RecentEnds();
  private final MessageCounts counts;
  private final Peers peers;
  private final MessageReceiver receiver;

  /**
   * Makes the entry point of one node.
   *
   * @param metrics the registry for the counts of messages
   * @param secrets a source of numbers that other nodes cannot guess
   * @param checkSenders whether messages are refused if their sender's IP differs from that of the
   *     connection they arrive on
   * @param firewall the rules that messages have to pass
   */
  public Remote(
      LocalNode node,
      RemoteLimits limits,
      Metrics metrics,
      LongSupplier secrets,
      boolean checkSenders,
      Firewall firewall) {
    this.node = node;
    this.links = new Links(secrets);
    this.counts = new MessageCounts(metrics);
    this.peers = new Peers(node, links, limits, counts);
    this.receiver =
        new MessageReceiver(
            node, linkedNodes, recentEnds, peers, limits.size(), checkSenders, firewall);
  }

  /**
   * A snapshot of another node.
   *
   * @param address its address
   * @param state the state of the connection to it; {@code none} if there is none
   * @param linksTo the number of links from processes here to processes there
   * @param linksFrom the number of processes here that have been linked to from there
   * @param queued the bytes that wait to be sent to it
   */
  public record SeenNode(Address address, String state, int linksTo, int linksFrom, long queued) {}

  /** Snapshots of the other nodes that this one communicates with. */
  public List<SeenNode> look() {
    Map<Address, Integer> to = links.look(0).byNode();
    Map<Address, Integer> from = linkedNodes.byNode();
    Map<Address, SeenNode> nodes = new LinkedHashMap<>();
    for (Peer.Seen peer : peers.look()) {
      Address address = peer.address();
      int linksTo = to.getOrDefault(address, 0);
      int linksFrom = from.getOrDefault(address, 0);
      nodes.put(address, new SeenNode(address, peer.state(), linksTo, linksFrom, peer.queued()));
    }
    from.forEach(
        (address, count) ->
            nodes.computeIfAbsent(address, key -> new SeenNode(key, "none", 0, count, 0)));
    return List.copyOf(nodes.values());
  }

  /** Some of the links of this node's processes, and their total number. */
  public Links.Seen links(int most) {
    return links.look(most);
  }

  /** The counts of messages to other nodes by outcome. */
  public MessageCounts counts() {
    return counts;
  }

  /** The receiver of messages from other nodes. */
  public MessageReceiver receiver() {
    return receiver;
  }

  /** The channel to an address, for tests; null if there is none. */
  public Transport.Channel channel(Address address) {
    return peers.channel(address);
  }

  /** The number of remembered links of other nodes, for tests. */
  public int linkedNodes() {
    return linkedNodes.size();
  }

  /**
   * Sends a message.
   *
   * @param body the body, which must not be changed afterwards
   * @param receipt receives the outcome, or null
   */
  public void send(MessageHead head, byte[] body, Receipt receipt) {
    counts.sent();
    peers.send(head.to, Outgoing.of(head.bytes, body, receipt));
  }

  /**
   * Links a process to one on another node, and makes sure that there is a connection to that node.
   *
   * @param reconnect whether a new connection replaces the existing one
   */
  public void link(LocalProcess linker, ProcessName to, boolean reconnect) {
    peers.link(linker, to, reconnect);
  }

  /** Has a process told no more of the end of another one, wherever that is. */
  public void unlink(LocalProcess linker, ProcessName to) {
    links.remove(linker, to);
  }

  /** Has a process told of the end of one on this node; false if that has ended. */
  public boolean link(LocalProcess linker, LocalProcess to) {
    return links.addLocal(linker, to);
  }

  /**
   * Records the end of a process of this node, before its id becomes free, since another process
   * may then have the same name. May be called again, with the same record, if it has thrown.
   *
   * @param ended receives the processes and nodes to be told, which has to be done when the id is
   *     free
   */
  public void note(Ended ended, LocalProcess process, LinkEnd end) {
    ended.end = end;
    if (ended.linkers == null) {
      ended.linkers = links.take(process);
    }
    if (!ended.remembered && recentEnds.wants(process)) {
      recentEnds.add(process, end, node.clock().nanoTime()); // First: see MessageReceiver.
      ended.remembered = true;
    }
    if (ended.id == null) {
      ended.id = linkedNodes.isUsed() ? process.name().id() : "";
    }
    if (ended.nodes == null) {
      ended.nodes = linkedNodes.take(process);
    }
  }

  /**
   * Tells other nodes of the end of a process of this one. May be called again if it has thrown: it
   * then tells the nodes that have not been told.
   */
  public void tell(Ended ended) {
    while (!ended.nodes.isEmpty()) {
      LinkedNodes.Announced next = ended.nodes.get(ended.nodes.size() - 1);
      EndNotice notice = new EndNotice(node, peers, next.node(), ended.id, next.tag(), ended.end);
      ended.nodes.remove(ended.nodes.size() - 1);
      notice.send();
    }
  }

  /**
   * The linkers to be told of the end of a process. Keep it until all have been told, and try again
   * if memory runs out meanwhile.
   */
  public static final class Ended {

    private List<LocalProcess> linkers; // Null, like the next ones, until they are known.
    private List<LinkedNodes.Announced> nodes; // Those that have not been told.
    private String id;
    private LinkEnd end;
    private boolean remembered;

    /** Makes an empty record. */
    public Ended() {}

    /** The linkers on this node. */
    public List<LocalProcess> linkers() {
      return linkers;
    }
  }

  /** Accepts no more requests, and ends the connections when the accepted ones have been sent. */
  public void close() {
    peers.close();
  }
}
