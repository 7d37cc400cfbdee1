package io.libprocess.http.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.context.Deadline;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.service.filter.AttemptNumber;
import io.libprocess.service.stack.ServiceClient;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a server sees of the filters of its client, over a real connection. */
class ServiceContextTest {

  private record Seen(Optional<Deadline> deadline, int attempt) {}

  /** Refuses the first request, and asks itself about the second one. */
  private static final class Shop extends Process<Shop> {

    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    @Override
    protected void initialize() {
      route(Route.at("/order"), this::order);
    }

    private Future<Response> order(Request request) {
      seen.add(new Seen(Deadline.current(), AttemptNumber.current()));
      return Future.of(
          seen.size() == 1 ? Response.of(503).withHeader("Retry-After", "0") : Response.ok("sold"));
    }
  }

  @Test
  void deadlineAndNumberOfTheAttempt_goAlong() {
    try (Node server = Node.start();
        Node client = Node.start()) {
      Shop shop = new Shop();
      PID<Shop> pid = server.spawn(shop);
      ServiceClient<Url, Request, Response> orders =
          HttpServices.clientStack("orders")
              .totalTimeout(Duration.ofSeconds(30))
              .build(HttpServices.sessions(client.http()), List.of(Url.of(server.address())));
      Instant before = Instant.now();
      String path = "/" + pid.id() + "/order";
      Response response = Expect.ready(orders.call(Request.get(path)));
      Instant after = Instant.now();

      assertEquals("sold", response.text());
      assertEquals(List.of(0, 1), shop.seen.stream().map(Seen::attempt).toList());
      for (Seen one : shop.seen) {
        Instant deadline = one.deadline().orElseThrow().deadline();
        assertFalse(deadline.isBefore(before.plusSeconds(30)));
        assertFalse(deadline.isAfter(after.plusSeconds(30)));
      }
      assertTrue(Expect.ready(orders.call(Request.get(path))).text().equals("sold"));
      assertEquals(0, shop.seen.get(2).attempt());
    }
  }
}
