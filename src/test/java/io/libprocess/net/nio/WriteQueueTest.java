package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Promise;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WriteQueueTest {

  private final Network network = new Network(1);

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  private static final int WRITERS = 8;
  private static final int FRAMES = 500;

  /** A frame: who wrote it, its number, and a payload that tells both. */
  private static ByteBuffer frame(int writer, int number, Random random) {
    int size = random.nextInt(10) == 0 ? 30_000 : random.nextInt(300);
    boolean direct = random.nextInt(4) == 0;
    ByteBuffer frame =
        direct ? ByteBuffer.allocateDirect(12 + size) : ByteBuffer.allocate(12 + size);
    frame.putInt(writer).putInt(number).putInt(size);
    while (frame.hasRemaining()) {
      frame.put((byte) (writer + number));
    }
    return direct ? frame.flip() : frame.flip().asReadOnlyBuffer();
  }

  @Test
  void manyWriters_interleaveWholeBuffersInTheOrderOfEach() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      CountDownLatch started = new CountDownLatch(WRITERS);
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        if (i % 2 == 0) {
          new Thread(() -> writeFrames(server.channel, writer, started)).start();
        } else {
          network.scheduler.ready(new OnWorker(() -> writeFrames(server.channel, writer, null)));
          started.countDown();
        }
      }

      int[] next = new int[WRITERS];
      DataInputStream in = new DataInputStream(peer.getInputStream());
      for (int i = 0; i < WRITERS * FRAMES; i++) {
        int writer = in.readInt();
        assertEquals(next[writer]++, in.readInt());
        byte[] expected = new byte[in.readInt()];
        Arrays.fill(expected, (byte) (writer + next[writer] - 1));
        assertArrayEquals(expected, in.readNBytes(expected.length));
      }
      assertTrue(Arrays.stream(next).allMatch(count -> count == FRAMES));
      // The peer may have the last byte before it is accounted for, but not the end.
      server.channel.end();
      assertEquals(-1, in.read());
      assertEquals(0, server.channel.queued());
      server.assertKeptContract();
    }
  }

  private static void writeFrames(Transport.Channel channel, int writer, CountDownLatch started) {
    if (started != null) {
      started.countDown();
      Network.await(started);
    }
    Random random = new Random(writer);
    for (int number = 0; number < FRAMES; number++) {
      channel.write(frame(writer, number, random));
    }
  }

  private static final class OnWorker extends Task {
    private static final long serialVersionUID = 1L;
    private final transient Runnable body;

    OnWorker(Runnable body) {
      this.body = body;
    }

    @Override
    protected void run(RunLoop loop) {
      body.run();
      loop.eventServed();
    }
  }

  @Test
  void write_waitsForTheEndOfTheEvent() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      long[] queued = new long[1];
      CountDownLatch done = new CountDownLatch(1);
      network.scheduler.ready(
          new OnWorker(
              () -> {
                for (int i = 0; i < 16; i++) {
                  server.channel.write(ByteBuffer.allocate(150));
                }
                queued[0] = server.channel.queued();
                done.countDown();
              }));

      Network.await(done);
      assertEquals(16 * 150, queued[0]);
      assertEquals(16 * 150, peer.getInputStream().readNBytes(16 * 150).length);
    }
  }

  @Test
  void drained_followsEveryFillingAboveTheMark() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      CountDownLatch drained = new CountDownLatch(1);
      Recorder server = network.nextAccepted();
      server.channel.write(ByteBuffer.allocate(1000));
      peer.getInputStream().readNBytes(1000);
      assertEquals(0, server.drains.get());

      int size = 32 << 20; // More than the system's buffers take.
      server.channel.write(ByteBuffer.allocate(size));
      assertTrue(server.channel.queued() > 0);
      assertEquals(0, server.drains.get());
      peer.getInputStream().readNBytes(size);

      network.scheduler.ready(new OnWorker(drained::countDown));
      Network.await(drained);
      server.channel.write(ByteBuffer.allocate(1));
      peer.getInputStream().readNBytes(1);
      server.channel.close();
      Network.await(server.closed);
      assertEquals(1, server.drains.get());
      server.assertKeptContract();
    }
  }

  @Test
  void drained_followsOnceOnAFillingByOneByteMoreThanTheMark() throws Exception {
    CountDownLatch drained = new CountDownLatch(1);
    CountDownLatch outputEnded = new CountDownLatch(1);
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onDrained() {
                    drained.countDown();
                  }

                  @Override
                  public void outputEnded() {
                    outputEnded.countDown();
                  }
                });
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      network.scheduler.ready(
          new OnWorker( // Nothing is sent before the event is over.
              () -> {
                server.channel.write(ByteBuffer.allocate(WriteQueue.HIGH_WATER));
                server.channel.write(ByteBuffer.allocate(1));
              }));
      Network.await(drained);
      server.channel.write(ByteBuffer.allocate(1));
      server.channel.end();
      Network.await(outputEnded); // What is told of the byte before has been told by now.
      assertEquals(1, server.drains.get());
      assertEquals(WriteQueue.HIGH_WATER + 2, peer.getInputStream().readAllBytes().length);
    }
  }

  @Test
  void write_thatFillsTheSocketBeforeItIsWatchedGoesOn() throws Exception {
    int size = 32 << 20; // More than the system's buffers take.
    Transport.Listener listener =
        network.listen(
            channel -> {
              Thread writer = new Thread(() -> channel.write(ByteBuffer.allocate(size)));
              writer.start();
              join(writer);
              return new Recorder(channel);
            });
    try (Socket peer = Network.dial(listener.address())) {
      assertEquals(size, peer.getInputStream().readNBytes(size).length);
    }
  }

  /** The round of the event loop in which a byte of the peer arrives now. */
  private static long round(Socket peer, Recorder server, int bytesBefore) throws Exception {
    peer.getOutputStream().write('x');
    server.awaitText(bytesBefore + 1);
    Promise<Long> round = new Promise<>();
    server.channel.execute(() -> round.set(((Selectable) server.channel).silentSince()));
    return Network.await(round.future());
  }

  /**
   * Otherwise the loop would go round and round, since a socket can nearly always be written to.
   */
  @Test
  void writability_isOfNoInterestWhenAllIsSent() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public boolean isExpendable() {
                    return true;
                  }
                });
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      int size = 32 << 20; // More than the system's buffers take.
      server.channel.write(ByteBuffer.allocate(size));
      peer.getInputStream().readNBytes(size);
      Expect.until(() -> server.channel.queued() == 0);
      long before = round(peer, server, 0);
      Expect.pause(50);
      long after = round(peer, server, 1);
      assertTrue(after - before < 100, before + ".." + after);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void close_dropsWhatIsQueued() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      server.channel.write(ByteBuffer.allocate(64 << 20));
      assertTrue(server.channel.queued() > 0);

      server.channel.close();

      Network.await(server.closed);
      assertEquals(0, server.channel.queued());
      assertTrue(server.failure.isEmpty());
      assertTrue(peer.getInputStream().readAllBytes().length < 64 << 20);
      server.assertKeptContract();
    }
  }

  @Test
  void closeAfterWrites_sendsEverythingFirst() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    Recorder server;
    try (Socket peer = Network.dial(listener.address())) {
      server = network.nextAccepted();
      server.channel.write(ByteBuffer.allocate(32 << 20));
      server.channel.closeAfterWrites();
      server.channel.closeAfterWrites();
      server.channel.write(ByteBuffer.allocate(1));

      assertEquals(32 << 20, peer.getInputStream().readAllBytes().length);
    }
    Network.await(server.closed);
    assertTrue(server.failure.isEmpty());
  }

  @Test
  void closeAfterWrites_afterTheEndOfTheOutputClosesToo() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      server.channel.end();
      assertEquals(-1, peer.getInputStream().read());
      server.channel.closeAfterWrites();
      Network.await(server.closed); // Though the peer keeps its side open.
      assertTrue(server.failure.isEmpty());
    }
  }

  @Test
  void closeAfterWrites_isHeardByAPeerThatStillSends() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    channel.write(Recorder.utf8("too large"));
                    channel.closeAfterWrites();
                  }
                });
    try (Socket peer = Network.dial(listener.address())) {
      OutputStream out = peer.getOutputStream();
      for (int i = 0; i < 400; i++) {
        out.write(new byte[100_000]); // Many clients look for an answer only when they have sent.
      }
      InputStream in = peer.getInputStream();
      assertEquals("too large", new String(in.readAllBytes()));
    }
    Recorder server = network.nextAccepted();
    Network.await(server.closed);
    server.assertKeptContract();
  }

  @Test
  void closeAfterWrites_readsNoEndlessStream() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Network patient = new Network(1, clock)) {
      Transport.Listener listener = patient.listen(Recorder::new);
      try (Socket peer = Network.dial(listener.address())) {
        Recorder server = patient.nextAccepted();
        server.channel.closeAfterWrites();
        OutputStream out = peer.getOutputStream();
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 2000; i++) {
                out.write(new byte[100_000]);
              }
            });
        Network.await(server.closed);
      }
    }
  }

  @Test
  void closeAfterWrites_waitsNotForEverForAPeerThatGoesOnSending() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Network patient = new Network(1, clock)) {
      Transport.Listener listener = patient.listen(Recorder::new);
      Recorder server = null;
      try (Socket peer = Network.dial(listener.address())) {
        server = patient.nextAccepted();
        server.channel.closeAfterWrites();
        assertEquals(-1, peer.getInputStream().read());
        for (int i = 0; i < 20 && server.closed.getCount() > 0; i++) {
          peer.getOutputStream().write(1); // Fails, at the latest, a while after it was closed.
          Expect.pause(50); // Mostly enough to have it read, so that the peer is not silent.
          clock.advance(Duration.ofSeconds(2));
        }
      } catch (IOException e) {
        // Closed.
      }
      Network.await(server.closed);
    }
  }

  @Test
  void closeAfterWrites_endsAlthoughThePeerDoesNot() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Network patient = new Network(1, clock)) {
      Transport.Listener listener = patient.listen(Recorder::new);
      try (Socket peer = Network.dial(listener.address())) {
        Recorder server = patient.nextAccepted();
        server.channel.write(Recorder.utf8("bye"));
        server.channel.closeAfterWrites();

        assertEquals("bye", new String(peer.getInputStream().readAllBytes()));
        assertEquals(1, server.closed.getCount());
        do {
          clock.advance(Duration.ofSeconds(2));
        } while (!server.closed.await(10, TimeUnit.MILLISECONDS));
        assertTrue(server.failure.isEmpty());
      }
    }
  }

  @Test
  void write_toAPeerThatIsGoneCloses() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    Recorder server;
    try (Socket peer = Network.dial(listener.address())) {
      server = network.nextAccepted();
      server.channel.pause(); // So that only writing can notice.
      peer.setSoLinger(true, 0);
    }
    while (server.closed.getCount() > 0) {
      server.channel.write(ByteBuffer.allocate(10_000));
    }
    assertTrue(server.failure.isPresent());
    server.assertKeptContract();
  }
}
