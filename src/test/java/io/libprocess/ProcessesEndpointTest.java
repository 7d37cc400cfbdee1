package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Exits;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import io.libprocess.web.PendingRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /__processes__}. */
class ProcessesEndpointTest {

  private final Node node = Node.start(Config.builder().workers(4).build());
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    node.close();
  }

  private Future<Response> get(String target) {
    return node.http().get(Url.of(node.address()).withTarget(target));
  }

  private PID<Plain> busy(Plain process) throws Exception {
    PID<Plain> pid = node.spawn(process);
    CountDownLatch reached = new CountDownLatch(1);
    pid.dispatch(
        p -> {
          reached.countDown();
          Expect.opened(release);
        });
    Expect.opened(reached);
    return pid;
  }

  private static String text(Response response) {
    assertEquals(200, response.status().code());
    assertEquals("application/json", response.headers().first("Content-Type").orElseThrow());
    return response.text();
  }

  @Test
  void processes_areListedWithThoseOfTheNode() throws Exception {
    node.spawn(new Plain("idle"));
    for (String target : new String[] {"/__processes__", "/__processes__/"}) {
      String text = text(Expect.ready(get(target)));
      for (String id : new String[] {"idle", "help", "metrics", "__processes__"}) {
        assertTrue(text.contains("{\"events\":[],\"id\":\"" + id + "\"}"), text);
      }
    }
  }

  @Test
  void help_hasNoLinesThatEndInABackslash() throws Exception {
    String path = "/help?format=json";
    for (String id : List.of("\"logging\"", "\"profiler\"", "\"metrics\"")) {
      Expect.until(() -> Expect.ready(get(path)).text().contains(id)); // When it has begun.
    }
    String help = Expect.ready(get(path)).text();
    assertFalse(help.contains("\\\\"), help); // As JSON has a single one.
  }

  @Test
  void pagesBelow_areNotThere() throws Exception {
    assertEquals(404, Expect.ready(get("/__processes__/idle")).status().code());
    String help = Expect.ready(get("/help?format=json")).text();
    assertFalse(help.contains("__processes__"), help);
  }

  @Test
  void events_areThoseThatWait_thoughTheProcessDoesNotComeBack() throws Exception {
    PID<Plain> pid = busy(new Plain("busy"));
    PID<Plain> linked = node.spawn(new Plain("linked"));
    Expect.ready(linked.call(p -> null));
    UPID sender = new UPID("sender", node.address());
    node.post(sender, pid, "greet", "hello \"you\"".getBytes(StandardCharsets.UTF_8));
    pid.dispatch(p -> {});
    pid.call(p -> 1);
    pid.cell().exited(linked, Exits.TERMINATED);
    PendingRequest request = new PendingRequest(Request.get("/busy/page?x=1"), "/page");
    pid.cell().receive(request);
    node.terminate(pid, false);
    String at = "@" + node.address();
    String events =
        "{\"body\":\"hello \\\"you\\\"\",\"from\":\"sender"
            + at
            + "\",\"name\":\"greet\",\"to\":\"busy"
            + at
            + "\",\"type\":\"MESSAGE\"},{\"type\":\"DISPATCH\"},{\"type\":\"DISPATCH\"},"
            + "{\"type\":\"EXITED\"},"
            + "{\"method\":\"GET\",\"type\":\"HTTP\",\"url\":\"/busy/page?x=1\"},"
            + "{\"type\":\"TERMINATE\"}";
    String text = text(Expect.ready(get("/__processes__")));
    assertTrue(text.contains("{\"events\":[" + events + "],\"id\":\"busy\"}"), text);
    release.countDown();
    assertEquals(404, Expect.ready(request.answer()).status().code());
  }

  @Test
  void events_beyondAThousandAreCounted() throws Exception {
    PID<Plain> pid = busy(new Plain("busy"));
    for (int i = 0; i < 1003; i++) {
      pid.dispatch(p -> {});
    }
    String text = text(Expect.ready(get("/__processes__")));
    assertTrue(text.contains("{\"type\":\"DISPATCH\"}],\"id\":\"busy\",\"more\":3}"), text);
  }

  @Test
  void bodies_areCut() throws Exception {
    PID<Plain> pid = busy(new Plain("busy"));
    node.post(pid, "large", new byte[5000]);
    String text = text(Expect.ready(get("/__processes__")));
    assertTrue(text.contains("\"bytes\":\"5000\",\"from\":"), text);
    assertTrue(text.length() < 20_000, text);
  }

  @Test
  void ProcessTest_ProcessesEndpointNoHang() throws Exception {
    PID<Plain> pid = busy(new Plain("ending"));
    node.terminate(pid); // It does not come back before it ends.
    String text = text(Expect.ready(get("/__processes__")));
    assertTrue(text.contains("{\"events\":[{\"type\":\"TERMINATE\"}],\"id\":\"ending\"}"), text);
    release.countDown();
    assertTrue(node.await(pid, Duration.ofSeconds(Expect.SECONDS)));
    text = text(Expect.ready(get("/__processes__")));
    assertFalse(text.contains("ending"), text);
  }
}
