package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Process;
import io.libprocess.cli.ServedNode;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that go away in the middle, or stay and do not read. */
@Timeout(60)
class DisconnectTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Source source = new Source();
  private ServedNode node;

  /** Answers with more than any client reads, and late. */
  private static final class Source extends Process<Source> {
    static final Chunk PIECE = Chunk.of(new byte[10_000]);

    final AtomicLong written = new AtomicLong();
    final Pipe<Chunk> endless = Pipe.bytes();
    final Promise<Response> late = new Promise<>();
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch unwanted = new CountDownLatch(1);
    final Promise<Throwable> bodyFailed = new Promise<>();

    Source() {
      super("source");
    }

    @Override
    protected void initialize() {
      route("/endless", "Never ends.", request -> endless());
      route("/large", "50 MB.", request -> Future.of(large()));
      route("/late", "Answers when the test says so.", request -> late());
      route(Route.at("/upload").streaming().help("Reads and waits for the end."), this::upload);
    }

    private Future<Response> endless() {
      write();
      return Future.of(Response.stream(endless.reader(), "application/octet-stream"));
    }

    private void write() {
      endless
          .writer()
          .write(PIECE)
          .onReady(
              open -> {
                if (open) {
                  written.addAndGet(PIECE.size());
                  self().dispatch(Source::write);
                }
              });
    }

    private static Response large() {
      return Response.ok(Chunk.of(new byte[50_000_000]), "application/octet-stream");
    }

    private Future<Response> late() {
      late.future().onDiscard(unwanted::countDown);
      asked.countDown();
      return late.future();
    }

    private Future<Response> upload(Request request) {
      asked.countDown();
      Pipe.Reader<Chunk> reader = ((Body.Streamed) request.body()).reader();
      read(reader);
      return new Promise<Response>().future();
    }

    private void read(Pipe.Reader<Chunk> reader) {
      reader.read().onReady(chunk -> read(reader)).onFailed(bodyFailed::set);
    }
  }

  @BeforeEach
  void start() {
    node = ServedNode.start(config -> config.drainTimeout(Duration.ofSeconds(1))).with(source);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void client_goneInAStream_closesTheHandlersPipe() throws IOException {
    try (Bystander other = new Bystander(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send(RawClient.get("/source/endless"));
      assertEquals(200, client.replyHead().status());
      client.read(1_000_000);
      client.reset();

      assertTrue(source.endless.writer().readerClosed().await(PATIENCE));
      other.assertServed();
    }
  }

  @Test
  void client_goneBeforeAStreamBegins_closesTheHandlersPipe() throws Exception {
    Pipe<Chunk> pipe = Pipe.bytes();
    try (Bystander other = new Bystander(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send(RawClient.get("/source/late"));
      assertTrue(source.asked.await(30, TimeUnit.SECONDS));
      client.reset();
      assertTrue(source.unwanted.await(30, TimeUnit.SECONDS));
      source.late.set(Response.stream(pipe.reader(), "text/plain"));

      assertTrue(pipe.writer().readerClosed().await(PATIENCE));
      other.assertServed();
    }
  }

  @Test
  void client_goneBehindAStreamThatWaitsForAnother_closesTheHandlersPipe() throws Exception {
    try (RawClient client = new RawClient(node.port())) {
      client.send(RawClient.get("/source/late") + RawClient.get("/source/endless"));
      assertTrue(source.asked.await(30, TimeUnit.SECONDS));
      client.reset();

      assertTrue(source.unwanted.await(30, TimeUnit.SECONDS));
      assertTrue(source.endless.writer().readerClosed().await(PATIENCE));
    }
  }

  @Test
  void client_goneInALargeResponse_harmsNobody() throws IOException {
    try (Bystander other = new Bystander(node.port())) {
      for (int i = 0; i < 3; i++) {
        RawClient client = new RawClient(node.port());
        client.send(RawClient.get("/source/large"));
        assertEquals("50000000", client.replyHead().header("Content-Length").orElseThrow());
        client.read(1000);
        client.reset();
      }
      other.assertServed();
    }
  }

  @Test
  void client_goneInItsUpload_failsTheBody() throws Exception {
    try (Bystander other = new Bystander(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send("POST /source/upload HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nabc");
      assertTrue(source.asked.await(30, TimeUnit.SECONDS));
      client.reset();

      assertTrue(source.bodyFailed.future().await(PATIENCE));
      assertTrue(source.bodyFailed.future().get().getMessage().contains("decode body"));
      other.assertServed();
    }
  }

  /** Its system answers what arrives for it with a reset. */
  @Test
  void http2Client_goneInOrder_isNoticedLongBeforeItsRequestIsTooOld() throws Exception {
    try (Socket client = new Socket("127.0.0.1", node.port())) {
      client
          .getOutputStream()
          .write(
              Http2Wire.join(
                  Http2Wire.PREFACE,
                  Http2Wire.settings(),
                  Http2Wire.settingsAck(), // Or the server would end the connection for want of it.
                  Http2Wire.get(1, "/source/late")));
      assertTrue(source.asked.await(30, TimeUnit.SECONDS));
      readSettingsAck(new DataInputStream(client.getInputStream()));
    } // All was read, so that this is an end and no reset.

    assertTrue(source.unwanted.await(30, TimeUnit.SECONDS));
  }

  /** Reads all that a server sends before the first response. */
  private static void readSettingsAck(DataInputStream in) throws IOException {
    int flags;
    int type;
    do {
      int length = in.readUnsignedShort() << 8 | in.readUnsignedByte();
      type = in.readUnsignedByte();
      flags = in.readUnsignedByte();
      in.skipNBytes(Integer.BYTES + length);
    } while (type != Http2Wire.SETTINGS || flags != Http2Wire.ACK);
  }

  @Test
  void client_thatEndsItsSide_getsItsResponses() throws IOException {
    String requests = RawClient.get("/echo/slow?ms=100").repeat(300);
    try (RawClient client = new RawClient(node.port())) {
      client.send(requests);
      client.endOutput();

      for (int i = 0; i < 300; i++) {
        assertEquals("after 100 ms\n", client.reply().text());
      }
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void client_thatDoesNotRead_pausesTheStream() throws IOException {
    try (Flood flood = new Flood(node.port());
        RawClient other = new RawClient(node.port())) {
      flood.send(RawClient.get("/source/endless"));
      long before;
      int still = 0;
      do {
        before = source.written.get();
        assertEquals(200, other.fetch("/plaintext").status());
        still = before > 0 && before == source.written.get() ? still + 1 : 0;
      } while (still < 500 && before < 100_000_000);

      assertTrue(before < 20_000_000, before + " bytes");
      flood.hangUp();
      assertTrue(source.endless.writer().readerClosed().await(PATIENCE));
    }
  }

  @Test
  void client_thatDoesNotReadItsEcho_cannotSendForEver() throws IOException {
    try (Flood flood = new Flood(node.port());
        RawClient other = new RawClient(node.port())) {
      flood.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      String chunk = "400\r\n" + "z".repeat(1024) + "\r\n";

      long sent = flood.sendUntilStuck(chunk, 60_000_000, other);

      assertTrue(sent < 30_000_000, sent + " bytes");
    }
  }

  @Test
  void client_thatPipelinesAndDoesNotRead_cannotAskForEver() throws IOException {
    try (Flood flood = new Flood(node.port());
        RawClient other = new RawClient(node.port())) {
      long sent = flood.sendUntilStuck(RawClient.get("/json"), 12_000_000, other);

      assertTrue(sent < 10_000_000, sent + " bytes");
    }
  }
}
