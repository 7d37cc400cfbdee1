package io.libprocess.remote;

import io.libprocess.metrics.Metrics;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;

/**
 * What a node sends to others, and the links of its processes. All methods may be called from any
 * thread.
 */
public final class Remote {

  private final LocalNode node;
  private final Links links = new Links();
  private final MessageCounts counts;
  private final Peers peers;
  private final MessageReceiver receiver;

  /**
   * For one node.
   *
   * @param metrics get the counts of messages
   * @param checkSenders whether messages are refused whose sender claims another IP than that which
   *     they come from
   */
  public Remote(LocalNode node, RemoteLimits limits, Metrics metrics, boolean checkSenders) {
    this.node = node;
    this.counts = new MessageCounts(metrics);
    this.peers = new Peers(node, links, limits, counts);
    this.receiver = new MessageReceiver(node, links, peers, limits.size(), checkSenders);
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
   * Takes those who are to be told of the end of a process of this node. To be called before its id
   * is free: another process may have the same name then.
   */
  public Watchers takeWatchers(LocalProcess ended) {
    return links.take(ended);
  }

  /** Tells other nodes of the end of a process of this one. */
  public void tell(Watchers watchers, String ended, LinkEnd end) {
    watchers
        .nodes()
        .forEach(
            (address, number) ->
                peers.send(
                    address, MessageEncoder.exited(node.address(), ended, address, number, end)));
  }

  /** Ends the connections when what has been taken is sent, and takes no more. */
  public void close() {
    peers.close();
  }
}
