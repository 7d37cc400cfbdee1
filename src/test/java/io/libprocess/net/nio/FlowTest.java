package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large amounts of bytes, and holding them up. */
@Timeout(180)
class FlowTest {

  private static final long LARGE = 64 << 20;

  private final Network network = new Network(2);

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  /** The byte at a position of the stream. */
  private static byte byteAt(long position) {
    return (byte) (position * 31 + (position >>> 8) + (position >>> 16));
  }

  /** Sends a long stream while it checks another one. */
  private static class Streamer extends Recorder {
    static final int MOST_QUEUED = 1 << 20;

    final CountDownLatch receivedAll = new CountDownLatch(1);
    volatile long received;
    volatile long mostQueued;
    volatile String mismatch = "";

    private final int chunk;
    private final boolean direct;
    private long sent;

    Streamer(Transport.Channel channel, int chunk, boolean direct) {
      super(channel);
      this.chunk = chunk;
      this.direct = direct;
    }

    void send() {
      while (sent < LARGE && channel.queued() <= MOST_QUEUED) {
        int size = (int) Math.min(chunk, LARGE - sent);
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
          bytes.put(i, byteAt(sent + i));
        }
        sent += size;
        channel.write(bytes);
        mostQueued = Math.max(mostQueued, channel.queued());
      }
      if (sent == LARGE) {
        channel.end();
      }
    }

    @Override
    public void onDrained() {
      send();
    }

    @Override
    public void onReceived(ByteBuffer data) {
      long position = received;
      for (; data.hasRemaining(); position++) {
        byte found = data.get();
        if (found != byteAt(position) && mismatch.isEmpty()) {
          mismatch = "at " + position + ": " + found;
        }
      }
      received = position;
      if (received == LARGE) {
        receivedAll.countDown();
      }
    }
  }

  @Test
  void largeStreamsBothWays_arriveUnchangedThroughABoundedQueue() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel -> {
              Streamer streamer = new Streamer(channel, 200_000, false);
              streamer.send();
              return streamer;
            });
    Recorder client =
        network.connect(
            listener.address(),
            channel -> {
              Streamer streamer = new Streamer(channel, 100_000, true);
              streamer.send();
              return streamer;
            });

    for (Recorder recorder : new Recorder[] {client, network.nextAccepted()}) {
      Streamer streamer = (Streamer) recorder;
      Network.await(streamer.receivedAll);
      assertEquals("", streamer.mismatch);
      assertTrue(streamer.mostQueued <= Streamer.MOST_QUEUED + 200_000);
      assertTrue(streamer.drains.get() > 0);
      Network.await(streamer.closed); // Both ends have sent their end-of-stream.
      assertEquals(LARGE, streamer.received);
      assertTrue(streamer.failure.isEmpty());
      streamer.assertKeptContract();
    }
  }

  @Test
  void pause_fillsThePeersBuffersUntilResume() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    Transport.Listener listener =
        network.listen(
            channel -> {
              channel.pause();
              return new Recorder(channel) {
                @Override
                public void onReceived(ByteBuffer data) {
                  received.countDown();
                  super.onReceived(data);
                }
              };
            });
    try (SocketChannel peer = SocketChannel.open(Addresses.toSystem(listener.address()))) {
      Recorder server = network.nextAccepted();
      int sent = fill(peer);
      assertEquals(1, received.getCount());

      server.channel.resume();
      server.awaitText(sent);

      server.channel.pause();
      int more = fill(peer);
      assertTrue(more > 0);
      peer.shutdownOutput();
      server.channel.resume();
      Network.await(server.ended);
      assertEquals(sent + more, server.awaitText(sent + more).length());
      server.assertKeptContract();
    }
  }

  /**
   * Writes until the socket has taken nothing for half a second, and returns the number of bytes.
   */
  private static int fill(SocketChannel peer) throws IOException {
    int sent = 0;
    peer.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      SelectionKey key = peer.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
      while (selector.select(500) > 0) {
        sent += peer.write(bytes.clear());
        assertTrue(sent < 256 << 20, "nothing holds up the sender");
        selector.selectedKeys().clear();
      }
      key.cancel();
    }
    return sent;
  }

  @Test
  void pause_insideReceivedStopsAtOnce() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    channel.pause();
                    super.onReceived(data);
                  }
                });
    Recorder client = network.connect(listener.address(), Recorder::new);
    client.channel.write(ByteBuffer.allocate(1 << 20));
    Recorder server = network.nextAccepted();

    int length = 0;
    while (length < 1 << 20) {
      length = server.awaitText(length + 1).length();
      server.channel.resume();
    }

    assertEquals(1 << 20, length);
    server.assertKeptContract();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reset_isNoticedAlthoughNothingIsReadOrWritten(boolean endFirst) throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Network patient = new Network(1, clock)) {
      NetworkAddress address = patient.listen(Recorder::new).address();
      Recorder server;
      try (Socket peer = Network.dial(address)) {
        server = patient.nextAccepted();
        if (endFirst) {
          peer.shutdownOutput();
          Network.await(server.ended);
        } else {
          server.channel.pause();
        }
        for (int i = 0; i < 5; i++) {
          clock.advance(Duration.ofSeconds(2));
          assertFalse(server.closed.await(10, TimeUnit.MILLISECONDS), "the peer may still read");
        }
        server.channel.write(Recorder.utf8("still here"));
        assertEquals('s', peer.getInputStream().read());
        peer.setSoLinger(true, 0);
      }
      do {
        clock.advance(Duration.ofSeconds(2));
      } while (!server.closed.await(10, TimeUnit.MILLISECONDS));
      assertEquals("Connection reset by peer", server.failure.orElseThrow().getMessage());
      server.assertKeptContract();
    }
  }

  @Test
  void pause_thatIsOverIsNotLookedAtAnyMore() throws Exception {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Network patient = new Network(1, clock)) {
      NetworkAddress address = patient.listen(Recorder::new).address();
      try (Socket peer = Network.dial(address)) {
        Recorder server = patient.nextAccepted();
        for (int i = 0; i < 20; i++) {
          server.channel.pause();
          clock.advance(Duration.ofSeconds(2));
          server.channel.resume();
          clock.advance(Duration.ofSeconds(2));
          peer.getOutputStream().write('x');
          server.awaitText(i + 1);
        }
        server.assertKeptContract();
      }
    }
  }
}
