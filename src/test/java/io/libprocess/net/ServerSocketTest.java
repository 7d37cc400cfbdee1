package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Accepting, where the test is the network. */
class ServerSocketTest {

  private static final String CLOSED = "Socket destroyed while accepting";

  private final PendingTransport transport = new PendingTransport();
  private ServerSocket server;

  private void listen(int backlog) throws IOException {
    server = ServerSocket.listen(transport, Address.loopback(3), backlog);
  }

  /** A connection that has arrived, although the task that tells of it has not run. */
  private HandChannel arrive() {
    HandChannel channel = new HandChannel();
    channel.handler = transport.accepted.apply(channel);
    return channel;
  }

  private HandChannel connect() {
    HandChannel channel = arrive();
    channel.runTasks();
    return channel;
  }

  private static <T> T ready(Future<T> future) {
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  private static String failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  private static void assertClosed(HandChannel channel) {
    assertEquals(List.of("closeAfterWrites"), channel.calls);
  }

  @Test
  void connections_areAcceptedInTheirOrderInSeparateTasks() throws Exception {
    listen(2);
    Future<Socket> first = server.accept();
    Future<Socket> second = server.accept();
    HandChannel one = arrive();
    assertTrue(first.isPending());
    one.runTasks();
    one.receive("one");
    assertEquals("one", ready(ready(first).receive(10)).utf8());
    assertTrue(second.isPending());
    HandChannel two = connect();
    two.receive("two");
    assertEquals("two", ready(ready(second).receive(10)).utf8());
    assertEquals(Address.loopback(3), server.address());
    assertEquals("ServerSocket 127.0.0.1:3", server.toString());
  }

  @Test
  void backlog_isHowManyWait() throws Exception {
    listen(2);
    HandChannel one = connect();
    HandChannel two = connect();
    HandChannel three = connect();
    assertEquals(List.of(), one.calls);
    assertEquals(List.of(), two.calls);
    assertClosed(three);
    assertTrue(server.accept().isReady());
    assertTrue(server.accept().isReady());
    assertTrue(server.accept().isPending());
  }

  @Test
  void close_failsEveryAcceptThatWaits() throws Exception {
    listen(1);
    Future<Socket> first = server.accept();
    Future<Socket> second = server.accept();
    server.close();
    assertEquals(CLOSED, failure(first));
    assertEquals(CLOSED, failure(second));
    assertEquals(CLOSED, failure(server.accept()));
    assertTrue(transport.listenerClosed);
  }

  @Test
  void close_closesTheConnectionsThatWaitAndNoOthers() throws Exception {
    listen(3);
    HandChannel accepted = connect();
    assertTrue(server.accept().isReady());
    HandChannel one = connect();
    HandChannel two = connect();
    HandChannel late = arrive();
    server.close();
    assertClosed(one);
    assertClosed(two);
    assertEquals(List.of(), accepted.calls);
    late.runTasks();
    assertClosed(late);
  }

  @Test
  void closedTransport_failsEveryAccept() throws Exception {
    listen(1);
    Future<Socket> first = server.accept();
    HandChannel late = arrive();
    transport.listenerEnd.set(null);
    assertEquals(CLOSED, failure(first));
    assertEquals(CLOSED, failure(server.accept()));
    late.runTasks();
    assertClosed(late);
  }

  /** It would otherwise take the next connection with it. */
  @Test
  void discardedAccept_takesNothing() throws Exception {
    listen(1);
    Future<Socket> given = server.accept();
    given.discard();
    assertTrue(given.isDiscarded());
    connect();
    assertTrue(server.accept().isReady());
    server.close();
  }

  @Test
  void whatIsMissing_isFoundOutAtOnce() {
    Tls tls = Tls.builder().build();
    Address address = Address.loopback(3);
    assertMissing("transport", () -> ServerSocket.listen(null, address, 1));
    assertMissing("transport", () -> ServerSocket.listen(null, address, 1, tls));
    assertMissing("tls", () -> ServerSocket.listen(transport, address, 1, null));
    assertEquals(null, transport.accepted);
  }

  private static void assertMissing(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }
}
