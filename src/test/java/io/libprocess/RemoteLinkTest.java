package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Links to processes of other nodes, and the connections they keep. */
class RemoteLinkTest {

  private final Node node = Node.start(Config.builder().build());
  private final Plain linker = new Plain("linker");
  private final PID<Plain> linking = node.spawn(linker);

  @AfterEach
  void close() {
    node.close();
  }

  private static void link(PID<Plain> linking, UPID to) throws Exception {
    Plain.link(linking, to, RemoteConnection.REUSE);
  }

  private void noMore() throws Exception {
    Expect.ready(linking.call(p -> p));
    assertTrue(linker.gone.isEmpty(), linker.gone::toString);
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setSoTimeout((int) (1000 * Expect.SECONDS));
    return server;
  }

  private static UPID at(String id, ServerSocket server) {
    return new UPID(id, Address.loopback(server.getLocalPort()));
  }

  @Test
  void closedNode_isNoticed() throws Exception {
    Node other = Node.start(Config.builder().build());
    PID<Plain> pid = other.spawn(new Plain());
    link(linking, pid);
    noMore();
    other.close();
    Expect.next(new Gone(pid, Reason.DISCONNECTED), linker.gone);
    noMore();
  }

  @Test
  void nobodyListening_callsExited() throws Exception {
    UPID to;
    try (ServerSocket server = listen()) {
      to = at("x", server);
    }
    link(linking, to);
    Exit exit = Expect.next(linker.exits);
    assertEquals(Reason.DISCONNECTED, exit.reason());
    assertTrue(exit.cause().orElseThrow().getMessage().contains(to.address().toString()));
    link(linking, to); // The link is gone and may be made again.
    assertEquals(Reason.DISCONNECTED, Expect.next(linker.exits).reason());
  }

  @Test
  void remoteLinkLeak_aConnectionThatCannotBeMadeCallsExited() throws Exception {
    node.transport().close(); // Now it makes no sockets, as if no descriptors were left.
    UPID to = new UPID("x", Address.loopback(1));
    link(linking, to);
    Expect.next(new Gone(to, Reason.DISCONNECTED), linker.gone);
    noMore();
  }

  @Test
  void endOfStream_tellsEachLinkerOfEachName() throws Exception {
    Plain second = new Plain();
    PID<Plain> secondPid = node.spawn(second);
    try (ServerSocket server = listen()) {
      link(linking, at("a", server));
      link(linking, at("b", server));
      link(linking, at("b", server));
      link(secondPid, at("a", server));
      Socket socket = server.accept();
      assertTrue(linker.gone.isEmpty() && second.gone.isEmpty());
      socket.close();
      Set<Gone> gone = new HashSet<>(Set.of(Expect.next(linker.gone), Expect.next(linker.gone)));
      assertEquals(
          Set.of(
              new Gone(at("a", server), Reason.DISCONNECTED),
              new Gone(at("b", server), Reason.DISCONNECTED)),
          gone);
      Expect.next(new Gone(at("a", server), Reason.DISCONNECTED), second.gone);
      noMore();
    }
  }

  @Test
  void halfClosedPeer_isGone() throws Exception {
    try (ServerSocket server = listen()) {
      link(linking, at("a", server));
      try (Socket socket = server.accept()) {
        socket.shutdownOutput();
        Expect.next(new Gone(at("a", server), Reason.DISCONNECTED), linker.gone);
      }
    }
  }

  @Test
  void linkAndMessages_shareOneConnection() throws Exception {
    try (ServerSocket server = listen()) {
      UPID to = at("x", server);
      link(linking, to);
      linking.dispatch(p -> p.send(to, "one"));
      linking.dispatch(p -> p.send(to, "two"));
      try (Socket socket = server.accept()) {
        BufferedReader in = reader(socket);
        assertEquals("POST /x/one HTTP/1.1", in.readLine());
        skipHead(in);
        assertEquals("POST /x/two HTTP/1.1", in.readLine());
      }
      Expect.next(new Gone(to, Reason.DISCONNECTED), linker.gone);
    }
  }

  @Test
  void linkAfterAMessage_keepsTheConnection() throws Exception {
    try (ServerSocket server = listen()) {
      UPID to = at("x", server);
      linking.dispatch(p -> p.send(to, "one"));
      try (Socket socket = server.accept()) {
        BufferedReader in = reader(socket);
        assertEquals("POST /x/one HTTP/1.1", in.readLine());
        skipHead(in);
        link(linking, to);
        linking.dispatch(p -> p.send(to, "two"));
        assertEquals("POST /x/two HTTP/1.1", in.readLine());
        assertTrue(linker.gone.isEmpty());
      }
      Expect.next(new Gone(to, Reason.DISCONNECTED), linker.gone);
    }
  }

  @Test
  void brokenTemporaryConnection_tellsNobody() throws Exception {
    try (ServerSocket server = listen();
        LogCapture log = new LogCapture()) {
      UPID to = at("x", server);
      linking.dispatch(p -> p.send(to, "one"));
      server.accept().close();
      log.await(" not answered");
      linking.dispatch(p -> p.send(to, "two")); // On a new one.
      try (Socket socket = server.accept()) {
        assertEquals("POST /x/two HTTP/1.1", reader(socket).readLine());
      }
      noMore();
    }
  }

  @Test
  void messagesSentBeforeTheConnectionIsOpen_keepTheirOrder() throws Exception {
    try (ServerSocket server = listen()) {
      UPID to = at("x", server);
      linking.dispatch(
          p -> {
            for (int i = 0; i < 500; i++) {
              p.send(to, "m" + i);
            }
          });
      try (Socket socket = server.accept()) {
        BufferedReader in = reader(socket);
        for (int i = 0; i < 500; i++) {
          assertEquals("POST /x/m" + i + " HTTP/1.1", in.readLine());
          skipHead(in);
        }
      }
    }
  }

  @Test
  void linkOfAnEndedLinker_isForgotten() throws Exception {
    try (ServerSocket server = listen()) {
      UPID to = at("x", server);
      link(linking, to);
      Socket socket = server.accept();
      node.terminate(linking);
      node.await(linking);
      Plain next = new Plain("linker");
      PID<Plain> nextPid = node.spawn(next);
      Plain witness = new Plain();
      link(node.spawn(witness), to);
      socket.close();
      Expect.next(new Gone(to, Reason.DISCONNECTED), witness.gone);
      Expect.ready(nextPid.call(p -> p));
      assertTrue(next.gone.isEmpty());
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    socket.setSoTimeout((int) (1000 * Expect.SECONDS));
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private static void skipHead(BufferedReader in) throws IOException {
    while (!in.readLine().isEmpty()) {}
  }
}
