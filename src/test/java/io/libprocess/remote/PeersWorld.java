package io.libprocess.remote;

import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import io.libprocess.remote.wire.Answer;
import io.libprocess.remote.wire.Outgoing;
import io.libprocess.remote.wire.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** The connections of a node, which the test opens. */
abstract class PeersWorld {

  static final int MOST = 10; // Connections without links: see LonelyNode.

  final LonelyNode node = new LonelyNode();
  final Peers peers = node.peers;
  final List<String> lost = new ArrayList<>();

  @AfterEach
  void close() {
    node.close();
  }

  Outgoing request(String name, boolean message) {
    byte[] head = ("POST /" + name + " HTTP/1.1\r\n").getBytes(StandardCharsets.US_ASCII);
    Receipt receipt =
        new Receipt() {
          @Override
          public void answered(Answer answer) {}

          @Override
          public void lost(boolean written) {
            lost.add(name);
          }

          @Override
          public boolean isForMessage() {
            return message;
          }
        };
    return Outgoing.of(head, new byte[1], receipt);
  }

  void send(int port) {
    peers.send(Address.loopback(port), request("m" + port, true));
  }

  int dials() {
    return node.transport.connections.size();
  }

  FakeChannel open(int dial) {
    FakeChannel channel = new FakeChannel();
    channel.handler = node.transport.connected.get(dial).apply(channel);
    return channel;
  }

  static List<String> targets(FakeChannel channel) {
    return channel
        .takeSent()
        .lines()
        .filter(line -> line.startsWith("POST /"))
        .map(line -> line.substring(6, line.indexOf(" HTTP")))
        .toList();
  }

  List<String> states() {
    return peers.look().stream().map(Peer.Seen::state).toList();
  }

  void fail(int dial) {
    node.transport.connections.get(dial).fail(new IOException("a test"));
  }

  static void answer(FakeChannel channel) {
    channel.receive("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  }

  void passMillis(int millis) {
    node.clock().advance(Duration.ofMillis(millis));
    node.clock().settle();
  }

  void passSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      node.clock().advance(Duration.ofSeconds(1));
      node.clock().settle();
    }
  }
}
