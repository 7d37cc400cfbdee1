package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {

  private final Network network = new Network(2);
  private UnixAddress address;

  @BeforeEach
  void choosePath(@TempDir Path directory) {
    address = new UnixAddress(directory.resolve("socket").toString());
  }

  @AfterEach
  void closeNetwork() {
    network.close();
  }

  private Transport.Listener listen(Recorder.Kind kind) throws IOException {
    return network.listen(address, kind);
  }

  private boolean exists() {
    return Files.exists(Path.of(address.path()));
  }

  @Test
  void echo_roundTrip() throws Exception {
    Transport.Listener listener = listen(Recorder::echo);
    Recorder client = network.connect(listener.address(), Recorder::new);

    client.channel.write(Recorder.utf8("hello"));

    assertEquals("hello", client.awaitText(5));
    Recorder server = network.nextAccepted();
    assertEquals(address, listener.address());
    assertEquals(address, client.channel.remote());
    assertEquals(address, server.channel.local());
    assertEquals(new UnixAddress(""), server.channel.remote());
    assertEquals(Optional.empty(), server.channel.remote().inet());
    client.channel.end();
    Network.await(server.ended);
    Network.await(client.closed);
    Network.await(server.closed);
    client.assertKeptContract();
    server.assertKeptContract();
  }

  @Test
  void listener_deletesItsFileOnClose() throws Exception {
    Transport.Listener listener = listen(Recorder::new);
    assertTrue(exists());

    listener.close();

    assertFalse(exists());
    assertEquals(address, listen(Recorder::new).address());
  }

  @Test
  void listener_leavesTheFileOfAnotherSocketAlone() throws Exception {
    Transport.Listener listener = listen(Recorder::new);
    Files.delete(Path.of(address.path()));
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      other.bind(UnixDomainSocketAddress.of(address.path()));

      listener.close();

      assertTrue(exists());
    }
  }

  /** The system likes to give the new file the number of the old one. */
  @Test
  void listener_thatIsClosedAgainLeavesTheFileOfTheNextOneAlone() throws Exception {
    Transport.Listener first = listen(Recorder::new);
    first.close();
    Transport.Listener second = listen(Recorder::new);

    first.close();

    assertTrue(exists());
    second.close();
    assertFalse(exists());
  }

  @Test
  void transport_deletesTheFilesOfItsListeners() throws Exception {
    listen(Recorder::new);

    network.transport.close();

    assertFalse(exists());
    IOException failure = assertThrows(IOException.class, () -> listen(Recorder::new));
    assertEquals("cannot listen on " + address + ": the transport is closed", failure.getMessage());
    assertFalse(exists());
  }

  @Test
  void listen_onAFileThatExistsNamesThePath() throws Exception {
    Files.createFile(Path.of(address.path()));

    IOException failure = assertThrows(IOException.class, () -> listen(Recorder::new));

    assertEquals("cannot listen on " + address + ": Address already in use", failure.getMessage());
    assertTrue(exists());
  }

  @Test
  void listen_inAMissingDirectoryNamesThePath() {
    address = new UnixAddress(address.path() + "/missing");

    IOException failure = assertThrows(IOException.class, () -> listen(Recorder::new));

    assertTrue(failure.getMessage().startsWith("cannot listen on " + address + ": "));
  }

  @Test
  void listen_needsAPath() {
    address = new UnixAddress("");

    assertThrows(IOException.class, () -> listen(Recorder::new));
  }

  @Test
  void connect_toNobodyNamesThePath() {
    Future<Transport.Channel> channel = network.transport.connect(address, Recorder::new);

    assertTrue(channel.await(Network.LIMIT));
    assertInstanceOf(IOException.class, channel.failure());
    assertTrue(
        channel.failure().getMessage().startsWith("Failed to connect to " + address + ": "),
        channel.failure().getMessage());
  }

  @Test
  void address_refusesWhatTheSystemDoes() {
    assertEquals(
        "Path too long, must be less than 108 bytes: '" + "x".repeat(108) + "'",
        assertThrows(IllegalArgumentException.class, () -> new UnixAddress("x".repeat(108)))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> new UnixAddress("\0abstract"));
    assertEquals(
        "path", assertThrows(NullPointerException.class, () -> new UnixAddress(null)).getMessage());
    assertEquals("x".repeat(107), new UnixAddress("x".repeat(107)).toString());
  }

  @Test
  void execute_runsAsTheHandlerIsCalled() throws Exception {
    Transport.Listener listener = listen(Recorder::new);
    Recorder client = network.connect(listener.address(), Recorder::new);
    Recorder server = network.nextAccepted();
    CountDownLatch ran = new CountDownLatch(1);

    server.channel.execute(
        () -> {
          server.drained(); // Complains if this is the wrong thread.
          ran.countDown();
        });

    Network.await(ran);
    server.assertKeptContract();
    server.channel.execute(
        () -> {
          throw new IllegalStateException("on purpose");
        });
    Network.await(server.closed);
    assertEquals("on purpose", server.failure.orElseThrow().getCause().getMessage());
    Network.await(client.ended);
    server.channel.execute(() -> server.violations.add("ran after the end"));
    network.close();
    server.assertKeptContract();
  }
}
