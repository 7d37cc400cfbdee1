package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.support.Counts;
import io.libprocess.support.LogCapture;
import io.libprocess.support.Retained;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connecting, round by round. */
@Timeout(60)
class ConnectAttemptTest {

  private final List<SocketChannel> sockets = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private HandLoop hand;
  private ServerSocketChannel server;
  private Address address;

  @BeforeEach
  void listen() throws IOException {
    hand = new HandLoop();
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(Address.loopback(0).ip(), 0));
    address = Address.of((InetSocketAddress) server.getLocalAddress());
  }

  @AfterEach
  void close() throws IOException {
    hand.close();
    server.close();
    for (SocketChannel socket : sockets) {
      socket.close();
    }
  }

  private final class Handler implements Transport.Handler {
    @Override
    public void received(ByteBuffer bytes) {
      events.add("received");
    }

    @Override
    public void ended() {
      events.add("ended");
    }

    @Override
    public void drained() {
      events.add("drained");
    }

    @Override
    public void closed(Optional<IOException> failure) {
      events.add("closed");
    }
  }

  private SocketChannel openSocket(NetworkAddress to) throws IOException {
    SocketChannel socket =
        to instanceof UnixAddress
            ? SocketChannel.open(StandardProtocolFamily.UNIX)
            : SocketChannel.open();
    socket.configureBlocking(false);
    sockets.add(socket);
    return socket;
  }

  private ConnectAttempt attempt(NetworkAddress to) {
    return new ConnectAttempt(
        hand.loop,
        this::openSocket,
        to,
        channel -> {
          events.add("made");
          return new Handler();
        });
  }

  private Future<Transport.Channel> connect() {
    return attempt(address).begin();
  }

  private void assertFailed(String reason, Future<?> connecting) {
    assertTrue(connecting.isFailed(), connecting::toString);
    assertInstanceOf(IOException.class, connecting.failure());
    assertEquals(
        "Failed to connect to " + address + ": " + reason, connecting.failure().getMessage());
  }

  /** Nothing of it is left in the loop. */
  private void assertReleased() {
    hand.rounds();
    assertFalse(sockets.get(0).isOpen());
    assertTrue(hand.selector().keys().isEmpty());
  }

  private static <T> T ready(Future<T> future) {
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  @Test
  void connection_isOpenedWhenItIsThere() throws Exception {
    Future<Transport.Channel> connecting = connect();
    assertTrue(sockets.isEmpty(), "the loop has not begun");
    hand.rounds();
    Transport.Channel channel = ready(connecting);
    assertEquals(address, channel.remote());
    try (SocketChannel peer = server.accept()) {
      peer.write(ByteBuffer.allocate(1));
      hand.rounds();
      assertEquals(List.of("made", "received"), events);
    }
    hand.rounds();
    assertEquals(List.of("made", "received", "ended"), events);
  }

  @Test
  void connection_thatIsThereAtOnceIsOpenedAtOnce(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("socket");
    try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      unix.bind(UnixDomainSocketAddress.of(path));
      Future<Transport.Channel> connecting = attempt(new UnixAddress(path.toString())).begin();
      hand.poll();
      assertEquals(List.of("made"), events);
      hand.round();
      assertTrue(connecting.isReady());
    }
  }

  @Test
  void result_isGivenInASeparateTask() {
    Future<Transport.Channel> connecting = connect();
    List<String> callbacks = new ArrayList<>();
    connecting.onReady(channel -> callbacks.add("ready"));
    for (int i = 0; i < 10; i++) {
      hand.poll();
    }
    assertEquals(List.of("made"), events);
    assertEquals(List.of(), callbacks);
    hand.round();
    assertEquals(List.of("ready"), callbacks);
  }

  @Test
  void refusal_namesTheAddress() throws Exception {
    server.close();
    Future<Transport.Channel> connecting = connect();
    hand.rounds();
    assertFailed("Connection refused", connecting);
    assertReleased();
    assertEquals(List.of(), events);
  }

  @Test
  void socketThatCannotBeOpened_isTheReason() {
    IOException why = new IOException("Too many open files");
    Future<Transport.Channel> connecting =
        new ConnectAttempt(
                hand.loop,
                to -> {
                  throw why;
                },
                address,
                channel -> new Handler())
            .begin();
    hand.round();
    assertFailed("Too many open files", connecting);
    assertSame(why, connecting.failure().getCause());
  }

  @Test
  void handlerThatCannotBeMade_isTheReason() throws Exception {
    try (LogCapture log = new LogCapture()) {
      Future<Transport.Channel> connecting =
          new ConnectAttempt(
                  hand.loop,
                  this::openSocket,
                  address,
                  channel -> {
                    throw new IllegalStateException("on purpose");
                  })
              .begin();
      hand.rounds();
      assertFailed("no handler was made", connecting);
      log.await("No handler was made for the connection to " + address);
    }
    assertReleased();
  }

  @Test
  void discard_beforeItBeginsGivesUp() {
    Future<Transport.Channel> connecting = connect();
    connecting.discard();
    assertTrue(connecting.isPending());
    hand.round();
    assertTrue(connecting.isDiscarded());
    assertReleased();
    assertEquals(List.of(), events);
  }

  @Test
  void discard_whileItWaitsGivesUp() {
    Future<Transport.Channel> connecting = connect();
    hand.round();
    connecting.discard();
    hand.selector().beginning = () -> hand.selector().keys().forEach(key -> key.interestOps(0));
    hand.round();
    assertTrue(connecting.isDiscarded());
    hand.selector().beginning = () -> {};
    assertReleased();
    assertEquals(List.of(), events);
  }

  /** Whoever discards it does not look at the result any more. */
  @Test
  void discard_thatComesTooLateClosesTheConnection() throws Exception {
    Future<Transport.Channel> connecting = connect();
    while (events.isEmpty()) {
      hand.poll();
    }
    connecting.discard();
    hand.rounds();
    assertTrue(connecting.isDiscarded());
    assertEquals(List.of("made", "closed"), events);
    assertReleased();
  }

  @Test
  void discard_ofAFailureChangesNothing() throws Exception {
    server.close();
    Future<Transport.Channel> connecting = connect();
    while (sockets.isEmpty() || sockets.get(0).isOpen()) {
      hand.poll();
    }
    connecting.discard();
    hand.rounds();
    assertFailed("Connection refused", connecting);
  }

  @Test
  void loopThatEnds_failsTheAttempt() {
    Future<Transport.Channel> connecting = connect();
    hand.loop.execute(hand.loop::close);
    assertFalse(hand.round());
    assertFailed("the transport is closed", connecting);
    assertFalse(sockets.get(0).isOpen());
  }

  @Test
  void loopThatIsEnding_opensNoSocket() {
    Future<Transport.Channel> connecting = connect();
    hand.loop.close();
    hand.round();
    assertFailed("the transport is closed", connecting);
    assertEquals(List.of(), sockets);
  }

  @Test
  void loopThatHasEnded_refusesTheAttempt() {
    hand.loop.close();
    hand.round();
    assertFailed("the transport is closed", connect());
  }

  @Test
  void attempt_waitsForAsLongAsTheSystemIsNotSure() throws Exception {
    try (ServerSocketChannel full = ServerSocketChannel.open()) {
      full.bind(new InetSocketAddress(address.ip(), 0), 1);
      InetSocketAddress to = (InetSocketAddress) full.getLocalAddress();
      List<SocketChannel> queue = new ArrayList<>();
      try {
        for (int i = 0; i < 2; i++) { // The system takes one more than it is told.
          queue.add(SocketChannel.open(to));
        }
        ConnectAttempt attempt = attempt(Address.of(to));
        Future<Transport.Channel> connecting = attempt.begin();
        hand.round();
        hand.loop.execute(() -> attempt.ready(SelectionKey.OP_CONNECT));
        hand.rounds();
        assertTrue(connecting.isPending(), connecting::toString);
        connecting.discard();
        hand.round();
        assertTrue(connecting.isDiscarded());
      } finally {
        for (SocketChannel waiting : queue) {
          waiting.close();
        }
      }
    }
  }

  @Test
  void attempts_leaveNothingBehind() throws Exception {
    long before = 0;
    for (int i = 0; i < 3; i++) {
      Future<Transport.Channel> connecting = connect();
      hand.rounds();
      ready(connecting).close();
      server.accept().close();
      connect().discard();
      hand.rounds();
      long now = Retained.by(hand.loop, object -> false);
      assertTrue(i < 2 || now == before, now + " after " + before);
      before = now;
    }
    assertEquals(0, Counts.of(hand.connections).get("sockets"));
  }
}
