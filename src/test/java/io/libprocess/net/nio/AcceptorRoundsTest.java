package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.net.UnixAddress;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener round by round of its event loop, in one thread. */
@Timeout(60)
class AcceptorRoundsTest {

  private static final int MOST_IN_A_TURN = 256;
  private static final int ACCEPT = SelectionKey.OP_ACCEPT;

  private final List<SocketChannel> accepted = new ArrayList<>();
  private final List<SocketChannel> peers = new ArrayList<>();
  private HandLoop hand;
  private LogCapture log;
  private ServerSocketChannel server;
  private Acceptor acceptor;
  private Throwable failing; // What accepting throws.
  private Throwable refusing; // What taking an accepted socket throws.

  @BeforeEach
  void open() throws IOException {
    log = new LogCapture();
    hand = new HandLoop();
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(Address.loopback(0).ip(), 0));
    acceptor = watch();
  }

  @AfterEach
  void close() throws IOException {
    hand.selector().beginning = () -> {};
    hand.close();
    assertFalse(server.isOpen());
    for (SocketChannel socket : accepted) {
      socket.close();
    }
    for (SocketChannel socket : peers) {
      socket.close();
    }
    log.close();
  }

  private Acceptor watch() throws IOException {
    server.configureBlocking(false);
    Acceptor made = new Acceptor(hand.loop, server, this::accept, this::take);
    hand.add(made);
    return made;
  }

  private SocketChannel accept() throws IOException {
    EventLoopFixture.sneak(failing);
    return server.accept();
  }

  private void take(SocketChannel socket) {
    EventLoopFixture.sneak(refusing);
    accepted.add(socket);
  }

  private void dial() throws IOException {
    peers.add(SocketChannel.open(server.getLocalAddress()));
  }

  private int interest() {
    return hand.selector().keys().stream()
        .filter(key -> key.channel() == server && key.isValid())
        .mapToInt(SelectionKey::interestOps)
        .findAny()
        .orElse(-1);
  }

  private long warnings() {
    return log.warnings().stream()
        .filter(text -> text.contains("Connections to " + acceptor.address()))
        .count();
  }

  @Test
  void connections_areAcceptedAllAtOnce() throws IOException {
    for (int i = 0; i < 5; i++) {
      dial();
    }
    hand.round();
    assertEquals(5, accepted.size());
    assertEquals(ACCEPT, interest());
    assertEquals(Addresses.ofSystem(server.getLocalAddress()), acceptor.address());
  }

  @Test
  void others_haveTheirTurnHoweverManyConnectionsWait() throws IOException {
    int[] taken = {0};
    try (SocketChannel any = SocketChannel.open();
        ServerSocketChannel busy = ServerSocketChannel.open()) {
      busy.configureBlocking(false);
      busy.bind(new InetSocketAddress(Address.loopback(0).ip(), 0));
      hand.add(new Acceptor(hand.loop, busy, () -> any, socket -> taken[0]++));
      peers.add(SocketChannel.open(busy.getLocalAddress()));
      hand.round();
      assertEquals(MOST_IN_A_TURN, taken[0]);
      hand.round();
      assertEquals(2 * MOST_IN_A_TURN, taken[0]);
    }
  }

  @Test
  void accept_thatFailsIsTriedAgainLaterAndLoggedOnce() throws Exception {
    dial();
    failing = new OutOfMemoryError("on purpose");
    hand.round();
    assertEquals(0, interest());
    assertTrue(server.isOpen());
    hand.round(); // Waits, and then tries again.
    assertEquals(ACCEPT, interest());
    hand.round();
    assertEquals(0, interest());
    log.await("cannot be accepted; keeps trying");
    failing = null;
    hand.rounds();
    assertEquals(1, accepted.size());
    assertEquals(1, warnings());

    dial();
    failing = new OutOfMemoryError("on purpose");
    hand.round();
    log.await("cannot be accepted; keeps trying"); // All had been accepted meanwhile.
    assertEquals(2, warnings());
  }

  @Test
  void connection_thatCannotBeTakenIsClosed() throws Exception {
    dial();
    dial();
    refusing = new OutOfMemoryError("on purpose");
    hand.round();
    assertEquals(-1, peers.get(0).read(ByteBuffer.allocate(1)));
    assertEquals(0, interest());
    refusing = null;
    hand.rounds();
    assertEquals(1, accepted.size());
  }

  @Test
  void connections_waitWhileThereAreEnough() throws Exception {
    int most = 0;
    for (; !hand.connections.areMost(); most++) {
      hand.connections.opened("somebody");
    }
    dial();
    hand.rounds();
    assertEquals(0, accepted.size());
    log.await("cannot be accepted; keeps trying");
    hand.connections.closed("somebody");
    hand.rounds();
    assertEquals(1, accepted.size());
    for (int i = 1; i < most; i++) {
      hand.connections.closed("somebody");
    }
  }

  @Test
  void mostSilentConnection_makesRoom() throws IOException {
    List<String> done = new ArrayList<>();
    Selectable silent =
        new Selectable() {
          @Override
          public void register(Selector selector) {}

          @Override
          public void ready(int operations) {}

          @Override
          public long silentSince() {
            return 1;
          }

          @Override
          public void abort() {
            done.add("abort");
            hand.loop.remove(this);
          }
        };
    hand.add(silent);
    dial();
    failing = new OutOfMemoryError("on purpose");
    hand.poll();
    assertEquals(List.of("abort"), done);
    assertEquals(ACCEPT, interest()); // It tries again at once: a descriptor is free.
    failing = null;
    hand.rounds();
    assertEquals(1, accepted.size());
  }

  @Test
  void newSelector_getsTheInterestThatThereIs() throws IOException {
    hand.replaceSelector();
    assertEquals(ACCEPT, interest());
    dial();
    failing = new OutOfMemoryError("on purpose");
    hand.poll();
    hand.replaceSelector();
    assertEquals(0, interest());
    failing = null;
    hand.rounds();
    assertEquals(1, accepted.size());
    hand.replaceSelector();
    assertEquals(ACCEPT, interest(), "the rest is over");
  }

  @Test
  void port_thatCannotBeWatchedIsKeptAndWatchedLater() throws IOException {
    hand.opening = () -> server.configureBlocking(true); // The selector then refuses it.
    hand.selector().beginning =
        () -> {
          hand.selector().close();
          throw new IOException("on purpose");
        };
    hand.round();
    assertEquals(-1, interest());
    assertTrue(server.isOpen());
    dial();
    hand.rounds();
    assertEquals(0, accepted.size());
    assertTrue(hand.failedRounds() > 0); // It was tried.
    server.configureBlocking(false);
    hand.rounds();
    assertEquals(ACCEPT, interest());
    assertEquals(1, accepted.size());
    hand.rounds();
    dial();
    hand.round();
    assertEquals(2, accepted.size());
  }

  @Test
  void close_freesThePort() throws Exception {
    Address address = (Address) acceptor.address();
    Thread closing = new Thread(acceptor::close);
    closing.start();
    while (closing.isAlive()) {
      hand.round();
    }
    assertFalse(server.isOpen());
    hand.replaceSelector();
    assertEquals(0, log.count(text -> text.contains("cannot be watched")));
    hand.rounds();
    server = ServerSocketChannel.open();
    server.bind(Addresses.toSystem(address));
    acceptor = watch();
    dial();
    hand.round();
    assertEquals(1, accepted.size());
  }

  @Test
  void end_isToldOnceInASeparateTask() {
    List<String> told = new ArrayList<>();
    acceptor.closed().onReady(done -> told.add("closed"));
    hand.loop.execute(acceptor::abort);
    hand.poll();
    assertFalse(server.isOpen());
    assertEquals(List.of(), told);
    hand.round();
    assertEquals(List.of("closed"), told);
    hand.run(acceptor::abort);
    assertEquals(List.of("closed"), told);
  }

  @Test
  void end_isToldWhenTheLoopEnds() {
    hand.loop.close();
    hand.round();
    assertTrue(acceptor.closed().isReady());
  }

  @Test
  void file_isDeletedWithItsSocket(@TempDir Path folder) throws IOException {
    acceptor.release();
    Path path = folder.resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    acceptor = watch();
    assertEquals(new UnixAddress(path.toString()), acceptor.address());
    dial();
    hand.round();
    assertEquals(1, accepted.size());
    assertTrue(Files.exists(path));
    hand.run(acceptor::abort);
    assertFalse(Files.exists(path));
  }
}
