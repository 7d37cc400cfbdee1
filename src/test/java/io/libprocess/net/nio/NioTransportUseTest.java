package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.Counted;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.net.UnixAddress;
import io.libprocess.support.Counts;
import io.libprocess.support.Expect;
import java.io.File;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What a transport accepts, and what it tells, but for the bytes of connections. */
@Timeout(60)
class NioTransportUseTest {

  private final Network network = new Network(1);
  private final Transport transport = network.transport;

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  private static void assertMissing(String name, Executable call) {
    assertEquals(name, assertThrows(NullPointerException.class, call).getMessage());
  }

  @Test
  void whatIsMissing_isFoundOutAtOnce() {
    Address address = Address.loopback(0);
    assertMissing("address", () -> transport.listen(null, 1, Recorder::new));
    assertMissing("accepted", () -> transport.listen(address, 1, null));
    assertMissing("address", () -> transport.connect(null, Recorder::new));
    assertMissing("connected", () -> transport.connect(address, null));
    MemoryBudget memory = network.memory;
    assertMissing("scheduler", () -> new NioTransport(null, 1, memory));
    assertMissing("memory", () -> new NioTransport(network.scheduler, 1, null));
    assertThrows(
        IllegalArgumentException.class, () -> new NioTransport(network.scheduler, 0, memory));
  }

  @Test
  void memoryAndCounts_areThoseOfTheConnections() throws Exception {
    assertSame(network.memory, MemoryBudget.of(transport));
    network.connect(network.listen(Recorder::new).address(), Recorder::new);
    network.nextAccepted();
    assertEquals(2, Counts.of((Counted) transport).get("sockets"));
  }

  @Test
  void socket_sendsSmallWritesAtOnceAndNeverBlocks() throws Exception {
    try (SocketChannel socket = NioTransport.openSocket(Address.loopback(1))) {
      assertTrue(socket.getOption(StandardSocketOptions.TCP_NODELAY));
      assertFalse(socket.isBlocking());
    }
    try (SocketChannel socket = NioTransport.openSocket(new UnixAddress("none"))) {
      assertFalse(socket.isBlocking());
    }
  }

  @Test
  void listening_thatFailsLeavesNoSocket() throws Exception {
    File descriptors = new File("/proc/self/fd");
    Assumptions.assumeTrue(descriptors.isDirectory(), "not Linux");
    Address taken = (Address) network.listen(Recorder::new).address();
    int before = descriptors.list().length;
    for (int i = 0; i < 50; i++) {
      assertThrows(IOException.class, () -> transport.listen(taken, 1, Recorder::new));
    }
    int more = descriptors.list().length - before;
    assertTrue(more < 25, () -> more + " descriptors were not closed");
  }

  @Test
  void poll_takesOnlyWhatTheChannelCanDo() throws Exception {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      source.configureBlocking(false);
      sink.configureBlocking(false);
      int both = SelectionKey.OP_READ | SelectionKey.OP_WRITE;
      assertEquals(
          "not operations of a " + source.getClass().getSimpleName() + ": " + both,
          Expect.failureText(transport.poll(source, both)));
      assertEquals(
          SelectionKey.OP_WRITE, Expect.ready(transport.poll(sink, SelectionKey.OP_WRITE)));
    }
  }

  /* ------ Names ------ */

  @Test
  void resolve_findsTheAddressesOfAHost() {
    assertEquals(List.of(Address.loopback(0).ip()), Expect.ready(transport.resolve("127.0.0.1")));
  }

  @Test
  void resolve_failsForAHostThatIsNot() {
    Throwable failure = Expect.failure(transport.resolve("[no address"));
    assertInstanceOf(UnknownHostException.class, failure);
  }

  @Test
  void resolve_saysIfItCannotBegin() {
    network.close();
    String text = Expect.failureText(transport.resolve("localhost"));
    assertTrue(text.startsWith("cannot look up 'localhost': "), text);
  }

  /* ------ The end ------ */

  @Test
  void close_keepsTheInterrupt() {
    Thread.currentThread().interrupt();
    transport.close();
    assertTrue(Thread.interrupted());
  }
}
