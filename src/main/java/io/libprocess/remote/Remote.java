package io.libprocess.remote;

import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LinkEnd;
import io.libprocess.remote.links.LinkTag;
import io.libprocess.remote.links.LinkedNodes;
import io.libprocess.remote.links.Links;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.links.RecentEnds;
import io.libprocess.remote.wire.MessageCounts;
import io.libprocess.remote.wire.MessageHead;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a node sends to others, and the links of its processes. All methods may be called from any
 * thread.
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
   * For one node.
   *
   * @param metrics get the counts of messages
   * @param secrets numbers that other nodes cannot guess
   * @param checkSenders whether messages are refused whose sender claims another IP than that which
   *     they come from
   */
  public Remote(
      LocalNode node,
      RemoteLimits limits,
      Metrics metrics,
      LongSupplier secrets,
      boolean checkSenders) {
    this.node = node;
    this.links = new Links(secrets);
    this.counts = new MessageCounts(metrics);
    this.peers = new Peers(node, links, limits, counts);
    this.receiver =
        new MessageReceiver(node, linkedNodes, recentEnds, peers, limits.size(), checkSenders);
  }

  /**
   * Another node as it is seen just now.
   *
   * @param state of the connection to it; {@code none} if there is none
   * @param linksTo how many links processes of this node have to processes there
   * @param linksFrom how many processes here have been linked to from there
   * @param queued bytes that wait to be sent to it
   */
  public record SeenNode(Address address, String state, int linksTo, int linksFrom, long queued) {}

  /** The other nodes that this one has to do with. */
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

  /** Some of the links of this node's processes, and how many there are. */
  public Links.Seen links(int most) {
    return links.look(most);
  }

  /** What becomes of messages to other nodes. */
  public MessageCounts counts() {
    return counts;
  }

  /** What takes messages from other nodes. */
  public MessageReceiver receiver() {
    return receiver;
  }

  /** The channel to an address, for tests; null if there is none. */
  public Transport.Channel channel(Address address) {
    return peers.channel(address);
  }

  /** How many links of other nodes are remembered, for tests. */
  public int linkedNodes() {
    return linkedNodes.size();
  }

  /**
   * Sends a message.
   *
   * @param body not to be changed afterwards
   * @param receipt told what becomes of it, or null
   */
  public void send(MessageHead head, byte[] body, Receipt receipt) {
    counts.sent();
    peers.send(head.to, Outgoing.of(head.bytes, body, receipt));
  }

  /**
   * Has a process told of the end of one on another node, and makes sure that there is a connection
   * to that.
   *
   * @param reconnect whether a new connection is to replace the one that there is
   */
  public void link(LocalProcess linker, ProcessName to, boolean reconnect) {
    peers.link(linker, to, reconnect);
  }

  /** Has a process told of the end of one on this node; false if that has ended. */
  public boolean link(LocalProcess linker, LocalProcess to) {
    return links.addLocal(linker, to);
  }

  /**
   * Notes the end of a process of this node, before its id is free: another process may have the
   * same name then. May be called again, with the same note, if it has thrown.
   *
   * @param ended gets who is to be told, which is to be done when the id is free
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
   * Tells other nodes of the end of a process of this one. May be called again if it has thrown:
   * then it tells those that have not been told.
   */
  public void tell(Ended ended) {
    while (!ended.nodes.isEmpty()) {
      Map.Entry<Address, LinkTag> first = ended.nodes.entrySet().iterator().next();
      EndNotice notice =
          new EndNotice(node, peers, first.getKey(), ended.id, first.getValue(), ended.end);
      ended.nodes.remove(first.getKey());
      notice.send();
    }
  }

  /**
   * The linkers to be told of the end of a process. Whoever tells keeps it until all are told, and
   * tries again if the memory runs out meanwhile.
   */
  public static final class Ended {

    private List<LocalProcess> linkers; // Those and the next ones null until they are known.
    private Map<Address, LinkTag> nodes; // Which have not been told.
    private String id;
    private LinkEnd end;
    private boolean remembered;

    /** Nobody yet. */
    public Ended() {}

    /** Those on this node. */
    public List<LocalProcess> linkers() {
      return linkers;
    }
  }

  /** Ends the connections when what has been taken is sent, and takes no more. */
  public void close() {
    peers.close();
  }
}
