package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport whose loops are polled one by one, in one thread. */
@Timeout(60)
class NioTransportRoundsTest {

  private static final Address ANY_PORT = Address.loopback(0);

  private final HandScheduler scheduler = new HandScheduler(Clock.system());
  private final MemoryBudget memory = MemoryBudget.ofHeap();
  private final List<RestlessSelector> selectors = new ArrayList<>();
  private final List<Recorder> opened = new ArrayList<>();
  private final List<SocketChannel> peers = new ArrayList<>();
  private NioTransport transport;
  private boolean isShortOfDescriptors;

  @AfterEach
  void close() throws IOException {
    if (transport != null) {
      beginClosing();
      for (int loop = 0; loop < selectors.size(); loop++) {
        round(loop);
      }
    }
    for (SocketChannel peer : peers) {
      peer.close();
    }
  }

  private void open(int loops) {
    transport = new NioTransport(scheduler, loops, memory, this::newSelector);
  }

  private RestlessSelector newSelector() throws IOException {
    if (isShortOfDescriptors) {
      throw new IOException("Too many open files");
    }
    RestlessSelector selector = new RestlessSelector();
    selectors.add(selector);
    return selector;
  }

  /** Lets a loop poll, and does what became ready. */
  private void round(int loop) {
    if (selectors.get(loop).isOpen()) {
      scheduler.polled.get(loop).poll();
    }
    scheduler.runAll();
  }

  /** Closes the transport, on a thread that does not wait until it is closed. */
  private void beginClosing() {
    scheduler.isRuntime = true;
    transport.close();
    scheduler.isRuntime = false;
  }

  private Recorder open(Transport.Channel channel) {
    Recorder recorder = new Recorder(channel);
    opened.add(recorder);
    return recorder;
  }

  private Transport.Listener listen() throws IOException {
    return transport.listen(ANY_PORT, 10, this::open);
  }

  private SocketChannel dial(Transport.Listener listener) throws IOException {
    SocketChannel peer = SocketChannel.open(Addresses.toSystem(listener.address()));
    peers.add(peer);
    return peer;
  }

  private static void assertEnds(SocketChannel peer) throws IOException {
    assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
  }

  @Test
  void loops_haveASelectorEachAndGetTheConnectionsInTurn() throws Exception {
    open(3);
    assertEquals(3, selectors.size());
    assertEquals(3, scheduler.polled.size());
    Transport.Listener listener = listen();
    round(0);
    for (int i = 0; i < 3; i++) {
      dial(listener);
    }
    round(0);
    assertEquals(1, opened.size()); // The last one is its own.
    round(1);
    assertEquals(2, opened.size());
    round(2);
    assertEquals(3, opened.size());
    assertEquals(List.of(2, 1, 1), selectors.stream().map(one -> one.keys().size()).toList());
  }

  @Test
  void selectorThatCannotBeOpened_hasTheOthersClosed() {
    IOException why = new IOException("Too many open files");
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () -> new NioTransport(scheduler, 3, memory, () -> secondFails(why)));
    assertEquals("cannot open a selector", failure.getMessage());
    assertSame(why, failure.getCause());
    assertFalse(selectors.get(0).isOpen());
    assertEquals(List.of(), scheduler.polled);
  }

  @Test
  void loopForWhichThereIsNoMemory_hasTheOthersClosed() {
    OutOfMemoryError why = new OutOfMemoryError("of a test");
    assertSame(
        why,
        assertThrows(
            OutOfMemoryError.class,
            () -> new NioTransport(scheduler, 3, memory, () -> secondFails(why))));
    assertFalse(selectors.get(0).isOpen());
    assertEquals(List.of(), scheduler.polled);
  }

  private RestlessSelector secondFails(Throwable why) throws IOException {
    if (selectors.size() == 1) {
      if (why instanceof Error error) {
        throw error;
      }
      throw (IOException) why;
    }
    return newSelector();
  }

  /** The port would be open, and nobody would accept. */
  @Test
  void listener_thatCannotBeWatchedIsClosed() throws Exception {
    open(1);
    try (LogCapture log = new LogCapture()) {
      Transport.Listener listener = listen();
      isShortOfDescriptors = true;
      selectors.get(0).close();
      scheduler.polled.get(0).poll();
      scheduler.runAll();
      isShortOfDescriptors = false;
      assertTrue(listener.closed().isReady());
      assertThrows(ConnectException.class, () -> dial(listener));
      log.await("The listener on " + listener.address() + " cannot be watched");
    }
    scheduler.polled.get(0).poll();
    assertEquals(2, selectors.size());
    selectors.remove(0);
  }

  /* ------ While it closes ------ */

  @Test
  void listener_thatWasMadeJustBeforeIsClosed() throws Exception {
    open(1);
    Transport.Listener listener = listen();
    beginClosing();
    round(0);
    assertTrue(listener.closed().isReady());
    assertThrows(ConnectException.class, () -> dial(listener));
  }

  @Test
  void connection_thatIsGivenToALoopThatHasEndedIsClosed() throws Exception {
    open(2);
    Transport.Listener listener = listen();
    round(0);
    SocketChannel peer = dial(listener);
    beginClosing();
    round(1);
    round(0); // It still accepts.
    assertEnds(peer);
    assertEquals(List.of(), opened);
  }

  @Test
  void connection_thatIsGivenToALoopThatIsEndingIsClosed() throws Exception {
    open(2);
    Transport.Listener listener = listen();
    round(0);
    SocketChannel peer = dial(listener);
    round(0);
    beginClosing();
    round(1);
    assertEnds(peer);
    assertEquals(List.of(), opened);
  }

  @Test
  void connections_areClosedAndAttemptsFail() throws Exception {
    open(1);
    Transport.Listener listener = listen();
    SocketChannel peer = dial(listener);
    round(0);
    round(0);
    Future<Transport.Channel> attempt = transport.connect(listener.address(), Recorder::new);
    beginClosing();
    round(0);
    assertEnds(peer);
    assertEquals(0, opened.get(0).closed.getCount());
    assertTrue(attempt.isFailed());
    assertEquals(0, memory.used());
  }

  @Test
  void nothing_isBegunAfterwards() throws Exception {
    open(1);
    Transport.Listener listener = listen();
    round(0);
    beginClosing();
    round(0);
    assertThrows(IOException.class, this::listen);
    assertTrue(transport.connect(listener.address(), Recorder::new).isFailed());
    try (SocketChannel any = SocketChannel.open()) {
      any.configureBlocking(false);
      Future<Integer> poll = transport.poll(any, SelectionKey.OP_CONNECT);
      assertEquals("the transport is closed", poll.failure().getMessage());
    }
  }

  /* ------ Names ------ */

  @Test
  void resolve_isDiscardedThoughTheLookUpGoesOn() {
    open(1);
    Future<List<InetAddress>> resolving = transport.resolve("127.0.0.1");
    resolving.discard();
    assertTrue(resolving.isDiscarded());
    scheduler.runAll();
    assertTrue(resolving.isDiscarded());
  }

  @Test
  void resolve_looksUpOnAThreadThatMayBlock() {
    open(1);
    Future<List<InetAddress>> resolving = transport.resolve("127.0.0.1");
    assertTrue(resolving.isPending());
    scheduler.runAll();
    assertTrue(resolving.isReady());
    assertInstanceOf(InetAddress.class, resolving.get().get(0));
  }
}
