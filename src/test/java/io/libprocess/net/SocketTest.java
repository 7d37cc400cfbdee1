package io.libprocess.net;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.net.tls.TlsFixture;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import io.libprocess.support.OpenFiles;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class SocketTest {

  enum Kind {
    IP,
    UNIX,
    TLS
  }

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private final Network network = new Network(2);
  private ServerSocket server;
  private Socket near; // The client's end.
  private Socket far; // The server's end.

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  @AfterEach
  void close() {
    network.close();
  }

  private static Throwable failure(Future<?> future) {
    assertTrue(future.await(Network.LIMIT));
    assertTrue(future.isFailed(), future::toString);
    return future.failure();
  }

  private static String text(Future<Chunk> received) {
    return Expect.ready(received).utf8();
  }

  private void listen(Kind kind) throws IOException {
    Transport transport = network.transport;
    server =
        switch (kind) {
          case IP -> ServerSocket.listen(transport, Address.loopback(0), 16);
          case UNIX ->
              ServerSocket.listen(
                  transport, new UnixAddress(directory.resolve("socket").toString()), 16);
          case TLS ->
              ServerSocket.listen(transport, Address.loopback(0), 16, shared.server().build());
        };
  }

  private Future<Socket> dial(Kind kind) {
    return kind == Kind.TLS
        ? Socket.connect(network.transport, server.address(), shared.client().build(), "localhost")
        : Socket.connect(network.transport, server.address());
  }

  private void connect(Kind kind) throws IOException {
    listen(kind);
    Future<Socket> accepted = server.accept();
    near = Expect.ready(dial(kind));
    far = Expect.ready(accepted);
  }

  /* ------ Memory ------ */

  /** The read-ahead of a socket draws on the memory of all connections. */
  @Test
  void readAhead_isCountedAndShortWhereNothingIsLeft() throws Exception {
    int limit = 1 << 20;
    MemoryBudget memory = new MemoryBudget(limit);
    try (Network small = new Network(1, Clock.system(), memory)) {
      server = ServerSocket.listen(small.transport, Address.loopback(0), 16);
      Future<Socket> accepted = server.accept();
      try (java.net.Socket peer = Network.dial(server.address())) {
        far = Expect.ready(accepted);
        peer.getOutputStream().write(new byte[30_000]);
        Expect.until(() -> memory.used() >= 30_000);
        assertEquals(30_000, Expect.ready(far.receiveExactly(30_000)).size());
        assertTrue(memory.used() < 10_000, memory.used() + " bytes");

        memory.take(limit);
        long before = memory.used(); // The connection itself is in it.
        peer.getOutputStream().write(new byte[2000]);
        Expect.until(() -> memory.used() >= before + 2000);
        peer.getOutputStream().write(new byte[30_000]);
        Expect.pause(100); // It must not read on, whatever time it has.
        long held = memory.used() - limit;
        memory.give(limit);
        assertEquals(32_000, Expect.ready(far.receiveExactly(32_000)).size());
        assertTrue(held < 15_000, held + " bytes");
      }
      far.close();
    }
  }

  /* ------ Pinned ------ */

  @ParameterizedTest
  @EnumSource
  void unixAndOthers_sendBothWays(Kind kind) throws Exception {
    connect(kind);

    Expect.ready(near.send(Chunk.utf8("hello")));
    assertEquals("hello", text(far.receiveExactly(5)));
    Expect.ready(far.send(Chunk.utf8("and back")));
    assertEquals("and back", text(near.receiveExactly(8)));
    assertEquals(kind == Kind.TLS, near.tls().isPresent());
  }

  @ParameterizedTest
  @EnumSource
  void eofBeforeRecv_givesNothing(Kind kind) throws Exception {
    connect(kind);
    Expect.ready(far.send(Chunk.utf8("data")));
    far.shutdown(Socket.Direction.READ_WRITE);

    assertEquals("data", text(near.receiveExactly(4)));
    assertEquals("", text(near.receiveExactly(4)));
    assertEquals("", text(near.receive(4)));
    assertEquals("", text(near.receiveAll(4)));
  }

  @ParameterizedTest
  @EnumSource
  void eofAfterRecv_givesNothing(Kind kind) throws Exception {
    connect(kind);
    Future<Chunk> pending = near.receive(100);
    assertTrue(pending.isPending());

    far.shutdown(Socket.Direction.READ_WRITE);

    assertEquals("", text(pending));
  }

  @Test
  void disabled_aServerWithoutCertificateIsAnError() {
    Tls nobody = Tls.builder().authorities(shared.authority.certificate()).build();

    assertThrows(
        IllegalStateException.class,
        () -> ServerSocket.listen(network.transport, Address.loopback(0), 1, nobody));
  }

  @Test
  void nonSSLSocket_failsOneAcceptAndTheNextSucceeds() throws Exception {
    listen(Kind.TLS);
    Future<Socket> first = server.accept();
    Socket plain = Expect.ready(Socket.connect(network.transport, server.address()));
    Expect.ready(plain.send(Chunk.utf8("GET / HTTP/1.1\r\n\r\n")));

    assertContains("what the peer sends is not TLS", failure(first).getMessage());
    Future<Socket> second = server.accept();
    Expect.ready(dial(Kind.TLS));
    Expect.ready(second);
  }

  @Test
  void silentSocket_leavesAcceptPendingAndDelaysNobody() throws Exception {
    listen(Kind.TLS);
    Future<Socket> accepted = server.accept();
    Expect.ready(Socket.connect(network.transport, server.address()));
    assertTrue(accepted.isPending());

    near = Expect.ready(dial(Kind.TLS));

    assertEquals(near.address(), Expect.ready(accepted).peer());
  }

  @ParameterizedTest
  @EnumSource
  void peerAddress_agreesOnBothEnds(Kind kind) throws Exception {
    connect(kind);

    assertEquals(near.address(), far.peer());
    assertEquals(far.address(), near.peer());
    assertEquals(server.address(), near.peer());
  }

  @ParameterizedTest
  @EnumSource
  void shutdownThenSend_fails(Kind kind) throws Exception {
    connect(kind);
    near.shutdown(Socket.Direction.WRITE);

    assertContains("is shut down", failure(near.send(Chunk.utf8("late"))).getMessage());
    Expect.ready(far.send(Chunk.utf8("answer")));
    assertEquals("answer", text(near.receiveExactly(6)));
  }

  /* ------ Receiving ------ */

  @ParameterizedTest
  @EnumSource
  void receive_takesWhatIsThere(Kind kind) throws Exception {
    connect(kind);
    Future<Chunk> pending = far.receive(3);

    Expect.ready(near.send(Chunk.utf8("abcdefgh")));

    assertEquals("abc", text(pending));
    assertEquals("de", text(far.receiveExactly(2)));
    assertEquals("fgh", text(far.receive(100)));
    assertEquals("", text(far.receiveExactly(0)));
  }

  @ParameterizedTest
  @EnumSource
  void receive_discardLeavesTheDataForTheNext(Kind kind) throws Exception {
    connect(kind);
    Expect.ready(near.send(Chunk.utf8("ab")));
    Future<Chunk> pending = far.receiveExactly(3);

    pending.discard();

    assertTrue(pending.isDiscarded());
    Expect.ready(near.send(Chunk.utf8("c")));
    assertEquals("abc", text(far.receiveExactly(3)));
  }

  @Test
  void receive_twiceAtOnceFails() throws Exception {
    connect(Kind.IP);
    Future<Chunk> first = far.receive(1);

    assertEquals("Socket is already receiving", failure(far.receive(1)).getMessage());
    Expect.ready(near.send(Chunk.utf8("x")));
    assertEquals("x", text(first));
  }

  @ParameterizedTest
  @EnumSource
  void receiveAll_endsWithTheStreamOrTooMuch(Kind kind) throws Exception {
    connect(kind);
    Expect.ready(near.send(Chunk.utf8("all of it")));
    Future<Chunk> tooMuch = far.receiveAll(5);
    assertEquals("more than 5 bytes arrived", failure(tooMuch).getMessage());
    Future<Chunk> all = far.receiveAll(100);
    assertTrue(all.isPending());

    near.shutdown(Socket.Direction.WRITE);

    assertEquals("all of it", text(all));
  }

  @ParameterizedTest
  @EnumSource
  void receive_afterShutdownOfReadIsAtTheEnd(Kind kind) throws Exception {
    connect(kind);
    Future<Chunk> pending = far.receive(1);

    far.shutdown(Socket.Direction.READ);

    assertEquals("", text(pending));
    assertEquals("", text(far.receive(1)));
    Expect.ready(far.send(Chunk.utf8("still writing")));
    assertEquals("still writing", text(near.receiveExactly(13)));
  }

  @Test
  void receive_completesInATurn() throws Exception {
    connect(Kind.IP);
    AtomicReference<RunLoop> loop = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    far.receive(1)
        .onAny(
            received -> {
              loop.set(RunLoop.current());
              done.countDown();
            });

    Expect.ready(near.send(Chunk.utf8("x")));

    Network.await(done);
    assertSame(network.scheduler, loop.get().scheduler());
  }

  /* ------ Sending ------ */

  @ParameterizedTest
  @EnumSource
  void send_waitsForAPeerThatIsBehind(Kind kind) throws Exception {
    connect(kind);
    byte[] bytes = new byte[16 << 20];
    new Random(7).nextBytes(bytes);

    Future<Void> sent = near.send(Chunk.of(bytes));

    assertTrue(sent.isPending(), "a socket that takes 16 MiB");
    assertEquals(Chunk.of(bytes), Expect.ready(far.receiveExactly(bytes.length)));
    Expect.ready(sent);
  }

  @Test
  void send_failsWhenThePeerGoesAway() throws Exception {
    connect(Kind.IP);
    Future<Void> sent = near.send(Chunk.of(new byte[16 << 20]));
    assertTrue(sent.isPending());

    network.transport.close();

    assertTrue(failure(sent) instanceof IOException);
    assertTrue(failure(near.send(Chunk.utf8("x"))) instanceof IOException);
  }

  @ParameterizedTest
  @EnumSource
  void sendfile_sendsAPart(Kind kind) throws Exception {
    connect(kind);
    byte[] bytes = new byte[3_000_000];
    new Random(8).nextBytes(bytes);
    Path file = Files.write(directory.resolve("file-" + kind), bytes);

    Future<Long> sent = near.sendfile(file, 1000, 2_000_000);
    Chunk received = Expect.ready(far.receiveExactly(2_000_000));

    assertEquals(2_000_000, Expect.ready(sent));
    assertEquals(Chunk.of(bytes, 1000, 2_000_000), received);
    assertEquals(10L, Expect.ready(near.sendfile(file, bytes.length - 10, 500)));
    assertEquals(0L, Expect.ready(near.sendfile(file, bytes.length + 1, 500)));
    assertEquals(0L, Expect.ready(near.sendfile(file, 0, 0)));
    assertContains("nowhere", failure(near.sendfile(Path.of("nowhere"), 0, 1)).toString());
  }

  @Test
  void sendfile_closesTheFile() throws Exception {
    connect(Kind.IP);
    Path file = Files.write(directory.resolve("small"), new byte[10]);
    assertEquals(10L, Expect.ready(near.sendfile(file, 0, 10)));
    Expect.until(() -> !OpenFiles.contain(file));
  }

  @Test
  void sendfile_discardStops() throws Exception {
    connect(Kind.IP);
    Path file = Files.write(directory.resolve("large"), new byte[8 << 20]);
    Future<Long> sent = near.sendfile(file, 0, 8 << 20);

    sent.discard();
    List<Integer> sizes = new ArrayList<>();
    while (sent.isPending()) {
      Future<Chunk> piece = far.receive(1 << 20);
      if (piece.await(java.time.Duration.ofMillis(100))) {
        sizes.add(piece.get().size());
      } else {
        piece.discard();
      }
    }

    assertTrue(sent.isDiscarded());
    assertTrue(sizes.stream().mapToLong(size -> size).sum() < 8 << 20);
  }

  /* ------ Accepting, connecting, closing ------ */

  @Test
  void accept_discardStopsWaiting() throws Exception {
    listen(Kind.IP);
    Future<Socket> given = server.accept();
    given.discard();
    assertTrue(given.isDiscarded());

    Future<Socket> taken = server.accept();
    near = Expect.ready(dial(Kind.IP));

    assertEquals(near.address(), Expect.ready(taken).peer());
  }

  @Test
  void accept_failsWhenTheServerSocketIsClosed() throws Exception {
    listen(Kind.IP);
    Future<Socket> pending = server.accept();

    server.close();
    server.close();

    assertEquals("Socket destroyed while accepting", failure(pending).getMessage());
    assertEquals("Socket destroyed while accepting", failure(server.accept()).getMessage());
    assertTrue(failure(dial(Kind.IP)) instanceof IOException);
  }

  @ParameterizedTest
  @EnumSource
  void accept_failsWhenTheTransportIsClosed(Kind kind) throws Exception {
    listen(kind);
    Future<Socket> pending = server.accept();

    network.transport.close();

    assertEquals("Socket destroyed while accepting", failure(pending).getMessage());
    assertEquals("Socket destroyed while accepting", failure(server.accept()).getMessage());
  }

  @Test
  void close_endsTheConnectionsThatNobodyAccepted() throws Exception {
    listen(Kind.IP);
    near = Expect.ready(dial(Kind.IP));
    Expect.ready(near.send(Chunk.utf8("anybody?")));
    Future<Chunk> end = near.receive(1);

    // The connection may not have arrived yet: then it is refused later.
    server.close();

    assertTrue(end.await(Network.LIMIT));
    assertFalse(end.isReady() && end.get().size() > 0);
  }

  @Test
  void backlog_limitsWhoWaits() throws Exception {
    server = ServerSocket.listen(network.transport, Address.loopback(0), 1);
    Socket first = Expect.ready(dial(Kind.IP));
    Socket second = Expect.ready(dial(Kind.IP));
    Future<Chunk> firstEnd = first.receive(1);
    Future<Chunk> secondEnd = second.receive(1);

    Expect.ready(Futures.select(List.of(firstEnd, secondEnd)));
    assertTrue(firstEnd.isPending() || secondEnd.isPending());
    Expect.ready(server.accept());
  }

  @Test
  void connect_toNobodyNamesTheAddress() throws Exception {
    listen(Kind.UNIX);
    server.close();

    assertContains(
        "Failed to connect to " + server.address() + ": ", failure(dial(Kind.UNIX)).getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void close_sendsWhatIsQueued(Kind kind) throws Exception {
    connect(kind);
    Future<Chunk> pending = near.receive(1);

    near.send(Chunk.of(new byte[1 << 20]));
    near.close();
    near.close();

    assertContains("is closed", failure(pending).getMessage());
    assertContains("is closed", failure(near.send(Chunk.utf8("x"))).getMessage());
    assertEquals(1 << 20, Expect.ready(far.receiveAll(2 << 20)).size());
  }
}
