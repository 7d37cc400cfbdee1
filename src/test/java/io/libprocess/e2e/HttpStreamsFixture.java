package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Termination;
import io.libprocess.stream.Transform;
import io.libprocess.stream.bytes.ChunkPool;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server that streams and a client of it, for tests of bodies as streams. */
abstract class HttpStreamsFixture {

  static final int PIECE = 10_000;
  static final int MOST = 1 << 20;
  static final String TYPE = "application/octet-stream";

  record Call(Request request, Promise<Response> answer) {}

  @TempDir Path directory;

  final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  final BlockingQueue<Termination> ends = new LinkedBlockingQueue<>();
  final AtomicLong made = new AtomicLong(); // Bytes.
  final HttpListener server = start();
  final HttpClient client = HttpClient.start(ClientSettings.defaults());

  HttpListener start() {
    try {
      return HttpListener.start(Address.loopback(0), this::keep);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  Future<Response> keep(Request request) {
    Promise<Response> answer = new Promise<>();
    calls.add(new Call(request, answer));
    return onAnotherThread(answer.future());
  }

  /**
   * Runs a completion on another thread, because it may have to send all the time, which the test
   * must not.
   */
  private static Future<Response> onAnotherThread(Future<Response> answer) {
    Promise<Response> sent = new Promise<>();
    answer.onAny(done -> new Thread(() -> sent.associate(done)).start());
    return sent.future().onDiscard(answer::discard);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  int port() {
    return server.address().inet().orElseThrow().port();
  }

  Url url() {
    return Url.parse("http://127.0.0.1:" + port() + "/");
  }

  /** Always has another piece, in reused memory. */
  Stream<Chunk> endless() {
    return watched(
        Stream.iterate(0, i -> i + 1)
            .map(
                i -> {
                  made.addAndGet(PIECE);
                  ChunkPool.Borrowed borrowed = ChunkPool.shared().borrow();
                  while (borrowed.buffer().position() < PIECE) {
                    borrowed.buffer().put((byte) (i + borrowed.buffer().position()));
                  }
                  return borrowed.chunk();
                }));
  }

  /** Has one piece and then nothing, without an end. */
  Stream<Chunk> idle() {
    Pipe<Chunk> pipe = Pipe.bytes();
    pipe.writer().offer(Chunk.utf8("first"));
    return watched(pipe.reader().stream());
  }

  Stream<Chunk> source(String kind) {
    return kind.equals("idle") ? idle() : endless();
  }

  Stream<Chunk> watched(Stream<Chunk> stream) {
    return stream.via(Transform.onTermination(ends::add));
  }

  Call next() {
    return Expect.next(calls);
  }

  Termination end() {
    return Expect.next(ends);
  }

  /** The end of the source, which comes when the client has read up to the end. */
  Termination end(RawClient raw) throws IOException {
    try {
      byte[] rest = raw.readToEnd();
      String tail = new String(rest, Math.max(0, rest.length - 5), Math.min(5, rest.length));
      assertNotEquals("0\r\n\r\n", tail);
    } catch (SocketException reset) {
      // So it was cut.
    }
    return end();
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  static Future<List<Chunk>> list(Stream<Chunk> stream) {
    return stream.map(Chunk::detached).to(Sink.toList(MOST));
  }

  static byte[] all(Future<List<Chunk>> chunks) {
    return Chunk.join(Expect.ready(chunks)).toArray();
  }
}
