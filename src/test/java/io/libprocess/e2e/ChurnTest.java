package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.ServerEvent;
import io.libprocess.http.Url;
import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonNumber;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.PullGauge;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The pages and streams of a node answer, and with numbers that can be, while all that they show
 * comes and goes. {@code -Dlibprocess.stress=50} makes it long.
 */
@Timeout(600) // Nothing here depends on how fast the machine is.
class ChurnTest {

  private static final int ROUNDS = 5 * Math.max(1, Integer.getInteger("libprocess.stress", 1));

  private static final Duration PATIENCE = Duration.ofSeconds(Expect.SECONDS);

  /** The pages, each with the statuses that it may have. */
  private static final Map<String, Set<Integer>> PAGES =
      Map.ofEntries(
          Map.entry("/metrics/snapshot?timeout=10ms", Set.of(200)),
          Map.entry("/system/stats.json", Set.of(200)),
          Map.entry("/__processes__", Set.of(200)),
          Map.entry("/help?format=json", Set.of(200)),
          Map.entry("/debug/running", Set.of(200)),
          Map.entry("/debug/processes", Set.of(200)),
          Map.entry("/debug/processes/busy", Set.of(200)),
          Map.entry("/debug/processes/short-1", Set.of(200, 404)),
          Map.entry("/debug/requests", Set.of(200)),
          Map.entry("/debug/calls", Set.of(200)),
          Map.entry("/health", Set.of(200)),
          Map.entry("/observer/process?id=busy&trace=0", Set.of(200)),
          Map.entry("/observer/process?id=short-1&trace=0", Set.of(200)),
          Map.entry("/observer/links", Set.of(200)),
          Map.entry("/observer/connections", Set.of(200)),
          Map.entry("/observer/metrics?search=short", Set.of(200)),
          Map.entry("/memory-profiler/state", Set.of(200)),
          Map.entry("/memory-profiler/statistics", Set.of(200)));

  /** Pages of other formats. */
  private static final Map<String, Set<Integer>> TEXTS =
      Map.of(
          "/metrics?timeout=10ms", Set.of(200),
          "/help/short-1", Set.of(200, 400, 404),
          "/help/short-1/never", Set.of(200, 400, 404),
          "/logging/toggle", Set.of(200),
          "/logging/toggle?level=1&duration=1ms", Set.of(200),
          "/profiler/stop", Set.of(400),
          "/short-1", Set.of(200, 404, 500, 503));

  private final Node node =
      Node.start(
          Config.builder()
              .workers(3)
              .snapshotInterval(Duration.ZERO)
              .stallThreshold(Duration.ofMillis(5))
              .memoryProfiling(true)
              .build());
  private final Node other = Node.start(Config.builder().workers(1).build());
  private final List<Churn> churns = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Promise<Response> never = new Promise<>();
  private final HttpClient http2 =
      HttpClient.start(
          ClientSettings.builder().http2(ClientSettings.Http2.PRIOR_KNOWLEDGE).build());

  @AfterEach
  void close() throws InterruptedException {
    endChurns();
    never.set(Response.ok());
    http2.close();
    other.close();
    node.close();
  }

  private void endChurns() throws InterruptedException {
    for (Churn churn : churns) {
      churn.end();
    }
  }

  /** Checks that everything went on until now. */
  private void assertUnbroken() throws InterruptedException {
    endChurns();
    assertEquals(List.of(), List.copyOf(failures));
  }

  private interface Step {
    void take(int number) throws Exception;
  }

  /** Does something again and again. */
  private final class Churn extends Thread {
    private final Step step;
    private final AtomicInteger steps = new AtomicInteger();
    private volatile boolean isOver;

    Churn(String name, Step step) {
      super(name);
      this.step = step;
      churns.add(this);
      start();
    }

    @Override
    public void run() {
      try {
        while (!isOver) {
          step.take(steps.getAndIncrement());
          Expect.pause(1); // Leaves the processors to the pages.
        }
      } catch (Throwable thrown) {
        failures.add(thrown);
      }
    }

    int steps() {
      return steps.get();
    }

    void end() throws InterruptedException {
      isOver = true;
      join();
    }
  }

  private final class Desk extends Process<Desk> {
    private final UPID to; // Null: it links to none.

    Desk(String id, UPID to) {
      super(id);
      this.to = to;
    }

    @Override
    protected void initialize() {
      route("/", "Answers.", request -> Future.of(Response.ok("here")));
      route("/never", "Does not answer.", request -> later());
      install("work", (from, body) -> work(1_000));
      if (to != null) {
        link(to);
      }
    }

    /** Ends if the client gives up, or it would count as one of the connection's requests. */
    private Future<Response> later() {
      Promise<Response> answer = new Promise<>();
      answer.future().onDiscard(answer::discard);
      never.future().onReady(answer::set);
      return answer.future();
    }

    private void work(int spins) {
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
    }
  }

  private void begin() {
    PID<Desk> busy = node.spawn(new Desk("busy", null));
    new Churn("events", number -> events(busy, number));
    new Churn("processes", this::processes);
    new Churn("metrics", this::metrics);
    new Churn("connections", number -> connections());
    new Churn("streams", number -> streams());
    Expect.until(() -> churns.stream().allMatch(churn -> churn.steps() > 1) || isBroken());
  }

  private boolean isBroken() {
    return !failures.isEmpty();
  }

  private void events(PID<Desk> busy, int number) {
    for (int i = 0; i < 20; i++) {
      node.post(busy, "work", new byte[i]);
      busy.dispatch(desk -> desk.work(100));
    }
    if (number % 50 == 0) {
      busy.dispatch(desk -> Expect.pause(10)); // A stall.
    }
    Expect.ready(busy.call(desk -> true)); // Then it is idle for a moment.
  }

  private void processes(int number) {
    PID<Desk> here = node.spawn(new Desk("short-" + number % 3, null));
    PID<Desk> there = other.spawn(new Desk("linker-" + number % 3, here));
    PID<Desk> linker = node.spawn(new Desk("linker-" + number % 3, there));
    here.dispatch(desk -> desk.work(100));
    Expect.ready(there.call(desk -> true));
    node.terminate(here);
    node.terminate(linker);
    other.terminate(there);
    assertTrue(node.await(here, PATIENCE));
    assertTrue(node.await(linker, PATIENCE));
    assertTrue(other.await(there, PATIENCE));
  }

  private void metrics(int number) {
    Counter counter = new Counter("short/counter", Duration.ofSeconds(1));
    counter.increment();
    Promise<Double> pending = new Promise<>();
    List<Metric> made =
        List.of(
            counter,
            new Counter("short/labelled{number=\"" + number % 7 + "\"}"),
            PullGauge.of("short/nan", () -> Double.NaN),
            PullGauge.of("short/infinite", () -> Double.POSITIVE_INFINITY),
            PullGauge.async("short/pending", pending::future),
            PullGauge.async("short/failing", () -> Future.failed("no")));
    made.forEach(node.metrics()::add);
    Thread.yield();
    pending.set((double) number);
    made.forEach(metric -> assertTrue(node.metrics().remove(metric)));
  }

  private void connections() throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(get("/busy/never"));
      client.send(get("/busy").substring(0, 10));
      client.reset(); // Otherwise it might still want the answer.
    }
  }

  /** Streams of one connection of HTTP/2, of which some are given up. */
  private void streams() {
    Url url = Url.parse("http://" + node.address() + "/busy");
    Url unanswered = Url.parse("http://" + node.address() + "/busy/never");
    List<Future<Response>> answers = new ArrayList<>();
    List<Future<Response>> givenUp = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(http2.send(url, Request.get("/busy")));
      givenUp.add(http2.send(unanswered, Request.get("/busy/never")));
    }
    answers.forEach(answer -> assertEquals(200, Expect.ready(answer).status().code()));
    givenUp.forEach(Future::discard);
  }

  /** A request that the observer takes for one from this host. */
  private static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  @Test
  void pages_answer() throws Exception {
    begin();
    try (RawClient client = new RawClient(node.address().port())) {
      client.send("POST /observer/trace?id=busy&on=true HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertEquals(200, client.reply().status());
      for (int i = 0; i < ROUNDS && !isBroken(); i++) {
        for (Map.Entry<String, Set<Integer>> page : PAGES.entrySet()) {
          Reply reply = client.send(get(page.getKey())).reply();
          String answer = page.getKey() + ": " + reply.status() + " " + reply.text();
          assertTrue(page.getValue().contains(reply.status()), answer);
          if (reply.status() == 200) {
            check(Json.parse(reply.text()), answer);
          }
        }
        for (Map.Entry<String, Set<Integer>> page : TEXTS.entrySet()) {
          Reply reply = client.send(get(page.getKey())).reply();
          String answer = page.getKey() + ": " + reply.status() + " " + reply.text();
          assertTrue(page.getValue().contains(reply.status()), answer);
        }
      }
    }
    assertUnbroken();
  }

  @Test
  void stream_goesOn() throws Exception {
    begin();
    try (HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      for (int i = 0; i < 2; i++) {
        Pipe.Reader<ServerEvent> events = stream(client);
        ServerEvent hello = Expect.ready(events.read()).orElseThrow();
        assertEquals("hello", hello.type());
        check(Json.parse(hello.data()), hello.data());
        for (int ticks = 0; ticks < 2; ticks++) {
          ServerEvent tick = Expect.ready(events.read()).orElseThrow();
          assertEquals("tick", tick.type());
          check(Json.parse(tick.data()), tick.data());
          assertEquals(ticks == 0, tick.data().contains("\"busy\""), tick.data());
        }
        events.close();
      }
    }
    assertUnbroken();
  }

  private Pipe.Reader<ServerEvent> stream(HttpClient client) {
    Url url = Url.parse("http://" + node.address() + "/observer/stream");
    Response response = Expect.ready(client.stream(url, Request.get("/observer/stream")));
    assertEquals(200, response.status().code());
    Body.Streamed body = (Body.Streamed) response.body();
    return body.reader().stream().via(ServerEvent.decode(Integer.MAX_VALUE)).reader();
  }

  @Test
  void pages_answerUntilTheNodeIsClosed() throws Exception {
    node.spawn(new Desk("busy", null));
    AtomicInteger answers = new AtomicInteger();
    List<Thread> clients = new ArrayList<>();
    for (Map.Entry<String, Set<Integer>> page : PAGES.entrySet()) {
      Thread client = new Thread(() -> askUntilTheEnd(page.getKey(), page.getValue(), answers));
      clients.add(client);
      client.start();
    }
    Expect.until(() -> answers.get() > 5 * PAGES.size() || isBroken());
    node.close();
    for (Thread client : clients) {
      client.join();
    }
    assertUnbroken();
  }

  private void askUntilTheEnd(String page, Set<Integer> statuses, AtomicInteger answers) {
    try (RawClient client = new RawClient(node.address().port())) {
      for (boolean isLast = false; !isLast; ) {
        Reply reply = client.send(get(page)).reply();
        isLast = reply.header("Connection").filter("close"::equals).isPresent();
        answers.incrementAndGet();
        // A process of the node may have ended before the connection: that is said.
        boolean isKnown = statuses.contains(reply.status()) || isClosingStatus(reply.status());
        assertTrue(isKnown, page + ": " + reply.status() + " " + reply.text());
      }
    } catch (IOException closed) {
      // The node has gone between two answers.
    } catch (Throwable thrown) {
      failures.add(thrown);
    }
  }

  private static boolean isClosingStatus(int status) {
    return status == 404 || status == 503;
  }

  /** Checks that no number is negative, except the time of a silence that has not begun. */
  private static void check(Object json, String all) {
    if (json instanceof Map<?, ?> members) {
      members.forEach(
          (name, value) -> {
            if (!"silent".equals(name)) {
              check(value, all);
            }
          });
    } else if (json instanceof List<?> elements) {
      elements.forEach(element -> check(element, all));
    } else if (json instanceof JsonNumber number) {
      assertTrue(!number.toString().startsWith("-"), () -> number + " in " + all);
    }
  }
}
