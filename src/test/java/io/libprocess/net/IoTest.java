package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.nio.Addresses;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

@Timeout(60)
class IoTest {

  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;

  private final Network network = new Network(2);
  private final Transport transport = network.transport;
  private Pipe.SourceChannel source;
  private Pipe.SinkChannel sink;

  @BeforeEach
  void openPipe() throws IOException {
    Pipe pipe = Pipe.open();
    source = pipe.source();
    sink = pipe.sink();
    source.configureBlocking(false);
    sink.configureBlocking(false);
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    source.close();
    sink.close();
  }

  private static Throwable failure(Future<?> future) {
    assertTrue(future.await(Network.LIMIT));
    assertTrue(future.isFailed(), future::toString);
    return future.failure();
  }

  private void assertDiscards(Future<?> future) {
    future.discard();
    assertTrue(future.await(Network.LIMIT));
    assertTrue(future.isDiscarded(), future::toString);
  }

  private void put(String text) throws IOException {
    sink.write(Recorder.utf8(text));
  }

  private int fill() throws IOException {
    int size = 0;
    for (int written = 1; written > 0; size += written) {
      written = sink.write(ByteBuffer.allocate(64 * 1024));
    }
    return size;
  }

  @Test
  void pollRead_waitsForData() throws Exception {
    assertDiscards(Io.poll(transport, source, READ));
    Future<Integer> ready = Io.poll(transport, source, READ);
    assertTrue(ready.isPending());

    put("x");

    assertEquals(READ, Expect.ready(ready));
  }

  @Test
  void pollWrite_waitsForRoom() throws Exception {
    assertEquals(WRITE, Expect.ready(Io.poll(transport, sink, WRITE)));
    int full = fill();
    assertDiscards(Io.poll(transport, sink, WRITE));
    Future<Integer> ready = Io.poll(transport, sink, WRITE);
    assertTrue(ready.isPending());

    source.read(ByteBuffer.allocate(full));

    assertEquals(WRITE, Expect.ready(ready));
  }

  @Test
  void poll_severalWaitForOneChannel() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (SocketChannel socket = SocketChannel.open(Addresses.toSystem(listener.address()))) {
      socket.configureBlocking(false);
      Future<Integer> first = Io.poll(transport, socket, READ);
      Future<Integer> second = Io.poll(transport, socket, READ);
      Future<Integer> third = Io.poll(transport, socket, READ);

      assertEquals(WRITE, Expect.ready(Io.poll(transport, socket, READ | WRITE)));
      assertDiscards(second);
      assertTrue(first.isPending());
      network.nextAccepted().channel.write(Recorder.utf8("x"));

      assertEquals(READ, Expect.ready(first));
      assertEquals(READ, Expect.ready(third));
    }
  }

  @Test
  void channel_thatBlocksIsRefused() throws Exception {
    source.configureBlocking(true);
    sink.configureBlocking(true);

    for (Future<?> refused :
        List.of(
            Io.poll(transport, source, READ),
            Io.read(transport, source, 1),
            Io.readAll(transport, source, 1),
            Io.write(transport, sink, Chunk.utf8("x")),
            Io.redirect(transport, source, piece -> Future.done()))) {
      assertTrue(failure(refused).getMessage().contains("that does not block"));
    }
    source.configureBlocking(false);
    assertEquals(0, source.read(ByteBuffer.allocate(1)), "nothing was written");
  }

  @Test
  void poll_failsWhenTheTransportIsClosed() throws Exception {
    Future<Integer> pending = Io.poll(transport, source, READ);

    transport.close();

    assertEquals("the transport is closed", failure(pending).getMessage());
    assertEquals("the transport is closed", failure(Io.poll(transport, source, READ)).getMessage());
  }

  @Test
  void read_likeThePinnedOne() throws Exception {
    assertEquals(Chunk.empty(), Expect.ready(Io.read(transport, source, 0)));
    assertDiscards(Io.read(transport, source, 3));
    Future<Chunk> pending = Io.read(transport, source, 3);
    put("hello");
    assertEquals("hel", Expect.ready(pending).utf8());
    assertEquals("lo", Expect.ready(Io.read(transport, source, 100)).utf8());
    Future<Chunk> end = Io.read(transport, source, 3);
    sink.close();
    assertTrue(Expect.ready(end).isEmpty());
    assertTrue(Expect.ready(Io.read(transport, source, 3)).isEmpty());
    assertThrows(IllegalArgumentException.class, () -> Io.read(transport, source, -1));
  }

  @Test
  void read_failsOnClosedAndBlockingChannels() throws Exception {
    source.configureBlocking(true);
    assertInstanceOf(IllegalArgumentException.class, failure(Io.read(transport, source, 1)));
    assertInstanceOf(IllegalArgumentException.class, failure(Io.poll(transport, source, READ)));
    source.close();
    assertInstanceOf(ClosedChannelException.class, failure(Io.read(transport, source, 1)));
    sink.close();
    assertInstanceOf(
        ClosedChannelException.class, failure(Io.write(transport, sink, Chunk.utf8("x"))));
  }

  @Test
  void bufferedRead_readsToTheEnd() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(3).nextBytes(bytes);
    Future<Chunk> all = Io.readAll(transport, source, bytes.length);

    Expect.ready(Io.write(transport, sink, Chunk.of(bytes)));
    sink.close();

    assertEquals(Chunk.of(bytes), Expect.ready(all));
  }

  @Test
  void readAll_refusesMoreThanTheLimit() throws Exception {
    put("four");

    assertEquals(
        "more than 3 bytes to be read", failure(Io.readAll(transport, source, 3)).getMessage());
  }

  @Test
  void write_failsWhenTheReaderIsClosed() throws Exception {
    Expect.ready(Io.write(transport, sink, Chunk.empty()));
    Expect.ready(Io.write(transport, sink, Chunk.utf8("hi")));
    assertEquals("hi", Expect.ready(Io.read(transport, source, 2)).utf8());
    source.close();

    assertInstanceOf(IOException.class, failure(Io.write(transport, sink, Chunk.utf8("x"))));
  }

  @Test
  void blockingWrite_staysPendingUntilItIsDrained() throws Exception {
    Chunk large = Chunk.of(new byte[1 << 20]);
    Future<Void> written = Io.write(transport, sink, large);
    assertTrue(written.isPending());

    assertEquals(1 << 20, drain(1 << 20));
    Expect.ready(written);
    Future<Void> discarded = Io.write(transport, sink, large);
    assertDiscards(discarded);
  }

  @Test
  void write_keepsTheMemoryUntilItIsDone() throws Exception {
    AtomicInteger givenBack = new AtomicInteger();
    byte[] bytes = new byte[1 << 20];
    Chunk chunk = Chunk.lent(bytes, 0, bytes.length, givenBack::incrementAndGet);
    Future<Void> written = Io.write(transport, sink, chunk);
    chunk.release();
    assertTrue(written.isPending());
    assertEquals(0, givenBack.get());

    drain(bytes.length);
    Expect.ready(written);
    Expect.until(() -> givenBack.get() == 1);
  }

  @Test
  void write_leavesTheChunkToTheCaller() throws Exception {
    AtomicInteger givenBack = new AtomicInteger();
    Chunk chunk = Chunk.lent(new byte[10], 0, 10, givenBack::incrementAndGet);
    Expect.ready(Io.write(transport, sink, chunk));
    source.close();
    failure(Io.write(transport, sink, chunk));
    assertEquals(0, givenBack.get());
    chunk.release();
    assertEquals(1, givenBack.get());
  }

  private int drain(int size) {
    int drained = 0;
    while (drained < size) {
      drained += Expect.ready(Io.read(transport, source, size)).size();
    }
    return drained;
  }

  @Test
  void redirect_copiesUntilTheEnd() throws Exception {
    Pipe second = Pipe.open();
    second.sink().configureBlocking(false);
    second.source().configureBlocking(false);
    ByteArrayOutputStream hook = new ByteArrayOutputStream();
    Future<Long> copied =
        Io.redirect(
            transport,
            source,
            piece -> {
              hook.writeBytes(piece.toArray());
              return Io.write(transport, second.sink(), piece);
            });
    Future<Chunk> all = Io.readAll(transport, second.source(), 1 << 20);

    put("one ");
    put("two");
    assertTrue(copied.isPending());
    sink.close();

    assertEquals(7L, Expect.ready(copied));
    second.sink().close();
    assertEquals("one two", Expect.ready(all).utf8());
    assertEquals("one two", hook.toString());
    second.source().close();
  }

  @Test
  void redirect_failsWithItsSinkAndStopsOnDiscard() throws Exception {
    assertDiscards(Io.redirect(transport, source, piece -> Future.done()));
    put("x");
    assertEquals(
        "full",
        failure(Io.redirect(transport, source, piece -> Future.failed("full"))).getMessage());
  }

  @Test
  void whatIsMissing_isFoundOutAtOnce() {
    assertMissing("channel", () -> Io.poll(transport, null, READ));
    assertMissing("sink", () -> Io.redirect(transport, source, null));
  }

  private static void assertMissing(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }

  @Test
  void whatTheChannelRefuses_failsTheFuture() throws Exception {
    assertTrue(failure(Io.poll(transport, source, 0)) instanceof IllegalArgumentException);
    assertTrue(failure(Io.poll(transport, source, WRITE)) instanceof IllegalArgumentException);
    try (SocketChannel unconnected = SocketChannel.open()) {
      unconnected.configureBlocking(false);
      assertTrue(failure(Io.read(transport, unconnected, 1)) instanceof NotYetConnectedException);
      assertTrue(
          failure(Io.write(transport, unconnected, Chunk.utf8("x")))
              instanceof NotYetConnectedException);
    }
  }
}
