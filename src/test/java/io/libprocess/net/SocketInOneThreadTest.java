package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Retained;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Connecting, sending and closing, on a channel that the test controls. */
class SocketInOneThreadTest {

  private static final long HIGH_WATER = WriteQueue.HIGH_WATER;

  private final HandChannel channel = new HandChannel();
  private final Socket socket = Socket.on(channel);
  private int released; // How many chunks.

  SocketInOneThreadTest() {
    channel.handler = socket.handler();
  }

  private Chunk lent(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Chunk.lent(bytes, 0, bytes.length, () -> released++);
  }

  private static <T> T ready(Future<T> future) {
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  private static String failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  private static Chunk x() {
    return Chunk.utf8("x");
  }

  private void assertCalls(String... calls) {
    assertEquals(List.of(calls), channel.calls);
  }

  /* ------ Connecting ------ */

  @Test
  void connect_givesTheSocketOfTheChannel() {
    PendingTransport transport = new PendingTransport();
    Future<Socket> connecting = Socket.connect(transport, Address.loopback(2));
    channel.handler = transport.connected.get(0).apply(channel);
    transport.connections.get(0).set(channel);
    Socket connected = ready(connecting);
    channel.receive("hello");
    assertEquals("hello", ready(connected.receive(5)).utf8());
    assertEquals(Address.loopback(1), connected.address());
    assertEquals(Address.loopback(2), connected.peer());
    assertEquals("Socket 127.0.0.1:1 to 127.0.0.1:2", connected.toString());
    assertTrue(connected.tls().isEmpty());
  }

  @Test
  void tlsSession_isThatOfTheChannel() {
    TlsSession session =
        new TlsSession("TLSv1.3", "suite", Optional.empty(), Optional.empty(), List.of());
    channel.session = Optional.of(session);
    assertEquals(Optional.of(session), socket.tls());
  }

  @Test
  void whatIsMissing_isFoundOutAtOnce() {
    PendingTransport transport = new PendingTransport();
    Address address = Address.loopback(2);
    Tls tls = Tls.builder().build();
    assertMissing("transport", () -> Socket.connect(null, address));
    assertMissing("transport", () -> Socket.connect(null, address, tls, "host"));
    assertMissing("tls", () -> Socket.connect(transport, address, null, "host"));
    assertMissing("host", () -> Socket.connect(transport, address, tls, null));
    assertMissing("bytes", () -> socket.send(null));
    assertMissing("file", () -> socket.sendfile(null, 0, 1));
    assertMissing("direction", () -> socket.shutdown(null));
    assertCalls();
  }

  private static void assertMissing(String name, Runnable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  /* ------ Sending ------ */

  @Test
  void send_isReadyWhileLittleIsQueued() {
    channel.queue(HIGH_WATER);
    assertTrue(socket.send(x()).isReady());
    assertEquals("x", channel.sent.toString());
  }

  @Test
  void send_waitsUntilThePeerHasTakenMostInASeparateTask() {
    channel.queue(HIGH_WATER + 1);
    Future<Void> first = socket.send(x());
    Future<Void> second = socket.send(x());
    channel.handler.drained();
    assertTrue(first.isPending() && second.isPending());
    channel.runTasks();
    assertTrue(first.isReady() && second.isReady());
  }

  /** The channel reports it before the promise is noted, and never again. */
  @Test
  void send_isReadyIfThePeerTakesItMeanwhile() {
    channel.queue(HIGH_WATER + 1, HIGH_WATER);
    assertTrue(socket.send(x()).isReady());
    channel.queue(HIGH_WATER + 1, HIGH_WATER + 1);
    assertTrue(socket.send(x()).isPending());
  }

  @Test
  void send_thatWaitsFailsWithTheConnection() {
    channel.queue(HIGH_WATER + 1);
    Future<Void> sending = socket.send(x());
    channel.fail("broken");
    assertTrue(sending.isPending(), "not in the event");
    channel.runTasks();
    assertEquals("broken", failure(sending));
    assertEquals("broken", failure(socket.send(x())));
  }

  /** It was sent after all; otherwise it fails with the connection. */
  @Test
  void send_thatWaitsOutlivesTheEndOfTheOutput() {
    channel.queue(HIGH_WATER + 1);
    Future<Void> sending = socket.send(x());
    socket.close();
    assertTrue(sending.isPending());
    channel.handler.drained();
    channel.runTasks();
    assertTrue(sending.isReady());
  }

  @Test
  void sends_areForgottenWhenTheyAreDone() {
    long before = 0;
    for (int i = 0; i < 5; i++) {
      channel.queue(HIGH_WATER + 1);
      assertTrue(socket.send(x()).isPending());
      channel.handler.drained();
      channel.runTasks();
      long now = Retained.by(socket, held -> held == channel);
      assertTrue(i < 1 || now == before, now + " after " + before);
      before = now;
    }
  }

  @Test
  void send_leavesTheChunkToTheCaller() {
    Chunk chunk = lent("abc");
    assertTrue(socket.send(chunk).isReady());
    assertEquals(0, released);
    chunk.release();
    assertEquals(1, released);
    assertEquals("abc", channel.sent.toString());
  }

  @Test
  void send_thatIsRefusedLeavesTheChunkToTheCaller() {
    socket.close();
    Chunk chunk = lent("abc");
    assertTrue(socket.send(chunk).isFailed());
    assertEquals(0, released);
    chunk.release();
    assertEquals(1, released);
    assertEquals("", channel.sent.toString());
  }

  @Test
  void sendOwned_releasesWhatItRefuses() {
    socket.close();
    assertTrue(socket.sendOwned(lent("abc")).isFailed());
    assertEquals(1, released);
  }

  @Test
  void sendfile_needsAPartThatCanBe() {
    Path file = Path.of("file");
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file, -1, 1));
    assertThrows(IllegalArgumentException.class, () -> socket.sendfile(file, 1, -1));
    assertTrue(channel.blocking.isEmpty());
  }

  @Test
  void sendsFiles_isForTheChannelToSay() {
    assertFalse(socket.sendsFiles());
    channel.sendsFiles = true;
    assertTrue(socket.sendsFiles());
  }

  /* ------ The end ------ */

  @Test
  void shutdown_endsWhatItIsAskedToEnd() {
    socket.shutdown(Socket.Direction.READ);
    assertCalls();
    assertTrue(socket.send(x()).isReady());
    socket.shutdown(Socket.Direction.WRITE);
    assertCalls("end");
    socket.shutdown(Socket.Direction.READ_WRITE);
    assertCalls("end", "closeAfterWrites");
    assertEquals("the output to 127.0.0.1:2 is shut down", failure(socket.send(x())));
  }

  /** The peer may never end its own, and nobody has a reason to close the socket. */
  @Test
  void connection_isClosedWhenBothDirectionsWereShutDown() {
    socket.shutdown(Socket.Direction.READ);
    socket.shutdown(Socket.Direction.WRITE);
    assertCalls("end");
    channel.handler.outputEnded(); // Not before: it tells that all was sent.
    assertCalls("end", "closeAfterWrites");
  }

  @Test
  void connection_isClosedWhenTheInputIsShutDownLast() {
    socket.shutdown(Socket.Direction.WRITE);
    channel.handler.outputEnded();
    assertCalls("end");
    socket.shutdown(Socket.Direction.READ);
    assertCalls("end", "closeAfterWrites");
  }

  /** The channel closes itself once the peer has ended its output, too. */
  @Test
  void connection_isLeftToThePeerWhileItsInputIsWanted() {
    channel.handler.ended();
    socket.shutdown(Socket.Direction.WRITE);
    channel.handler.outputEnded();
    assertCalls("end");
  }

  @Test
  void shutdownOfTheOutput_leavesTheInput() {
    Future<Chunk> waiting = socket.receive(1);
    socket.shutdown(Socket.Direction.WRITE);
    assertTrue(waiting.isPending());
    socket.shutdown(Socket.Direction.READ_WRITE);
    assertTrue(ready(waiting).isEmpty());
  }

  @Test
  void abort_dropsWhatIsQueuedAndSaysWhy() {
    socket.abort(new IOException("given up"));
    assertCalls("reset");
    assertEquals("given up", failure(socket.send(x())));
  }

  @Test
  void sentEnd_isKnownAtOnceAndToldInASeparateTask() {
    socket.shutdown(Socket.Direction.WRITE);
    assertFalse(socket.isAllSent());
    channel.handler.outputEnded();
    assertTrue(socket.isAllSent());
    assertTrue(socket.outputEnded().isPending());
    channel.runTasks();
    assertTrue(socket.outputEnded().isReady());
  }

  @Test
  void closedConnection_isToldAfterWhatWaits() {
    channel.queue(HIGH_WATER + 1);
    StringBuilder order = new StringBuilder();
    socket.closed().onReady(why -> order.append(why.getMessage()));
    socket.send(x()).onFailed(why -> order.append("send "));
    socket.receive(1).onFailed(why -> order.append("receive "));
    channel.fail("broken");
    assertEquals("", order.toString());
    channel.runTasks();
    assertEquals("send receive broken", order.toString());
  }

  @Test
  void closeAndShutdown_mayBeRepeated() {
    socket.close();
    socket.close();
    socket.shutdown(Socket.Direction.WRITE);
    assertEquals("the socket to 127.0.0.1:2 is closed", failure(socket.send(x())));
  }
}
