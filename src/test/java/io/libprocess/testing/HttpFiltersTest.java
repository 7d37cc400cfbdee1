package io.libprocess.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.EventView.HttpEvent;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
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
}
