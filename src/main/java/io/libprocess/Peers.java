package io.libprocess;

import io.libprocess.http.Percent;
import io.libprocess.net.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The connections to other nodes. To each address there is at most one that messages are sent on.
 * It is <em>persistent</em> if somebody linked to a process there; then its end is an end of those
 * links. Otherwise it is temporary: it goes when it has been idle for a while, but never before
 * each message sent on it has been answered, because a peer that finds its answer unwanted drops
 * what it has not read yet.
 *
 * <p>The map is guarded by this object's lock, and a {@link Peer} by its own, taken second.
 */
final class Peers {

  private static final String CRLF = "\r\n";

  private final Node node;
  private final Map<Address, Peer> peers = new HashMap<>();
  private boolean closed;

  Peers(Node node) {
    this.node = node;
  }

  /** Sends a message to another node. */
  void send(Message message) {
    ByteBuffer bytes = encode(message);
    use(message.to().address(), peer -> peer.send(bytes));
  }

  /** Makes sure that there is a connection to an address whose end is noticed. */
  void keep(Address address) {
    use(address, Peer::keep);
  }

  /**
   * Does something with the connection to an address that is not closed; a new one gets it before
   * it can fail. Does nothing if the node is closed.
   *
   * @param use false if the connection is closed
   */
  private void use(Address address, Predicate<Peer> use) {
    while (true) {
      Peer peer;
      boolean made;
      synchronized (this) {
        if (closed) {
          return;
        }
        peer = peers.get(address);
        made = peer == null;
        if (made) {
          peer = new Peer(node, address, this);
          peers.put(address, peer);
          use.test(peer);
        }
      }
      if (made) {
        peer.connect();
        return;
      }
      if (use.test(peer)) {
        return;
      }
      forget(peer); // It has just closed.
    }
  }

  private synchronized void forget(Peer peer) {
    peers.remove(peer.address(), peer);
  }

  /** Called by a peer when its connection is gone. */
  void closed(Peer peer, boolean persistent, Optional<? extends Throwable> cause) {
    forget(peer);
    if (persistent) {
      node.links().disconnected(peer.address(), cause);
    }
  }

  void close() {
    List<Peer> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(peers.values());
    }
    open.forEach(Peer::close);
  }

  /** The bytes of a message, in the form and the header order of libprocess. */
  static ByteBuffer encode(Message message) {
    String from = message.from().toString();
    String id = Percent.encode(message.to().id());
    StringBuilder head = new StringBuilder(256);
    head.append("POST /").append(id).append(id.isEmpty() ? "" : "/").append(message.name());
    head.append(" HTTP/1.1").append(CRLF);
    head.append("User-Agent: libprocess/").append(from).append(CRLF);
    head.append("Libprocess-From: ").append(from).append(CRLF);
    head.append("Connection: Keep-Alive").append(CRLF);
    head.append("Host: ").append(message.to().address()).append(CRLF);
    byte[] body = message.body();
    if (body.length == 0) {
      return ByteBuffer.wrap(head.append(CRLF).toString().getBytes(StandardCharsets.UTF_8));
    }
    head.append("Transfer-Encoding: chunked").append(CRLF).append(CRLF);
    head.append(Integer.toHexString(body.length)).append(CRLF);
    byte[] start = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] end = (CRLF + "0" + CRLF + CRLF).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(start.length + body.length + end.length);
    return bytes.put(start).put(body).put(end).flip();
  }
}
