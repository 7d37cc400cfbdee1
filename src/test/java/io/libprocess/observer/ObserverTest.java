package io.libprocess.observer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Body;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.json.Json;
import io.libprocess.internal.scheduler.Running;
import io.libprocess.metrics.Counter;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the observer looks at a node, and the data for the pages. */
class ObserverTest {

  /** A process that serves what it is told to. */
  private static final class OneProcess implements ObservedProcess {
    private final String id;
    private int served;
    private int depth;
    private boolean isBroken;

    OneProcess(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Class<?> type() {
      if (isBroken) {
        throw new IllegalStateException("broken");
      }
      return OneProcess.class;
    }

    @Override
    public int servedEvents() {
      return served;
    }

    @Override
    public int depth(Running running, int limit) {
      return Math.min(depth, limit);
    }
  }

  /** A node that counts how often it is looked at. */
  private static final class CountingNode implements ObservedNode {
    private final List<OneProcess> processes = new ArrayList<>();
    private final Metrics metrics = new Metrics();
    private int looks;
    private int busyLooks;
    private Runnable eachLook = () -> {};

    @Override
    public Map<String, Object> identity() {
      return Map.of("address", "127.0.0.1:1");
    }

    @Override
    public Collection<? extends ObservedProcess> processes() {
      looks++;
      eachLook.run();
      return processes;
    }

    @Override
    public Map<ObservedProcess, Running> running() {
      busyLooks++;
      return Map.of();
    }

    @Override
    public Map<String, Long> stalls() {
      return Map.of();
    }

    @Override
    public Optional<Map<String, Object>> process(String id) {
      return Optional.empty();
    }

    @Override
    public Tracing trace(String id, boolean on) {
      return Tracing.NO_PROCESS;
    }

    @Override
    public Map<String, Object> traced(String id, long after) {
      return Map.of();
    }

    @Override
    public Map<String, Object> links() {
      return Map.of();
    }

    @Override
    public Map<String, Object> connections() {
      return Map.of();
    }

    @Override
    public Collection<Metric> requestMetrics() {
      return List.of();
    }

    @Override
    public Metrics metrics() {
      return metrics;
    }
  }

  private final Clock clock = Clock.paused(Instant.ofEpochSecond(1000));
  private final CountingNode node = new CountingNode();
  private final Observation observation =
      new Observation(node, new LogTail(Optional.empty()), clock, Runnable::run);

  @AfterEach
  void close() {
    observation.close();
    clock.close();
  }

  private void passes(long millis) {
    clock.advance(Duration.ofMillis(millis));
    clock.settle();
  }

  private Pipe.Reader<Chunk> open() {
    return ((Body.Streamed) observation.open().body()).reader();
  }

  private static String next(Pipe.Reader<Chunk> reader) {
    return reader.read().get().orElseThrow().utf8();
  }

  private static Map<?, ?> tick(Pipe.Reader<Chunk> reader) {
    String event = next(reader);
    assertTrue(event.startsWith("event: tick\ndata: {"), event);
    return (Map<?, ?>) Json.parse(event.substring("event: tick\ndata: ".length()).strip());
  }

  @Test
  void nothingIsLookedAt_whileNoPageIsOpen() {
    passes(10_000);
    assertEquals(0, node.looks);
    assertEquals(0, node.busyLooks);
    assertTrue(observation.isIdle());
  }

  @Test
  void nothingIsLookedAt_afterTheLastPageHasClosed() {
    Pipe.Reader<Chunk> one = open();
    Pipe.Reader<Chunk> other = open();
    passes(100);
    one.close();
    passes(1000);
    assertEquals(2, node.looks);
    other.close();
    int busyLooks = node.busyLooks;
    passes(10_000);
    assertEquals(2, node.looks);
    assertEquals(busyLooks, node.busyLooks);
    assertEquals(0, observation.pages());
  }

  /** A page that is loaded again has its stream closed and another one opened at once. */
  @Test
  void pageThatIsLoadedOften_isLookedAtAsOftenAsAnother() {
    for (int i = 0; i < 10; i++) {
      Pipe.Reader<Chunk> page = open();
      passes(150);
      page.close();
    }
    Pipe.Reader<Chunk> page = open();
    passes(100);
    int looks = node.looks;
    for (int i = 0; i < 100; i++) {
      passes(100);
    }
    assertEquals(looks + 10, node.looks);
    page.close();
  }

  @Test
  void looksThatTakeLong_areFollowedByLongPauses_butNotASingleOne() {
    Pipe.Reader<Chunk> page = open();
    passes(100);
    node.eachLook = () -> clock.advance(Duration.ofMillis(500));
    passes(1000);
    assertEquals(2, node.looks);
    passes(1000);
    assertEquals(3, node.looks); // The second one in a row that took half a second.
    passes(9_900);
    assertEquals(3, node.looks);
    node.eachLook = () -> {};
    passes(100);
    assertEquals(4, node.looks);
    passes(1000);
    assertEquals(5, node.looks);
    page.close();
  }

  /** A timer that has fired may come too late to be cancelled. */
  @Test
  void busyWatchThatIsSwitchedOnAgain_looksAsOftenAsBefore() {
    BusyWatch watch = new BusyWatch(node, clock);
    clock.timer(
        Duration.ofMillis(10),
        () -> {
          watch.end();
          watch.begin();
        });
    watch.begin(); // Its timer fires together with that one.
    passes(10);
    int looks = node.busyLooks;
    for (int i = 0; i < 10; i++) {
      passes(10);
    }
    assertEquals(looks + 10, node.busyLooks);
    assertEquals(10, watch.take().looks());
    watch.end();
  }

  @Test
  void lookThatFails_isMadeUpForByTheNext() {
    OneProcess first = new OneProcess("first");
    node.processes.add(first);
    Pipe.Reader<Chunk> page = open();
    passes(100);
    next(page);
    tick(page);

    OneProcess second = new OneProcess("second");
    second.isBroken = true;
    node.processes.add(second);
    passes(1000);
    second.isBroken = false;
    passes(1000);
    Map<?, ?> tick = tick(page);
    assertEquals(true, tick.get("all"));
    assertEquals(2, ((List<?>) tick.get("rows")).size());
  }

  /**
   * A page that does not read costs nothing as soon as its pipe is full, and later gets the full
   * state.
   */
  @Test
  void nothingIsLookedAt_whileNoPageReads() {
    for (int i = 0; i < 2_000; i++) {
      node.processes.add(new OneProcess("process-with-a-long-name-" + i));
    }
    Pipe.Reader<Chunk> page = open();
    for (int i = 0; i < 100; i++) {
      node.processes.forEach(process -> process.served++);
      passes(1000);
    }
    int looks = node.looks;
    assertTrue(looks < 20, looks + " looks");
    assertTrue(observation.isIdle());
    passes(10_000);
    assertEquals(looks, node.looks);

    assertTrue(next(page).startsWith("event: hello\n"));
    for (int i = 0; i < looks; i++) {
      tick(page);
    }
    passes(100);
    assertEquals(looks + 1, node.looks);
    Map<?, ?> afterwards = tick(page);
    assertEquals(true, afterwards.get("all"));
    assertEquals(2_000, ((List<?>) afterwards.get("rows")).size());
  }

  @Test
  void page_isToldOnlyWhatHasChanged() {
    OneProcess first = new OneProcess("first");
    OneProcess second = new OneProcess("second");
    node.processes.add(first);
    node.processes.add(second);
    Pipe.Reader<Chunk> page = open();
    passes(100);
    next(page);
    assertEquals(2, ((List<?>) tick(page).get("rows")).size());

    first.depth = 3;
    first.served += 500;
    passes(1000);
    Map<?, ?> change = tick(page);
    assertEquals(false, change.get("all"));
    assertEquals(List.of(), change.get("rows"));
    assertEquals("[[0,3,500,0,0]]", Json.text(change.get("changes")));

    node.processes.remove(second);
    node.processes.add(new OneProcess("third"));
    passes(1000);
    Map<?, ?> other = tick(page);
    assertEquals("[1]", Json.text(other.get("gone")));
    assertTrue(Json.text(other.get("rows")).startsWith("[[2,\"third\","));
  }

  @Test
  void pageThatOpensLater_getsTheHistory() {
    node.metrics.add(new Counter("libprocess/events"));
    open();
    passes(100);
    passes(1000);
    passes(1000);
    String hello = next(open()).substring("event: hello\ndata: ".length());
    Map<?, ?> identity = (Map<?, ?>) Json.parse(hello.strip());
    assertEquals(3, ((List<?>) identity.get("history")).size());
  }

  @Test
  void closedObserver_endsItsStreamsAndOpensNone() {
    Pipe.Reader<Chunk> page = open();
    observation.close();
    next(page);
    assertTrue(page.read().get().isEmpty());
    Response late = observation.open();
    assertEquals(503, late.status().code());
    passes(10_000);
    assertEquals(0, node.looks);
  }

  @Test
  void percentiles_areThoseOfTheBuckets() {
    Histogram histogram = Histogram.ofDurations("some");
    for (int i = 1; i <= 1000; i++) {
      histogram.record(Duration.ofMillis(i));
    }
    double half = VitalSigns.percentile(histogram.buckets(), 0.5);
    double most = VitalSigns.percentile(histogram.buckets(), 0.99);
    assertTrue(half > 0.45 && half < 0.55, "p50 " + half);
    assertTrue(most > 0.9 && most < 1.08, "p99 " + most);
    assertEquals(0, VitalSigns.percentile(List.of(), 0.5));
  }

  @Test
  void files_areThoseThatThePageNames() {
    for (String file : Page.FILES) {
      Response response = Page.answer(file, Request.get("/observer/" + file));
      assertEquals(200, response.status().code());
      assertFalse(response.text().contains("eval("), file);
      assertFalse(response.text().matches("(?s).*(src|href|url)\\s*[=(]\\s*[\"']?https?:.*"), file);
    }
    Response page = Page.answer("observer.html", Request.get("/observer"));
    String policy = page.headers().first("Content-Security-Policy").orElseThrow();
    assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
    String tag = page.headers().first("ETag").orElseThrow();
    Request again = Request.get("/observer").withHeader("If-None-Match", tag);
    assertEquals(304, Page.answer("observer.html", again).status().code());
  }
}
