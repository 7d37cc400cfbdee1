package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.Plain.Gone;
import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The requests about linked processes between nodes of this library, beyond the original. */
class NodeLinkTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Node node = Node.start(Config.builder().clock(clock).build());
  private final Node other = Node.start(Config.builder().clock(clock).build());
  private final Plain linker = new Plain("linker");
  private final PID<Plain> linking = node.spawn(linker);

  @AfterEach
  void close() {
    node.close();
    other.close();
  }

  private static void link(PID<Plain> linking, UPID to) throws Exception {
    Plain.link(linking, to, RemoteConnection.REUSE);
  }

  /** The next exit, while time passes. */
  private Gone next(Plain of) throws Exception {
    for (int i = 0; i < 10 * Expect.SECONDS; i++) {
      Gone gone = of.gone.poll(100, TimeUnit.MILLISECONDS);
      if (gone != null) {
        return gone;
      }
      clock.advance(Duration.ofSeconds(1));
    }
    throw new AssertionError("nothing came");
  }

  private void noMore(PID<Plain> pid, Plain plain) throws Exception {
    clock.advance(Duration.ofSeconds(2));
    Expect.ready(pid.call(p -> p));
    assertTrue(plain.gone.isEmpty(), plain.gone::toString);
  }

  /**
   * Waits until the other node has been told of the links, by linking to a process that does not
   * exist.
   */
  private void announced(PID<Plain> pid, Plain plain, Node to) throws Exception {
    UPID nobody = new UPID(Id.generate("nobody"), to.address());
    link(pid, nobody);
    assertEquals(new Gone(nobody, Reason.NO_PROCESS), next(plain));
  }

  @Test
  void unknownId_onALiveNodeGivesExit() throws Exception {
    UPID nobody = new UPID("nobody", other.address());
    link(linking, nobody);
    assertEquals(new Gone(nobody, Reason.NO_PROCESS), next(linker));
    link(linking, nobody); // The other node is known now: no time has to pass.
    Expect.next(new Gone(nobody, Reason.NO_PROCESS), linker.gone);
    noMore(linking, linker);
  }

  @Test
  void unknownId_isReportedInBothDirections() throws Exception {
    announced(linking, linker, other);
    Plain back = new Plain();
    PID<Plain> backPid = other.spawn(back);
    UPID nobody = new UPID("with space/and%", node.address());
    link(backPid, nobody); // Known as well, because it has announced a link.
    Expect.next(new Gone(nobody, Reason.NO_PROCESS), back.gone);
    noMore(linking, linker);
  }

  @Test
  void endOfAProcess_onALiveNodeGivesOneExit() throws Exception {
    Plain target = new Plain("id (1)");
    PID<Plain> pid = other.spawn(target);
    UPID there = new UPID(pid.id(), other.address());
    link(linking, there);
    link(linking, there);
    announced(linking, linker, other);
    other.terminate(pid);
    assertEquals(new Gone(there, Reason.TERMINATED), next(linker));
    other.close();
    noMore(linking, linker);
  }

  @Test
  void failedProcess_saysWhy() throws Exception {
    PID<Plain> pid = other.spawn(new Plain());
    link(linking, new UPID(pid.id(), pid.address()));
    announced(linking, linker, other);
    assertEquals(Reason.NO_PROCESS, Expect.next(linker.exits).reason());
    pid.dispatch(
        p -> {
          throw new IllegalStateException("out of paper");
        });
    Exit exit = Expect.next(linker.exits);
    assertEquals(Reason.FAILED, exit.reason());
    assertTrue(exit.cause().orElseThrow().getMessage().contains("out of paper"));
  }

  @Test
  void connectionThatBreaks_afterAnEndIsNoSecondExit() throws Exception {
    PID<Plain> ends = other.spawn(new Plain());
    PID<Plain> stays = other.spawn(new Plain());
    link(linking, new UPID(ends.id(), ends.address()));
    link(linking, new UPID(stays.id(), stays.address()));
    announced(linking, linker, other);
    other.terminate(ends);
    assertEquals(new Gone(ends, Reason.TERMINATED), next(linker));
    other.close();
    assertEquals(new Gone(stays, Reason.DISCONNECTED), next(linker));
    noMore(linking, linker);
  }

  @Test
  void endSoonAfterTheLink_saysWhy() throws Exception {
    PID<Plain> ends = other.spawn(new Plain());
    PID<Plain> fails = other.spawn(new Plain());
    link(linking, new UPID(ends.id(), ends.address()));
    link(linking, new UPID(fails.id(), fails.address()));
    // Nothing has been announced, because the nodes do not know each other.
    other.terminate(ends);
    fails.dispatch(
        p -> {
          throw new IllegalStateException("out of paper");
        });
    other.await(ends);
    other.await(fails);
    assertEquals(new Gone(ends, Reason.TERMINATED), next(linker));
    assertEquals(new Gone(fails, Reason.FAILED), next(linker));
    linker.exits.take();
    assertTrue(linker.exits.take().cause().orElseThrow().getMessage().contains("out of paper"));
    noMore(linking, linker);
  }

  @Test
  void endSoonAfterTheLink_isNotHiddenByASuccessor() throws Exception {
    PID<Plain> ends = other.spawn(new Plain("again"));
    UPID there = new UPID(ends.id(), ends.address());
    link(linking, there);
    other.terminate(ends);
    other.await(ends);
    other.spawn(new Plain("again"));
    clock.advance(Duration.ofSeconds(1)); // Once: an announcement must not take seconds.
    Expect.next(new Gone(there, Reason.TERMINATED), linker.gone);
    link(linking, there); // To the successor.
    announced(linking, linker, other);
    other.terminate(there);
    Expect.next(new Gone(there, Reason.TERMINATED), linker.gone);
    noMore(linking, linker);
  }

  @Test
  void processThatEndedLongBeforeTheLink_isNone() throws Exception {
    announced(linking, linker, other);
    PID<Plain> ended = other.spawn(new Plain());
    other.terminate(ended);
    other.await(ended);
    clock.advance(Duration.ofSeconds(5));
    link(linking, new UPID(ended.id(), ended.address()));
    Expect.next(new Gone(ended, Reason.NO_PROCESS), linker.gone);
  }

  @Test
  void end_isToldWithinASecondWhileOtherMessagesFlow() throws Exception {
    PID<Plain> ends = other.spawn(new Plain());
    PID<Plain> busy = other.spawn(new Plain("busy"));
    UPID there = new UPID(ends.id(), ends.address());
    link(linking, there);
    for (int i = 0; i < 10; i++) {
      traffic(busy);
    }
    other.terminate(ends);
    for (int i = 0; i < 10 && linker.gone.isEmpty(); i++) {
      traffic(busy);
    }
    Expect.next(new Gone(there, Reason.TERMINATED), linker.gone);
  }

  /** A tenth of a second with a message in it. */
  private void traffic(PID<Plain> to) throws Exception {
    UPID there = new UPID(to.id(), to.address());
    assertEquals(
        Delivery.ACCEPTED, Expect.ready(node.postConfirmed(UPID.NONE, there, "m", new byte[1])));
    clock.advance(Duration.ofMillis(100));
  }

  @Test
  void endThatAThirdPartyTells_isNotBelieved() throws Exception {
    PID<Plain> lives = other.spawn(new Plain("agent"));
    UPID there = new UPID(lives.id(), lives.address());
    link(linking, there);
    announced(linking, linker, other);
    for (String tag : new String[] {"9223372036854775807", "9223372036854775807.0", "1.1"}) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.address().port())) {
        socket
            .getOutputStream()
            .write(
                ("POST /__exited__/agent HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + ("Libprocess-From: @" + other.address() + "\r\n")
                        + ("Libprocess-Link: " + tag + "\r\n")
                        + "Content-Length: 6\r\n\r\nFAILED")
                    .getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }
    noMore(linking, linker);
    other.terminate(lives);
    Expect.next(new Gone(there, Reason.TERMINATED), linker.gone);
    noMore(linking, linker);
  }

  @Test
  void linkWithoutTraffic_staysWhole() throws Exception {
    PID<Plain> lives = other.spawn(new Plain("agent"));
    UPID there = new UPID(lives.id(), lives.address());
    link(linking, there);
    announced(linking, linker, other);
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), other.address().port());
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), other.address().port());
        Socket sender = new Socket(InetAddress.getLoopbackAddress(), other.address().port())) {
      send(plain, "GET /nobody HTTP/1.1\r\nHost: x\r\n\r\n");
      send(sender, "POST /nobody/m HTTP/1.1\r\nHost: x\r\nLibprocess-From: s@1.2.3.4:5\r\n\r\n");
      plain.setSoTimeout((int) (1000 * Expect.SECONDS));
      for (int i = 0; i < 100; i++) { // More than the idle time.
        clock.advance(Duration.ofSeconds(1));
        clock.settle();
      }
      plain.getInputStream().readAllBytes(); // It is closed.
      for (Socket socket : List.of(silent, sender)) {
        socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().readAllBytes());
      }
    }
    noMore(linking, linker);
    other.terminate(lives);
    Expect.next(new Gone(there, Reason.TERMINATED), linker.gone);
  }

  private static void send(Socket socket, String request) throws Exception {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertEquals('H', socket.getInputStream().read());
  }

  @Test
  void closedLinkers_areForgotten() throws Exception {
    PID<Plain> service = other.spawn(new Plain("service"));
    UPID there = new UPID(service.id(), service.address());
    for (int i = 0; i < 5; i++) {
      try (Node client = Node.start(Config.builder().clock(clock).build())) {
        Plain brief = new Plain();
        PID<Plain> pid = client.spawn(brief);
        link(pid, there);
        announced(pid, brief, other);
        assertEquals(1, other.messages().remote().linkedNodes());
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Expect.SECONDS);
      while (other.messages().remote().linkedNodes() > 0 && System.nanoTime() < end) {
        Thread.sleep(1);
      }
      assertEquals(0, other.messages().remote().linkedNodes());
    }
  }

  @Test
  void connectionThatAnnouncesForManyNodes_isRefused() throws Exception {
    other.spawn(new Plain("service"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.address().port())) {
      StringBuilder requests = new StringBuilder();
      for (int i = 1; i <= 100; i++) {
        requests
            .append("POST /__link__/service HTTP/1.1\r\nHost: x\r\n")
            .append(
                "Libprocess-From: @10.0.0." + i + ":5050\r\nLibprocess-Link: " + i + ".7\r\n\r\n");
      }
      socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answers =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals(1, answers.split("HTTP/1.1 202 ", -1).length - 1);
      assertEquals(99, answers.split("HTTP/1.1 400 ", -1).length - 1);
    }
  }

  @Test
  void messageFirst_isSentAsTheOriginalDoesAndTheLinkAnnouncedLater() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) (1000 * Expect.SECONDS));
      UPID there = new UPID("x", Address.loopback(server.getLocalPort()));
      link(linking, there);
      linking.dispatch(p -> p.send(there, "one"));
      try (Socket socket = server.accept()) {
        socket.setSoTimeout((int) (1000 * Expect.SECONDS));
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertEquals("POST /x/one HTTP/1.1", in.readLine());
        skipHead(in);
        answer(socket, "202 Accepted");
        Thread ticking = passingTime();
        assertEquals("POST /__link__/x HTTP/1.1", in.readLine());
        assertEquals("User-Agent: libprocess/@" + node.address(), in.readLine());
        skipHead(in);
        answer(socket, "404 Not Found");
        ticking.interrupt();
        ticking.join();
        Future<Delivery> behind = node.postConfirmed(UPID.NONE, there, "behind", new byte[0]);
        assertEquals("POST /x/behind HTTP/1.1", in.readLine());
        skipHead(in);
        answer(socket, "202 Accepted");
        assertEquals(Delivery.ACCEPTED, Expect.ready(behind)); // So the answer before was read.
        // That is no node of ours: it is not told again, and a link to nobody stays.
        link(linking, new UPID("y", there.address()));
        clock.advance(Duration.ofSeconds(3));
        linking.dispatch(p -> p.send(there, "two"));
        assertEquals("POST /x/two HTTP/1.1", in.readLine());
        noMore(linking, linker);
      }
    }
  }

  private Thread passingTime() {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Thread.sleep(20); // Real time passes too, until the answer has been read.
                  clock.advance(Duration.ofSeconds(1));
                }
              } catch (InterruptedException e) {
                // Enough.
              }
            });
    thread.start();
    return thread;
  }

  private static void skipHead(BufferedReader in) throws Exception {
    while (!in.readLine().isEmpty()) {}
  }

  private static void answer(Socket socket, String status) throws Exception {
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
  }
}
