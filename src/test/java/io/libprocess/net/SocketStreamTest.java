package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.FileMode;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import io.libprocess.support.Expect;
import io.libprocess.support.NoOpenChunks;
import io.libprocess.sync.Stress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sockets as sources and sinks of streams. */
@Timeout(60)
@NoOpenChunks
class SocketStreamTest {

  private static final int MOST = 1 << 20;

  @TempDir Path directory;

  private final Node node = Node.start();
  private Socket near;
  private Socket far;

  @BeforeEach
  void connect() throws IOException {
    ServerSocket server = ServerSocket.listen(node.transport(), Address.loopback(0), 10);
    Future<Socket> accepted = server.accept();
    near = Expect.ready(Socket.connect(node.transport(), server.address()));
    far = Expect.ready(accepted);
    server.close();
  }

  @AfterEach
  void close() {
    near.close();
    far.close();
    node.close();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static Future<List<Chunk>> list(Stream<Chunk> stream) {
    return stream.map(Chunk::detached).to(Sink.toList(MOST));
  }

  @Test
  void stream_goesThroughAnEchoAndComesBack() {
    byte[] bytes = random(3_000_000);
    far.stream().to(far.sink());
    Future<List<Chunk>> back = list(near.stream());
    Future<Long> sent = Stream.of(Chunk.of(bytes)).via(Transform.rechunk(30_000)).to(near.sink());

    assertEquals(bytes.length, Expect.ready(sent));
    assertArrayEquals(bytes, Chunk.join(Expect.ready(back)).toArray());
  }

  @Test
  void file_isSentAndReceivedIntoAFile() throws IOException {
    byte[] bytes = random(5_000_000);
    Path from = Files.write(directory.resolve("from"), bytes);
    Path to = directory.resolve("to");
    Future<Long> received = far.stream().to(Sink.file(to, FileMode.CREATE));

    assertEquals(bytes.length, Expect.ready(Stream.file(from).to(near.sink())));
    assertEquals(bytes.length, Expect.ready(received));
    assertArrayEquals(bytes, Files.readAllBytes(to));
  }

  @Test
  void file_isNotReadIfNothingLooksAtIt() throws IOException {
    Path from = Files.write(directory.resolve("from"), random(1000));
    Future<List<Chunk>> received = list(far.stream());
    boolean[] parts = {false, false};
    Transform<Chunk, Chunk> looking =
        Transform.tap(chunk -> parts[1] |= chunk.region().isPresent());
    Expect.ready(Stream.file(from).via(Transform.limitBytes(1000)).to(near.sink()));
    assertEquals(1000, Chunk.join(Expect.ready(received)).size());
    Expect.ready(Stream.file(from).via(looking).to(Sink.forEach(Chunk::release)));

    assertEquals(false, parts[1]);
  }

  @Test
  void source_isReceivedAsItIsAskedFor() {
    Pipe<Chunk> pipe = new Pipe<>(0);
    far.stream().map(Chunk::detached).to(Sink.writer(pipe));
    Future<Long> sent =
        Stream.iterate(0, i -> i + 1)
            .map(i -> Chunk.of(new byte[10_000]))
            .via(Transform.take(5000))
            .to(near.sink());
    Expect.pause(300);
    assertTrue(sent.isPending());
    Future<List<Chunk>> rest = list(pipe.reader().stream());

    assertEquals(50_000_000, Expect.ready(sent));
    assertEquals(50_000_000, Expect.ready(rest).stream().mapToLong(Chunk::size).sum());
  }

  @Test
  void sink_thatFailsCutsTheConnection() {
    Future<List<Chunk>> received = list(far.stream());
    Failure failure = new Failure("no");
    Future<Long> sent =
        Stream.concat(Stream.of(Chunk.of(new byte[100])), Stream.<Chunk>failed(failure))
            .to(near.sink());

    assertEquals(failure, Expect.failure(sent));
    Expect.completed(received);
  }

  @Test
  void sink_isReadyThoughThePeerAnswersItsEndByClosing() throws Exception {
    byte[] bytes = random(100_000);
    try (java.net.ServerSocket server = new java.net.ServerSocket(0)) {
      for (int i = 0; i < Stress.times(100); i++) {
        Address address = Address.loopback(server.getLocalPort());
        Socket socket = Expect.ready(Socket.connect(node.transport(), address));
        Future<Long> sent = Stream.of(Chunk.of(bytes)).to(socket.sink());

        try (java.net.Socket peer = server.accept()) {
          assertArrayEquals(bytes, peer.getInputStream().readAllBytes());
        }

        assertEquals(bytes.length, Expect.ready(sent));
        socket.close();
      }
    }
  }

  @Test
  void peerThatLeaves_cancelsAnIdleSource() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Long> sent = pipe.reader().stream().to(near.sink());
    far.shutdown(Socket.Direction.READ_WRITE);
    near.stream().to(Sink.ignore());
    near.close();

    assertInstanceOf(IOException.class, Expect.failure(sent));
    assertTrue(Expect.ready(pipe.writer().readerClosed()).isPresent());
  }

  @Test
  void source_thatIsCancelledReceivesNoMore() {
    Future<List<Chunk>> one = list(far.stream().via(Transform.take(1)));
    Expect.ready(near.send(Chunk.utf8("hello")));

    assertEquals(List.of(Chunk.utf8("hello")), Expect.ready(one));
    assertTrue(Expect.ready(far.receive(10)).isEmpty());
  }
}
