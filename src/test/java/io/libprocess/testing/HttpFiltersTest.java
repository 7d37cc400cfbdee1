package io.libprocess.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.Config;
import io.libprocess.EventView.HttpEvent;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpFiltersTest {

  private static final class Greeter extends Process<Greeter> {
    Greeter() {
      super("greeter");
    }

    @Override
    protected void initialize() {
      route("/hello", "Greets.", request -> Future.of(Response.ok("hello")));
      route(
          Route.at("/stream").streaming().help("Greets."),
          request -> Future.of(Response.ok("hello")));
    }
  }

  private static int get(Node node, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + node.address() + path))
            .timeout(Duration.ofSeconds(30))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void request_isSeenDroppedAndForbidden() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build());
        Filters filters = Filters.on(node)) {
      PID<Greeter> greeter = node.spawn(new Greeter());
      filters.expectNone(EventPattern.request(greeter, "/other"));
      Future<HttpEvent> seen = filters.future(EventPattern.request(greeter, "/hello"));

      assertEquals(200, get(node, "/greeter/hello?to=all"));
      assertEquals("all", Await.awaitReady(seen).request().query("to").orElseThrow());

      filters.drop(EventPattern.request(greeter));
      assertEquals(500, get(node, "/greeter/hello"));
      assertEquals(200, get(node, "/greeter/hello"));
      assertTrue(seen.isReady());
    }
  }

  private record Order(String item, int count) {}

  private static final Codec<Order> ORDER = Codec.json(Order.class);

  /** Sends a request whose body comes later than its head; the status of the answer. */
  private static int post(Node node, String path, String body, CountDownLatch bodyMayGo)
      throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.address().port())) {
      socket.setSoTimeout(30_000);
      String head =
          "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      get(node, "/help"); // When this is answered, the head has been read.
      assertTrue(bodyMayGo.await(30, TimeUnit.SECONDS));
      socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(status, StandardCharsets.US_ASCII).substring(9));
    }
  }

  @Test
  void request_isMatchedByItsBody_onceAllOfItIsThere() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build());
        Filters filters = Filters.on(node)) {
      PID<Greeter> greeter = node.spawn(new Greeter());
      List<String> seen = new CopyOnWriteArrayList<>();
      CountDownLatch atOnce = new CountDownLatch(0);
      filters.expectNone(
          EventPattern.request(greeter, "/hello", ORDER, order -> order.count() > 100));
      Future<HttpEvent> pens =
          filters.drop(
              EventPattern.request(greeter, "/hello", ORDER, order -> order.item().equals("pen")));
      filters.expectNone(EventPattern.request(greeter).where(event -> !seen.add(event.path())));

      assertEquals(200, post(node, "/greeter/hello", "{\"item\":\"ink\",\"count\":1}", atOnce));
      assertEquals(200, post(node, "/greeter/hello", "no order", atOnce));
      assertTrue(pens.isPending());
      assertEquals(500, post(node, "/greeter/hello", "{\"item\":\"pen\",\"count\":2}", atOnce));
      assertEquals("{\"item\":\"pen\",\"count\":2}", Await.awaitReady(pens).request().text());
      assertEquals(List.of("/hello", "/hello", "/hello"), seen);
    }
  }

  @Test
  void request_forAStreamingRoute_isSeenAtItsHead() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build());
        Filters filters = Filters.on(node)) {
      PID<Greeter> greeter = node.spawn(new Greeter());
      CountDownLatch headSeen = new CountDownLatch(1);
      filters
          .future(EventPattern.request(greeter, "/stream"))
          .onReady(event -> headSeen.countDown());

      assertEquals(200, post(node, "/greeter/stream", "body", headSeen));
    }
  }

  @Test
  void requestThatWasNotExpected_failsTheTest() throws Exception {
    try (Node node = Node.start(Config.builder().workers(2).build())) {
      PID<Greeter> greeter = node.spawn(new Greeter());
      Filters filters = Filters.on(node);
      filters.expectNone(EventPattern.request(greeter, "/hello"));
      assertEquals(200, get(node, "/greeter/hello"));
      AssertionError error = assertThrows(AssertionError.class, filters::close);
      assertTrue(error.getMessage().startsWith("expected no request"), error.getMessage());
    }
  }
}
