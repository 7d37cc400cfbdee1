package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.SlicingProxy;
import io.libprocess.net.Transport;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The memory that connections hold for TLS draws on the budget of all connections. */
@Timeout(120)
class TlsMemoryTest {

  private static final int MANY = 200;
  private static final int LIMIT = 10 << 20;

  /** The beginning of a handshake record of 16 KiB. */
  private static final byte[] RECORD = new byte[16_000];

  static {
    RECORD[0] = 0x16;
    RECORD[1] = 3;
    RECORD[2] = 1;
    RECORD[3] = 0x40;
  }

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private final MemoryBudget memory = new MemoryBudget(LIMIT);
  private final TlsFixture fixture = new TlsFixture(memory);
  private final Network network = fixture.network;
  private final List<Socket> sockets = new ArrayList<>();
  private Transport.Listener listener;

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  private void listen() throws Exception {
    listener = fixture.listen(shared.server().build(), Recorder::echo);
  }

  @AfterEach
  void close() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    listener.close();
    awaitUsed(used -> used == 0);
    fixture.close();
  }

  private void awaitUsed(LongPredicate right) throws InterruptedException {
    long end = System.nanoTime() + Network.LIMIT.toNanos();
    while (!right.test(memory.used()) && System.nanoTime() - end < 0) {
      Thread.sleep(10);
    }
    assertTrue(right.test(memory.used()), memory.used() + " bytes are counted");
  }

  private void connectMany(int bytesOfARecord) throws Exception {
    for (int i = 0; i < MANY; i++) {
      Socket socket = Network.dial(listener.address());
      sockets.add(socket);
      OutputStream out = socket.getOutputStream();
      out.write(RECORD, 0, bytesOfARecord);
    }
  }

  private void closeAll() throws Exception {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
    awaitUsed(used -> used == 0);
  }

  @Test
  void partsOfRecords_areCountedAsWhatTheyTake() throws Exception {
    listen();
    connectMany(1);
    awaitUsed(used -> used >= MANY * 2000);
    assertTrue(memory.used() <= MANY * 3000, memory.used() + " bytes");
    closeAll();
    connectMany(8000);
    awaitUsed(used -> used >= MANY * 8000);
  }

  @Test
  void partsOfRecords_areRefusedWhereNothingIsLeft() throws Exception {
    listen();
    memory.take(LIMIT);
    connectMany(8000);
    for (int i = 0; i < MANY; i++) {
      assertContains("TLS handshake failed: there is no memory left for it", fixture.refusal());
    }
    memory.give(LIMIT);
    Recorder client = fixture.connect(shared.client().build(), listener.address());
    client.channel.write(Recorder.utf8("hello"));
    assertEquals("hello", client.awaitText(5));
    client.channel.close();
  }

  @Test
  void engines_areCountedWhileTheyAreNeeded() throws Exception {
    listen();
    Recorder client = fixture.connect(shared.client().build(), listener.address());
    network.nextAccepted();
    long both = 2 * HeldMemory.ENGINE;
    assertTrue(memory.used() >= both, memory.used() + " bytes");
    assertTrue(memory.used() <= both + 20_000, memory.used() + " bytes");
    client.channel.close();
  }

  @Test
  void engines_areNotMadeWhereNothingIsLeft() throws Exception {
    listen();
    memory.take(LIMIT);
    String failure =
        fixture.connectFailure(shared.client().build(), listener.address(), "localhost");
    assertContains("there is no memory left", failure);
    memory.give(LIMIT);
  }

  /** A record of which a part is missing is refused when it would have to be kept. */
  @Test
  void recordsInUse_failWhereNothingIsLeft() throws Exception {
    listen();
    try (SlicingProxy proxy = new SlicingProxy(listener.address(), SlicingProxy.Kind.BYTES)) {
      Recorder client = fixture.connect(shared.client().build(), proxy.address());
      Recorder accepted = network.nextAccepted();
      memory.take(LIMIT);
      client.channel.write(Recorder.utf8("x".repeat(10_000)));
      Network.await(accepted.closed);
      assertContains("there is no memory left", accepted.failure.orElseThrow().getMessage());
      memory.give(LIMIT);
      client.channel.close();
    }
  }
}
