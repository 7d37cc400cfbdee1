package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a channel that has sent everything reads and drops what its peer still sends. */
@Timeout(180)
class LingeringTest {

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final int MOST_PERIODS = 5;
  private static final int MEGABYTE = 1 << 20;
  private static final int MOST_MEGABYTES = 64;

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Network network = new Network(1, clock);
  private Socket other; // Of an echo on the same loop.
  private Socket peer;
  private Recorder server;

  @BeforeEach
  void connect() throws Exception {
    other = Network.dial(network.listen(Recorder::echo).address());
    network.nextAccepted();
    NetworkAddress address = network.listen(Recorder::new).address();
    peer = Network.dial(address);
    server = network.nextAccepted();
  }

  @AfterEach
  void close() throws IOException {
    peer.close();
    other.close();
    network.close();
    clock.close();
  }

  /** Waits until the loop has done what was there for it. */
  private void awaitLoop() throws IOException {
    for (int i = 0; i < 2; i++) {
      other.getOutputStream().write('x');
      assertEquals('x', other.getInputStream().read());
    }
  }

  /** Sends the answer and the end, after which the time runs. */
  private void answer() throws IOException {
    server.channel.write(Recorder.utf8("answer"));
    server.channel.closeAfterWrites();
    assertEquals("answer", new String(peer.getInputStream().readAllBytes()));
    awaitLoop();
  }

  private boolean isClosed() throws InterruptedException {
    return server.closed.await(20, TimeUnit.MILLISECONDS);
  }

  @Test
  void silentPeer_isAwaitedForOnePeriod() throws Exception {
    answer();
    clock.advance(PERIOD.minusMillis(1));
    awaitLoop();
    assertFalse(isClosed());
    clock.advance(Duration.ofMillis(1));
    Network.await(server.closed);
    server.assertKeptContract();
  }

  @Test
  void peerThatGoesOnSending_isReadForSomePeriods() throws Exception {
    answer();
    for (int period = 1; period < MOST_PERIODS; period++) {
      peer.getOutputStream().write('y');
      awaitLoop();
      clock.advance(PERIOD);
      awaitLoop();
      assertFalse(isClosed(), "after period " + period);
    }
    peer.getOutputStream().write('y');
    awaitLoop();
    clock.advance(PERIOD);
    Network.await(server.closed);
    server.assertKeptContract();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void peerThatEnds_isNotAwaitedAnyLonger(boolean paused) throws Exception {
    if (paused) {
      server.channel.pause(); // What it sends is read nevertheless.
    }
    answer();
    peer.getOutputStream().write(new byte[1000]);
    peer.shutdownOutput();
    Network.await(server.closed);
    awaitLoop();
    assertEquals(1, clock.timers()); // That for looking at channels whose input has ended.
    server.assertKeptContract();
  }

  @Test
  void peerThatSendsTooMuch_isCutOff() throws Exception {
    answer();
    int[] sent = {0};
    assertThrows(
        IOException.class,
        () -> {
          for (byte[] megabyte = new byte[MEGABYTE]; sent[0] < 2 * MOST_MEGABYTES; sent[0]++) {
            peer.getOutputStream().write(megabyte);
          }
        });
    assertTrue(sent[0] >= MOST_MEGABYTES, sent[0] + " MiB");
    Network.await(server.closed);
  }

  @Test
  void peerThatSendsTooMuchBeforeItHasTheAnswer_isHeldUpAndThenCutOff() throws Exception {
    byte[] answer = new byte[16 * MEGABYTE]; // More than the system takes.
    server.channel.write(ByteBuffer.wrap(answer));
    server.channel.closeAfterWrites();
    byte[] megabyte = new byte[MEGABYTE];
    for (int i = 0; i <= MOST_MEGABYTES; i++) {
      peer.getOutputStream().write(megabyte);
    }
    awaitLoop();
    assertFalse(isClosed());
    drain();
    Network.await(server.closed);
    server.assertKeptContract();
  }

  private void drain() {
    try {
      peer.getInputStream().readAllBytes();
    } catch (IOException e) {
      // What it has sent and nobody has read resets the connection.
    }
  }
}
