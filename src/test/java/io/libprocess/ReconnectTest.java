package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.support.Expect;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links over a new connection in place of the old one. */
class ReconnectTest {

  private final Node node = Node.start(Config.builder().build());
  private final Plain linker = new Plain();
  private final PID<Plain> linking = node.spawn(linker);
  private final BlockingQueue<String> got = new LinkedBlockingQueue<>();
  private FaultyProxy proxy;
  private Node other;
  private UPID there; // A process of the other node, by way of the proxy.

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultyProxy();
    other = proxy.startNode();
    Plain receiver =
        new Plain("x", p -> p.install("m", Codec.STRING, (from, text) -> got.add(text)));
    there = new UPID(other.spawn(receiver).id(), proxy.address());
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    other.close();
    proxy.close();
  }

  private void noMore() throws Exception {
    Expect.ready(linking.call(p -> p));
    assertTrue(linker.gone.isEmpty(), linker.gone::toString);
  }

  private void send(String text) {
    linking.dispatch(p -> p.send(there, "m", Codec.STRING, text));
  }

  @Test
  void remoteRelink_withoutALinkIsALink() throws Exception {
    Plain.link(linking, there, RemoteConnection.RECONNECT);
    proxy.awaitConnection();
    noMore();
    proxy.cut();
    Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
    noMore();
  }

  @Test
  void remoteLinkRelink_givesOneExit() throws Exception {
    Plain.link(linking, there, RemoteConnection.REUSE);
    proxy.awaitConnection();
    Plain.link(linking, there, RemoteConnection.RECONNECT);
    proxy.awaitConnection();
    noMore();
    proxy.cut();
    Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
    noMore();
  }

  @Test
  void remoteDoubleLinkRelink_leavesTheOthersLink() throws Exception {
    Plain second = new Plain();
    PID<Plain> secondPid = node.spawn(second);
    Plain.link(linking, there, RemoteConnection.REUSE);
    Plain.link(secondPid, there, RemoteConnection.REUSE);
    proxy.awaitConnection();
    Plain.link(linking, there, RemoteConnection.RECONNECT);
    proxy.awaitConnection();
    noMore();
    Expect.ready(secondPid.call(p -> p));
    assertTrue(second.gone.isEmpty());
    proxy.reset();
    Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
    Expect.next(new Gone(there, Reason.DISCONNECTED), second.gone);
    noMore();
  }

  /** Shuts the output of a link's connection behind the back of the library. */
  private void makeStale() throws Exception {
    Transport.Channel channel = null;
    while (channel == null) { // The server may know of the connection before the node does.
      Expect.ready(linking.call(p -> p));
      channel = node.messages().remote().channel(there.address());
    }
    Field socket = channel.getClass().getDeclaredField("socket");
    socket.setAccessible(true);
    ((SocketChannel) socket.get(channel)).shutdownOutput();
  }

  /** The server does not notice that the peer has shut its output. */
  private ServerSocket deafServer() throws IOException {
    ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setSoTimeout((int) (1000 * Expect.SECONDS));
    there = new UPID("x", Address.loopback(server.getLocalPort()));
    return server;
  }

  @Test
  void remoteUseStaleLink_givesExitWithTheNextMessage() throws Exception {
    try (ServerSocket server = deafServer()) {
      Plain.link(linking, there, RemoteConnection.REUSE);
      try (Socket socket = server.accept()) {
        makeStale();
        assertEquals(-1, socket.getInputStream().read());
        noMore();
        send("lost");
        Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
        noMore();
      }
    }
  }

  @Test
  void remoteStaleLinkRelink_bringsTheMessageAndThenTheExit() throws Exception {
    try (ServerSocket server = deafServer()) {
      Plain.link(linking, there, RemoteConnection.REUSE);
      try (Socket stale = server.accept()) {
        makeStale();
        assertEquals(-1, stale.getInputStream().read());
        Plain.link(linking, there, RemoteConnection.RECONNECT);
        send("arrives");
        try (Socket fresh = server.accept()) {
          String expected = "POST /x/m HTTP/1.1\r\n";
          byte[] read = fresh.getInputStream().readNBytes(expected.length());
          assertEquals(expected, new String(read, StandardCharsets.US_ASCII));
          noMore();
        }
        Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
        noMore();
      }
    }
  }

  @Test
  void unsentMessages_moveToTheNewConnectionOnce() throws Exception {
    int messages = 400;
    byte[] body = "y".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
    try (ServerSocket server = deafServer()) {
      Plain.link(linking, there, RemoteConnection.REUSE);
      try (Socket old = server.accept()) {
        linking.dispatch(
            p -> {
              for (int i = 0; i < messages; i++) {
                p.send(there, "m" + i, body);
              }
            });
        Plain.link(linking, there, RemoteConnection.RECONNECT);
        try (Socket fresh = server.accept()) {
          List<Integer> names = new ArrayList<>(names(old, Integer.MAX_VALUE));
          int first = names.size();
          names.addAll(names(fresh, messages - first));
          assertTrue(first < messages, "all fitted into the old connection");
          assertEquals(IntStream.range(0, messages).boxed().toList(), names);
        }
      }
    }
  }

  /** Reads messages to the end of a stream, or up to a number. */
  private static List<Integer> names(Socket socket, int most) throws IOException {
    socket.setSoTimeout((int) (1000 * Expect.SECONDS));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    List<Integer> names = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    boolean last = false; // Whether the chunk that ends the last message was seen.
    while (names.size() < most || !last) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      line.append((char) next);
      if (next == '\n') {
        if (line.indexOf("POST /x/m") == 0) {
          names.add(Integer.valueOf(line.substring(9, line.indexOf(" HTTP"))));
        }
        last = line.toString().equals("0\r\n");
        line.setLength(0);
      }
    }
    return names;
  }

  @Test
  void manyReconnects_giveOneExitAndLoseNothing() throws Exception {
    Plain.link(linking, there, RemoteConnection.REUSE);
    for (int i = 0; i < 50; i++) {
      send("m" + i);
      Plain.link(linking, there, RemoteConnection.RECONNECT);
    }
    send("last");
    List<String> all = new ArrayList<>();
    while (all.size() < 51) {
      all.add(Expect.next(got));
    }
    noMore();
    proxy.cut();
    Expect.next(new Gone(there, Reason.DISCONNECTED), linker.gone);
    noMore();
    assertEquals(51, all.stream().distinct().count());
  }
}
