package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.cli.ServedNode;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that send all they can to a handler that does nothing yet: how much of it they can send,
 * and that nothing is lost when the handler goes on.
 */
@Timeout(300)
class SlowHandlerTest {

  /**
   * The bytes that the sockets of both ends may hold, whatever the server does; systems allow some
   * MiB.
   */
  private static final long SOCKETS = 16_000_000;

  private static final long MUCH = 32_000_000;
  private static final Limits LIMITS = Limits.builder().body(1 << 20).build();

  private final Slow slow = new Slow();
  private final ServedNode node = ServedNode.start(config -> config.httpLimits(LIMITS)).with(slow);

  /** Answers and reads nothing before the test allows it. */
  private static final class Slow extends Process<Slow> {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicLong read = new AtomicLong();
    final Promise<Void> goOn = new Promise<>();

    Slow() {
      super("slow");
    }

    @Override
    protected void initialize() {
      route("/", "Says which request it was.", this::number);
      route(Route.at("/upload").streaming().help("Says what was uploaded."), this::digest);
    }

    private Future<Response> number(Request request) {
      asked.incrementAndGet();
      String answer = request.query("n").orElseThrow() + " " + request.bytes().size();
      return goOn.future().map(now -> Response.ok(answer));
    }

    private Future<Response> digest(Request request) {
      asked.incrementAndGet();
      Pipe.Reader<Chunk> reader = ((Body.Streamed) request.body()).reader();
      CRC32 crc = new CRC32();
      return goOn.future()
          .then(now -> Futures.loop(reader::read, piece -> Future.of(add(crc, piece))))
          .map(sum -> Response.ok(read.get() + " " + sum));
    }

    private ControlFlow<Long> add(CRC32 crc, Optional<Chunk> piece) {
      if (piece.isEmpty()) {
        return ControlFlow.breakWith(crc.getValue());
      }
      read.addAndGet(piece.get().size());
      crc.update(piece.get().asByteBuffer());
      return ControlFlow.proceed();
    }
  }

  /** A client that sends on a separate thread, and counts the bytes sent. */
  private final class Sender implements AutoCloseable {
    final RawClient client = new RawClient(node.port());
    final AtomicLong sent = new AtomicLong();
    private final Thread thread = new Thread(this::send, "sender");
    private final byte[][] pieces;
    private final int times;
    private volatile IOException failure;

    /** Sends a head, then the pieces one after the other, and all of these several times. */
    Sender(String head, int times, byte[]... pieces) throws IOException {
      this.times = times;
      this.pieces = pieces;
      client.send(head);
      thread.setDaemon(true);
      thread.start();
    }

    private void send() {
      try {
        for (int i = 0; i < times * pieces.length; i++) {
          byte[] piece = pieces[i % pieces.length];
          client.send(piece);
          sent.addAndGet(piece.length);
        }
      } catch (IOException e) {
        failure = e;
      }
    }

    /**
     * The bytes sent after the head when the handler has been asked some times, and the server has
     * taken nothing during many requests of another client.
     */
    long sentUntilStuck(int asked) throws IOException {
      long before;
      int still = 0;
      try (RawClient other = new RawClient(node.port())) {
        do {
          before = sent.get();
          assertEquals(200, other.fetch("/plaintext").status());
          still = slow.asked.get() >= asked && before == sent.get() ? still + 1 : 0;
        } while (still < 100);
      }
      return before;
    }

    void assertAllSent() throws Exception {
      thread.join(60_000);
      assertEquals(null, failure);
      assertEquals(times * length(), sent.get());
    }

    private long length() {
      long length = 0;
      for (byte[] piece : pieces) {
        length += piece.length;
      }
      return length;
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  @AfterEach
  void close() {
    slow.goOn.set(null); // Whatever is unanswered ends.
    node.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Heads with numbers in them, each followed by the same body. */
  private static byte[][] requests(int count, String head, byte[] body) {
    byte[][] pieces = new byte[2 * count][];
    for (int i = 0; i < count; i++) {
      pieces[2 * i] = bytes(head.formatted(i));
      pieces[2 * i + 1] = body;
    }
    return pieces;
  }

  private static void assertAnsweredInOrder(RawClient client, int count, int size)
      throws IOException {
    for (int i = 0; i < count; i++) {
      assertEquals(i + " " + size, client.reply().text());
    }
  }

  @Test
  void pipelinedRequests_areTakenUpToTheLimit_andAllAnswered() throws Exception {
    int count = 8_000;
    String field = "X-Weight: " + "x".repeat(4000);
    String head = "GET /slow?n=%d HTTP/1.1\r\nHost: test\r\n" + field + "\r\n\r\n";
    try (Sender sender = new Sender("", 1, requests(count, head, new byte[0]))) {
      long sent = sender.sentUntilStuck(LIMITS.pipelined());

      assertTrue(sent < SOCKETS, sent + " bytes");
      assertEquals(LIMITS.pipelined(), slow.asked.get());

      slow.goOn.set(null);
      assertAnsweredInOrder(sender.client, count, 0);
      sender.assertAllSent();
    }
  }

  @Test
  void pipelinedBodies_areTakenUpToTheLimitOfOne_andAllAnswered() throws Exception {
    int count = 64;
    int size = 500_000;
    String head = "POST /slow?n=%d HTTP/1.1\r\nHost: test\r\nContent-Length: " + size + "\r\n\r\n";
    try (Sender sender = new Sender("", 1, requests(count, head, new byte[size]))) {
      long sent = sender.sentUntilStuck(3);

      assertTrue(sent < SOCKETS, sent + " bytes");
      assertEquals(3, slow.asked.get()); // The third made it more than the limit.

      slow.goOn.set(null);
      assertAnsweredInOrder(sender.client, count, size);
      sender.assertAllSent();
    }
  }

  @Test
  void upload_isTakenAsFarAsItIsRead_andArrivesAsAWhole() throws Exception {
    byte[] piece = new byte[1000];
    for (int i = 0; i < piece.length; i++) {
      piece[i] = (byte) (31 * i);
    }
    int times = (int) (MUCH / piece.length);
    CRC32 crc = new CRC32();
    for (int i = 0; i < times; i++) {
      crc.update(piece);
    }
    String head =
        "POST /slow/upload HTTP/1.1\r\nHost: test\r\nContent-Length: " + MUCH + "\r\n\r\n";
    try (Sender sender = new Sender(head, times, piece)) {
      long sent = sender.sentUntilStuck(1);

      assertTrue(sent < SOCKETS, sent + " bytes");
      assertEquals(0, slow.read.get());

      slow.goOn.set(null);
      assertEquals(MUCH + " " + crc.getValue(), sender.client.reply().text());
      sender.assertAllSent();
    }
  }
}
