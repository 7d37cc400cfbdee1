package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.internal.json.Json;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stuck work can be found while it is stuck, and requests are counted by route. */
@Timeout(100)
class DebugPagesTest {

  private static final List<String> PAGES =
      List.of(
          "/debug/running",
          "/debug/processes",
          "/debug/processes/busy-0",
          "/debug/requests",
          "/__processes__",
          "/metrics");

  private final Node node = Node.start(Config.builder().workers(4).build());
  private final CountDownLatch release = new CountDownLatch(1);
  private final Promise<Response> answer = new Promise<>();

  @AfterEach
  void close() {
    release.countDown();
    answer.set(Response.ok("late"));
    node.close();
  }

  private final class Desk extends Process<Desk> {
    private final CountDownLatch reached = new CountDownLatch(1);

    Desk() {
      this("desk");
    }

    Desk(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      route("/", "Answers.", request -> Future.of(Response.ok("here")));
      route("/never", "Does not answer.", request -> answer.future());
      route("/fail", "Fails.", request -> Future.failed("no"));
      install("dawdle", (from, body) -> block());
    }

    private void spin() {
      for (int i = 0; i < 1000; i++) {
        Thread.onSpinWait();
      }
    }

    private void block() {
      reached.countDown();
      Expect.opened(release);
    }
  }

  private Reply fetch(String target) throws IOException {
    return RawClient.fetch(node, target);
  }

  private Object json(String target) throws IOException {
    Reply reply = fetch(target);
    assertEquals(200, reply.status(), reply.text());
    return Json.parse(reply.text());
  }

  private static Map<?, ?> row(Object rows, String id) {
    for (Object row : assertInstanceOf(List.class, rows)) {
      if (row instanceof Map<?, ?> members && id.equals(members.get("id"))) {
        return members;
      }
    }
    throw new AssertionError(id + " is not in " + rows);
  }

  @Test
  void stuckProcess_isFoundWithItsEventAndStack() throws Exception {
    Desk desk = new Desk();
    PID<Desk> pid = node.spawn(desk);
    node.post(pid, "dawdle", new byte[0]);
    Expect.opened(desk.reached);
    pid.dispatch(d -> {});

    Map<?, ?> running = row(json("/debug/running"), "desk");
    assertEquals("dawdle", ((Map<?, ?>) running.get("serving")).get("name"));
    assertTrue(running.get("stack").toString().contains("Desk.block"), running.toString());
    assertTrue(running.get("thread").toString().startsWith("libprocess-worker-"));
    Expect.until(() -> seconds(row(json("/debug/running"), "desk")) > 0);

    Map<?, ?> listed = row(json("/debug/processes"), "desk");
    assertEquals("running", listed.get("state"));
    assertEquals(Desk.class.getName(), listed.get("class"));
    assertEquals("1", listed.get("waiting").toString());

    Map<?, ?> one = (Map<?, ?>) json("/debug/processes/desk");
    assertTrue(one.get("events").toString().contains("DISPATCH"), one.toString());
    assertTrue(one.get("events").toString().contains("DebugPagesTest"), one.toString());
    assertEquals(404, fetch("/debug/processes/nobody").status());
    Expect.until(
        () -> !"0".equals(row(json("/debug/processes"), "desk").get("seen_running").toString()));
  }

  @Test
  void pages_answerWhileProcessesStopAndStart() throws Exception {
    List<PID<Desk>> pids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pids.add(node.spawn(new Desk("busy-" + i)));
    }
    Churn churn = new Churn(pids);
    churn.start();
    try (RawClient client = new RawClient(node.address().port())) {
      for (int i = 0; i < 100; i++) {
        for (String page : PAGES) {
          client.send(RawClient.get(page));
          Reply reply = client.reply();
          assertEquals(200, reply.status(), page + ": " + reply.text());
        }
      }
    } finally {
      churn.end();
    }
  }

  /** Gives processes one event after the other, with pauses in which they are idle. */
  private static final class Churn extends Thread {
    private final List<PID<Desk>> pids;
    private volatile boolean isOver;

    Churn(List<PID<Desk>> pids) {
      super("churn");
      this.pids = pids;
    }

    @Override
    public void run() {
      while (!isOver) {
        pids.forEach(pid -> pid.dispatch(Desk::spin));
        pids.forEach(pid -> Expect.ready(pid.call(desk -> true)));
      }
    }

    void end() throws InterruptedException {
      isOver = true;
      join();
    }
  }

  private static double seconds(Map<?, ?> row) {
    return Double.parseDouble(row.get("seconds").toString());
  }

  @Test
  void unansweredRequests_areListedWithTheirAge() throws Exception {
    node.spawn(new Desk());
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(RawClient.get("/desk/never?secret=1"));
      Expect.until(() -> json("/debug/requests").toString().contains("/desk/never"));
      List<?> requests = assertInstanceOf(List.class, json("/debug/requests"));
      Map<?, ?> oldest = (Map<?, ?>) requests.get(0);
      assertEquals("/desk/never", oldest.get("path"));
      assertEquals("GET", oldest.get("method"));
      assertEquals("plain", oldest.get("connection"));
      assertTrue(oldest.get("from").toString().startsWith("127.0.0.1:"), oldest.toString());
      Expect.until(() -> seconds((Map<?, ?>) ((List<?>) json("/debug/requests")).get(0)) > 0.01);
      answer.set(Response.ok("late"));
      assertEquals("late", client.reply().text());
      Expect.until(() -> !json("/debug/requests").toString().contains("/desk/never"));
    }
  }

  @Test
  void requests_areCountedByRouteAndStatus() throws Exception {
    node.spawn(new Desk());
    fetch("/desk");
    fetch("/desk/fail");
    fetch("/desk/fail");
    fetch("/nobody");
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(RawClient.get("/desk/never"));
      answer.set(Response.of(202));
      assertEquals(202, client.reply().status());
    }
    Map<String, Double> all = Expect.ready(node.metrics().snapshot());
    assertEquals(1, all.get("libprocess/http_requests{route=\"/desk\",status=\"200\"}"));
    assertEquals(2, all.get("libprocess/http_requests{route=\"/desk/fail\",status=\"500\"}"));
    assertEquals(1, all.get("libprocess/http_requests{route=\"/desk/never\",status=\"202\"}"));
    assertEquals(1, all.get("libprocess/http_requests{route=\"none\",status=\"404\"}"));
    assertEquals(2, all.get("libprocess/http_request{route=\"/desk/fail\"}"));
    assertTrue(all.get("libprocess/http_request{route=\"/desk/fail\"}/p99") > 0);
    assertTrue(all.get("libprocess/received_bytes") > 100, all.toString());
    assertTrue(all.get("libprocess/sent_bytes") > 100, all.toString());
    assertTrue(all.get("libprocess/sockets_opened") >= 5, all.toString());
    String scraped = fetch("/metrics").text();
    assertTrue(
        scraped.contains("libprocess_http_requests_total{route=\"/desk/fail\",status=\"500\"} 2\n"),
        scraped);
  }

  @Test
  void connections_areCountedByKind() throws Exception {
    try (RawClient client = new RawClient(node.address().port())) {
      client.fetch("/help");
      assertEquals(
          1, Expect.ready(node.metrics().snapshot()).get("libprocess/connections{kind=\"plain\"}"));
    }
  }

  @Test
  void pages_areInTheRealmForReading() throws IOException {
    Config config = Guarded.configWithPasswordFor("libprocess-readonly").build();
    try (Node guarded = Node.start(config);
        RawClient client = new RawClient(guarded.address().port())) {
      for (String page : List.of("running", "processes", "processes/help", "requests")) {
        assertEquals(401, client.fetch("/debug/" + page).status(), page);
      }
    }
  }
}
