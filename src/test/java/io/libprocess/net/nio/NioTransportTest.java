package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class NioTransportTest {

  private static final int LOOPS = 2;

  private final Network network = new Network(LOOPS);

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  /* ------ Bytes ------ */

  @Test
  void echo_roundTrip() throws Exception {
    Transport.Listener listener = network.listen(Recorder::echo);
    Recorder client = network.connect(listener.address(), Recorder::new);

    client.channel.write(Recorder.utf8("hello"));
    assertEquals("hello", client.awaitText(5));
    client.channel.write(Recorder.utf8(", "));
    client.channel.write(Recorder.utf8("world"));
    assertEquals("hello, world", client.awaitText(12));

    Recorder server = network.nextAccepted();
    assertEquals(client.channel.local(), server.channel.remote());
    assertEquals(listener.address(), client.channel.remote());
    client.channel.close();
    Network.await(client.closed);
    Network.await(server.closed);
    client.assertKeptContract();
    server.assertKeptContract();
    assertTrue(client.failure.isEmpty());
  }

  @Test
  void echo_overIpv6() throws Exception {
    InetAddress loopback = Address.parseIp("::1");
    Assumptions.assumeTrue(bindable(loopback), "no IPv6 here");
    Transport.Listener listener =
        network.transport.listen(new Address(loopback, 0), 16, Recorder::echo);
    Recorder client = network.connect(listener.address(), Recorder::new);

    client.channel.write(Recorder.utf8("six"));

    assertEquals("six", client.awaitText(3));
  }

  private static boolean bindable(InetAddress ip) {
    try (ServerSocket socket = new ServerSocket(0, 1, ip)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /* ------ Half-close ------ */

  @Test
  void end_ofPeerLeavesOurOutputOpen() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      peer.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
      peer.shutdownOutput();

      Network.await(server.ended);
      assertEquals("question", server.awaitText(8));
      server.channel.resume(); // Must not bring the end to life again.
      server.channel.pause();
      server.channel.resume();
      server.channel.write(Recorder.utf8("answer"));
      server.channel.closeAfterWrites();

      assertEquals("answer", new String(peer.getInputStream().readAllBytes()));
      Network.await(server.closed);
      server.assertKeptContract();
    }
  }

  @Test
  void end_ofOursLeavesOurInputOpen() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    try (Socket peer = Network.dial(listener.address())) {
      Recorder server = network.nextAccepted();
      server.channel.write(Recorder.utf8("last words"));
      server.channel.end();
      server.channel.write(Recorder.utf8("too late"));

      assertEquals("last words", new String(peer.getInputStream().readAllBytes()));
      peer.getOutputStream().write("heard".getBytes(StandardCharsets.UTF_8));
      assertEquals("heard", server.awaitText(5));
      assertEquals(1, server.closed.getCount());
      peer.shutdownOutput();

      Network.await(server.closed);
      assertEquals(0, server.ended.getCount());
      assertTrue(server.failure.isEmpty());
      server.assertKeptContract();
    }
  }

  /* ------ Connecting ------ */

  @Test
  void connect_refusedNamesTheAddress() throws Exception {
    Address nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, Address.loopback(0).ip())) {
      nobody = Address.loopback(socket.getLocalPort());
    }
    Future<Transport.Channel> channel = network.transport.connect(nobody, Recorder::new);

    assertTrue(channel.await(Network.LIMIT));
    assertTrue(channel.isFailed());
    assertInstanceOf(IOException.class, channel.failure());
    assertEquals(
        "Failed to connect to " + nobody + ": Connection refused", channel.failure().getMessage());
  }

  @Test
  void connect_discardGivesUp() throws Exception {
    // A full backlog leaves further attempts unanswered.
    try (ServerSocket full = new ServerSocket(0, 1, Address.loopback(0).ip())) {
      Address address = Address.loopback(full.getLocalPort());
      List<Future<Transport.Channel>> attempts = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        attempts.add(network.transport.connect(address, Recorder::new));
      }
      attempts.forEach(Future::discard);

      for (Future<Transport.Channel> attempt : attempts) {
        assertTrue(attempt.await(Network.LIMIT));
        assertFalse(attempt.isFailed());
      }
      assertTrue(attempts.stream().anyMatch(Future::isDiscarded));
    }
  }

  @Test
  void connect_failsAfterClose() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    network.transport.close();

    Future<Transport.Channel> channel =
        network.transport.connect(listener.address(), Recorder::new);

    assertTrue(channel.isFailed());
    assertTrue(channel.failure().getMessage().endsWith(": the transport is closed"));
  }

  @Test
  void connect_failsIfThereIsNoHandler() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    Future<Transport.Channel> channel =
        network.transport.connect(
            listener.address(),
            opened -> {
              throw new IllegalStateException("no handler today");
            });

    assertTrue(channel.await(Network.LIMIT));
    assertTrue(channel.isFailed());
    Network.await(network.nextAccepted().ended);
  }

  /* ------ Memory ------ */

  @Test
  void connections_takeNoMoreThanTheHalfOfTheMemory() throws Exception {
    int most = 10;
    MemoryBudget memory = new MemoryBudget(2 * most * OpenConnections.COST);
    List<Socket> peers = new ArrayList<>();
    try (LogCapture log = new LogCapture();
        Network small = new Network(1, Clock.system(), memory)) {
      Transport.Listener listener = small.listen(Recorder::echo);
      List<Recorder> accepted = new ArrayList<>();
      for (int i = 0; i < most; i++) {
        peers.add(Network.dial(listener.address()));
        accepted.add(small.nextAccepted());
      }
      for (int i = 0; i < 2; i++) {
        peers.add(Network.dial(listener.address())); // The system takes more than we do.
      }
      assertEquals(memory.limit() / 2, memory.used());
      assertNull(small.accepted.poll(300, TimeUnit.MILLISECONDS));

      accepted.get(0).channel.close();
      small.nextAccepted();
      accepted.get(1).channel.close();
      small.nextAccepted();
      log.await("cannot be accepted");
      for (Socket peer : peers) {
        peer.close();
      }
      Expect.until(() -> memory.used() == 0);
    }
  }

  /* ------ Failing ------ */

  @Test
  void peer_resetInTheMiddleIsAFailure() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);
    Recorder server;
    try (Socket peer = Network.dial(listener.address())) {
      server = network.nextAccepted();
      peer.getOutputStream().write(new byte[100]);
      server.awaitText(100);
      peer.setSoLinger(true, 0); // Closing sends a reset.
    }

    Network.await(server.closed);
    assertTrue(server.failure.isPresent());
    server.assertKeptContract();
  }

  @Test
  void handler_thatThrowsLosesItsChannelOnly() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    if (data.get() == '!') {
                      throw new IllegalStateException("on purpose");
                    }
                    channel.write(Recorder.utf8("fine"));
                  }
                });
    Recorder good = network.connect(listener.address(), Recorder::new);
    Recorder bad = network.connect(listener.address(), Recorder::new);

    bad.channel.write(Recorder.utf8("!"));
    Network.await(bad.ended);
    good.channel.write(Recorder.utf8("?"));

    assertEquals("fine", good.awaitText(4));
    Recorder first = network.nextAccepted();
    Recorder second = network.nextAccepted();
    Recorder thrower = first.channel.remote().equals(bad.channel.local()) ? first : second;
    Network.await(thrower.closed);
    assertEquals("on purpose", thrower.failure.orElseThrow().getCause().getMessage());
    thrower.assertKeptContract();
  }

  @Test
  void listen_inUseNamesTheAddress() throws Exception {
    Transport.Listener listener = network.listen(Recorder::new);

    IOException failure =
        assertThrows(
            IOException.class,
            () -> network.transport.listen(listener.address(), 16, Recorder::new));

    assertEquals(
        "cannot listen on " + listener.address() + ": Address already in use",
        failure.getMessage());
  }

  /* ------ Listening ------ */

  @Test
  void listener_closeFreesThePortAndKeepsChannels() throws Exception {
    Transport.Listener listener = network.listen(Recorder::echo);
    Recorder client = network.connect(listener.address(), Recorder::new);
    network.nextAccepted();

    listener.close();
    listener.close();
    Transport.Listener again = network.transport.listen(listener.address(), 16, Recorder::new);

    assertEquals(listener.address(), again.address());
    client.channel.write(Recorder.utf8("still here"));
    assertEquals("still here", client.awaitText(10));
  }

  @Test
  void accepted_areSpreadOverTheLoops() throws Exception {
    Transport.Listener listener = network.listen(Recorder::echo);
    List<Socket> peers = new ArrayList<>();
    List<Recorder> servers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Socket peer = Network.dial(listener.address());
      peers.add(peer);
      peer.getOutputStream().write('x');
      assertEquals('x', peer.getInputStream().read());
      servers.add(network.nextAccepted());
    }

    Set<Thread> threads =
        servers.stream().map(server -> server.lastThread).collect(Collectors.toSet());

    assertTrue(threads.size() >= LOOPS, () -> "only on " + threads);
    for (Socket peer : peers) {
      peer.close();
    }
  }

  /* ------ Closing ------ */

  @Test
  void close_isCompleteAndIdempotent() throws Exception {
    Transport.Listener listener = network.listen(Recorder::echo);
    List<Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      recorders.add(network.connect(listener.address(), Recorder::new));
      recorders.add(network.nextAccepted());
    }
    recorders.get(0).channel.write(Recorder.utf8("x"));

    network.transport.close();
    network.transport.close();

    for (Recorder recorder : recorders) {
      Network.await(recorder.closed);
      recorder.assertKeptContract();
      recorder.channel.close();
      recorder.channel.write(ByteBuffer.allocate(10));
      recorder.channel.pause();
      recorder.channel.resume();
      recorder.channel.end();
      assertEquals(0, recorder.channel.queued());
    }
    assertDoesNotThrow(listener::close);
    assertThrows(IOException.class, () -> network.listen(Recorder::new));
    network.scheduler.close();
    for (Thread thread : Network.threadsNamed("test-")) {
      thread.join(Network.LIMIT.toMillis());
      assertFalse(thread.isAlive());
    }
  }

  @Test
  void close_fromAHandlerDoesNotWaitForItself() throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    Transport.Listener listener =
        network.listen(
            channel ->
                new Recorder(channel) {
                  @Override
                  public void onReceived(ByteBuffer data) {
                    network.transport.close();
                    returned.countDown();
                  }
                });
    Recorder client = network.connect(listener.address(), Recorder::new);

    client.channel.write(Recorder.utf8("stop"));

    Network.await(returned);
    Network.await(client.closed);
    Network.await(network.nextAccepted().closed);
  }

  /* ------ Many ------ */

  @Test
  void thousandIdleConnections_needNoThreads() throws Exception {
    Transport.Listener listener = network.listen(Recorder::echo);
    network.connect(listener.address(), Recorder::new);
    int threads = Network.threadsNamed("test").size();
    List<Recorder> clients = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      clients.add(network.connect(listener.address(), Recorder::new));
    }

    int workers = 2;
    assertTrue(Network.threadsNamed("test").size() <= threads + workers);
    Recorder last = clients.get(999);
    last.channel.write(Recorder.utf8("awake"));
    assertEquals("awake", last.awaitText(5));
    for (Recorder client : clients) {
      client.channel.close();
      Network.await(client.closed);
      client.assertKeptContract();
    }
  }

  @Test
  void connectAndClose_leaksNoDescriptors() throws Exception {
    File descriptors = new File("/proc/self/fd");
    Assumptions.assumeTrue(descriptors.isDirectory(), "not Linux");
    Transport.Listener listener = network.listen(Recorder::echo);
    int before = 0;

    for (int i = 0; i < 2000; i++) {
      if (i == 100) {
        network.releaseDescriptors(LOOPS);
        before = descriptors.list().length;
      }
      Recorder client = network.connect(listener.address(), Recorder::new);
      Recorder server = network.nextAccepted();
      switch (i % 3) {
        case 0 -> client.channel.close();
        case 1 -> server.channel.close();
        default -> {
          client.channel.write(Recorder.utf8("bye"));
          client.channel.closeAfterWrites();
        }
      }
      if (i % 3 == 1) {
        Network.await(client.ended);
        client.channel.close();
      }
      Network.await(client.closed);
      Network.await(server.closed);
    }

    network.releaseDescriptors(LOOPS);
    int more = descriptors.list().length - before;
    assertTrue(more <= 8, () -> more + " descriptors were not closed");
  }
}
