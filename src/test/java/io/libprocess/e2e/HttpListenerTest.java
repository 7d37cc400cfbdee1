package io.libprocess.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.UnixAddress;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stand-alone server whose answers are in the test's hands. */
@Timeout(60)
class HttpListenerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private record Call(Request request, Promise<Response> answer) {
    void awaitDiscard() throws InterruptedException {
      CountDownLatch discarded = new CountDownLatch(1);
      answer.future().onDiscard(discarded::countDown);
      assertTrue(discarded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "no discard");
    }
  }

  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final HttpListener server = start(Address.loopback(0));

  private HttpListener start(NetworkAddress address) {
    try {
      return HttpListener.start(address, this::keep);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Future<Response> keep(Request request) {
    Promise<Response> answer = new Promise<>();
    calls.add(new Call(request, answer));
    return answer.future();
  }

  private Call next() throws InterruptedException {
    Call call = calls.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertTrue(call != null, "no request came");
    return call;
  }

  private RawClient connect() throws IOException {
    return new RawClient(server.address().inet().orElseThrow().port());
  }

  @Test
  void metrics_areThoseOfItsOwnConnectionsRequestsAndMemory() throws Exception {
    try (HttpListener routed =
            HttpListener.builder()
                .route(Route.get("/books/{isbn}"), request -> Future.of(Response.ok("a book")))
                .route(Route.get("/busy"), request -> Future.failed(new IllegalStateException()))
                .start(Address.loopback(0));
        RawClient client = new RawClient(routed.address().inet().orElseThrow().port())) {
      for (String path : List.of("/books/1", "/books/2", "/busy", "/nowhere")) {
        client.send(RawClient.get(path));
        client.reply();
      }
      Map<String, Double> all = Expect.ready(routed.metrics().snapshot());
      String requests = "libprocess/http_requests";
      assertEquals(2, all.get(requests + "{route=\"/books/{isbn}\",status=\"200\"}"));
      assertEquals(1, all.get(requests + "{route=\"/busy\",status=\"500\"}"));
      assertEquals(1, all.get(requests + "{route=\"none\",status=\"404\"}"));
      assertEquals(1, all.get("libprocess/connections{kind=\"plain\"}"));
      assertEquals(0, all.get("libprocess/http_unanswered"));
      assertEquals(1, all.get("libprocess/sockets"));
      assertEquals(0, all.get("libprocess/memory_refusals"));
      assertTrue(all.get("libprocess/received_bytes") > 0, all::toString);
    }
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void HttpServerTest_Pipeline() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/1") + RawClient.get("/2") + RawClient.get("/3"));
      Call first = next();
      Call second = next();
      Call third = next();
      third.answer.set(Response.ok("3"));
      first.answer.set(Response.ok("1"));
      second.answer.set(Response.ok("2"));
      assertEquals("1", client.reply().text());
      assertEquals("2", client.reply().text());
      assertEquals("3", client.reply().text());

      assertTrue(server.ended().isPending());
      Future<Void> stopped = server.stop(PATIENCE);

      assertTrue(client.isAtEnd());
      client.endOutput();
      assertTrue(stopped.await(PATIENCE) && stopped.isReady());
      assertTrue(server.ended().await(PATIENCE) && server.ended().isReady());
    }
  }

  @Test
  void stop_answersWhatHasBegunAndAcceptsNothing() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/"));
      Call call = next();
      Future<Void> stopped = server.stop(PATIENCE);
      assertThrows(ConnectException.class, this::connect);
      assertTrue(stopped.isPending());

      call.answer.set(Response.ok("late"));

      assertEquals("late", client.reply().text());
      assertTrue(client.isAtEnd());
      client.endOutput();
      assertTrue(stopped.await(PATIENCE));
    }
  }

  @Test
  void stop_cutsOffWhatIsNotAnsweredInTime() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/"));
      Call call = next();

      Future<Void> stopped = server.stop(Duration.ofMillis(50));

      assertTrue(stopped.await(PATIENCE) && stopped.isReady());
      assertTrue(client.isAtEnd());
      call.awaitDiscard();
    }
  }

  @Test
  void stop_mayBeRepeatedWithLessTime() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/"));
      next();
      Future<Void> patient = server.stop(Duration.ofHours(1));
      patient.discard();
      assertTrue(patient.isPending());

      Future<Void> impatient = server.stop(Duration.ZERO);

      assertTrue(impatient.await(PATIENCE) && patient.await(PATIENCE));
      assertTrue(patient.isReady());
    }
    assertThrows(IllegalArgumentException.class, () -> server.stop(Duration.ofNanos(-1)));
  }

  @Test
  void HttpServerTest_Discard() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/"));
      Call call = next();

      server.ended().discard();

      assertTrue(client.isAtEnd());
      assertTrue(server.ended().await(PATIENCE) && server.ended().isFailed());
      assertTrue(server.stop(Duration.ZERO).await(PATIENCE));
      call.awaitDiscard();
    }
  }

  @Test
  void ended_isAFutureOfItsOwnForEachWhoAsks() {
    Future<Void> mine = server.ended();
    Future<Void> others = server.ended();
    mine.discard();
    assertFalse(others.hasDiscard());
    assertTrue(others.await(PATIENCE) && others.isFailed(), others::toString);
  }

  @Test
  void HttpServerTest_Finalize() throws Exception {
    try (RawClient client = connect()) {
      client.send(RawClient.get("/"));
      next();

      server.close();
      server.close();

      assertTrue(client.isAtEnd());
      assertTrue(server.ended().await(PATIENCE));
    }
  }

  @Test
  void HttpServeTest_Unix(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("http");
    try (HttpListener unix = start(new UnixAddress(path.toString()));
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      String post = RawClient.post("/echo", "hello").replace("POST", "PUT");
      Channels.newOutputStream(client).write(post.getBytes(US_ASCII));
      Call call = next();
      call.answer.set(Response.ok(call.request.text()).withHeader("Connection", "close"));

      String answer = new String(Channels.newInputStream(client).readAllBytes(), US_ASCII);

      assertTrue(answer.endsWith("\r\n\r\nhello"), answer);
      assertEquals(path.toString(), unix.address().toString());
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void start_namesTheAddressThatIsTaken() {
    IOException failure =
        assertThrows(
            IOException.class, () -> HttpListener.start(server.address(), request -> null));
    assertTrue(failure.getMessage().contains(server.address().toString()), failure::getMessage);
  }
}
