package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of channels when something throws, or several threads are in it. */
@Timeout(180)
class ClosingTest {

  private final Network network = new Network(2);

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  @Test
  void close_closesAndReleasesAllAlthoughReleasingThrows() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    AtomicInteger released = new AtomicInteger();
    Runnable giveBack =
        () -> {
          released.incrementAndGet();
          throw new OutOfMemoryError("on purpose");
        };
    try (Socket peer = Network.dial(listener.address());
        LogCapture log = new LogCapture()) {
      Recorder server = network.nextAccepted();
      byte[] much = new byte[32 << 20]; // More than the system takes.
      server.channel.write(Chunk.lent(much, 0, much.length, giveBack));
      server.channel.write(Chunk.lent(much, 0, much.length, giveBack));

      server.channel.close();

      Network.await(server.closed);
      Expect.until(() -> released.get() == 2);
      assertTrue(drain(peer) < much.length);
      log.await("could not be given back");
    }
  }

  private static long drain(Socket peer) {
    long all = 0;
    byte[] bytes = new byte[1 << 16];
    try {
      for (int n = peer.getInputStream().read(bytes);
          n >= 0;
          n = peer.getInputStream().read(bytes)) {
        all += n;
      }
    } catch (IOException reset) {
      // What was on its way is lost.
    }
    return all;
  }

  @Test
  void outputEnded_thatThrowsClosesTheChannel() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void outputEnded() {
                    throw new OutOfMemoryError("on purpose");
                  }
                });
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      server.channel.end();
      Network.await(server.closed);
      assertEquals("on purpose", server.failure.orElseThrow().getCause().getMessage());
      assertEquals(-1, peer.getInputStream().read());
    }
  }

  /** Whoever is the last, a channel is closed: its peer sees the end, and its handler is told. */
  @Test
  void close_racingWithOutputAndTheEndOfTheTransportClosesEach() throws Exception {
    int rounds = 20;
    int channels = 40;
    for (int round = 0; round < rounds; round++) {
      try (Network other = new Network(2)) {
        Transport.Listener listener = other.listen(Recorder::new);
        List<Socket> peers = new ArrayList<>();
        List<Recorder> servers = new ArrayList<>();
        for (int i = 0; i < channels; i++) {
          peers.add(Network.dial(listener.address()));
          servers.add(other.nextAccepted());
        }
        race(other, servers);
        for (int i = 0; i < channels; i++) {
          drain(peers.get(i)); // Ends, or is reset, within the time limit of the socket.
          peers.get(i).close();
          Network.await(servers.get(i).closed);
          servers.get(i).assertKeptContract();
        }
      }
    }
  }

  private static void race(Network network, List<Recorder> servers) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Future<?>> parts = new ArrayList<>();
      for (int part = 0; part < 3; part++) {
        boolean closes = part > 0;
        parts.add(
            threads.submit(
                () -> {
                  Network.await(start);
                  for (Recorder server : servers) {
                    server.channel.write(ByteBuffer.wrap(new byte[100_000]));
                    if (closes) {
                      server.channel.close();
                    }
                  }
                }));
      }
      parts.add(
          threads.submit(
              () -> {
                Network.await(start);
                network.transport.close();
              }));
      start.countDown();
      for (Future<?> part : parts) {
        part.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
