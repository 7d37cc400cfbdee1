package io.libprocess.http.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.context.Deadline;
import io.libprocess.context.Propagation;
import io.libprocess.context.TraceBuffer;
import io.libprocess.context.TraceRecord;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.service.filter.AttemptNumber;
import io.libprocess.service.stack.ServiceClient;
import io.libprocess.support.Expect;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /** What a server has received of attempts it does not pass on, whatever client it uses. */
  @Test
  void numberOfTheAttempt_goesOneHop() {
    try (Node server = Node.start();
        Node client = Node.start()) {
      Backend backend = new Backend();
      server.spawn(backend);
      PID<Front> front = server.spawn(new Front());
      ServiceClient<Url, Request, Response> pages =
          HttpServices.clientStack("pages")
              .build(HttpServices.sessions(client.http()), List.of(Url.of(server.address())));
      assertEquals("0", Expect.ready(pages.call(Request.get("/" + front.id()))).text());
      assertEquals(List.of(0, 0), backend.seen);
    }
  }

  /** Asks another process by HTTP, once for each attempt, and refuses the first one. */
  private static final class Front extends Process<Front> {

    private int attempts;

    @Override
    protected void initialize() {
      route("/", "", request -> front());
    }

    private Future<Response> front() {
      assertEquals(attempts, AttemptNumber.current());
      attempts++;
      Url url = Url.of(node().address()).withTarget("/backend");
      Future<Response> answer = node().http().get(url);
      return attempts == 1
          ? answer.map(done -> Response.of(503).withHeader("Retry-After", "0"))
          : answer;
    }
  }

  private static final class Backend extends Process<Backend> {

    private final List<Integer> seen = new CopyOnWriteArrayList<>();

    Backend() {
      super("backend");
    }

    @Override
    protected void initialize() {
      route("/", "", request -> backend());
    }

    private Future<Response> backend() {
      seen.add(AttemptNumber.current());
      return Future.of(Response.ok("" + AttemptNumber.current()));
    }
  }

  /* ------ Records ------ */

  private static List<TraceRecord> records(TraceBuffer buffer, TraceRecord.Kind kind, int count) {
    List<TraceRecord> taken = new ArrayList<>();
    Expect.until(
        () -> {
          buffer.takeAll().stream().filter(record -> record.kind() == kind).forEach(taken::add);
          return taken.size() >= count;
        });
    return taken;
  }

  private static Node recording(TraceBuffer buffer) {
    return Node.start(
        Config.builder().propagation(Propagation.trusted().withRecorder(buffer, 0)).build());
  }

  @Test
  void records_tellTheAttemptsOfOneTrace() {
    TraceBuffer near = new TraceBuffer(100);
    TraceBuffer far = new TraceBuffer(100);
    try (Node server = recording(far);
        Node client = recording(near)) {
      PID<Shop> pid = server.spawn(new Shop());
      ServiceClient<Url, Request, Response> orders =
          HttpServices.clientStack("orders")
              .traces(1)
              .build(HttpServices.sessions(client.http()), List.of(Url.of(server.address())));
      Expect.ready(orders.call(Request.get("/" + pid.id() + "/order")));
      List<TraceRecord> sent = records(near, TraceRecord.Kind.CLIENT, 2);
      List<TraceRecord> received = records(far, TraceRecord.Kind.SERVER, 2);
      for (List<TraceRecord> side : List.of(sent, received)) {
        assertEquals(List.of(0, 1), side.stream().map(TraceRecord::attempt).sorted().toList());
        assertEquals(
            List.of(sent.get(0).trace().traceId()),
            side.stream().map(record -> record.trace().traceId()).distinct().toList());
      }
      assertEquals(sent.get(0).trace().parent(), sent.get(1).trace().parent());
      assertFalse(sent.get(0).trace().span() == sent.get(1).trace().span());
      assertFalse(sent.get(0).timedOut());
    }
  }

  @Test
  void records_tellTimeouts() {
    TraceBuffer near = new TraceBuffer(100);
    try (Node server = Node.start();
        Node client = recording(near)) {
      PID<Silent> pid = server.spawn(new Silent());
      ServiceClient<Url, Request, Response> orders =
          HttpServices.clientStack("orders")
              .traces(1)
              .requestTimeout(Duration.ofMillis(50))
              .build(HttpServices.sessions(client.http()), List.of(Url.of(server.address())));
      Expect.failure(orders.call(Request.get("/" + pid.id())));
      assertTrue(records(near, TraceRecord.Kind.CLIENT, 1).get(0).timedOut());
    }
  }

  private static final class Silent extends Process<Silent> {

    @Override
    protected void initialize() {
      route(
          "/",
          "",
          request -> {
            Promise<Response> promise = new Promise<>();
            return promise.future().onDiscard(promise::discard);
          });
    }
  }
}
