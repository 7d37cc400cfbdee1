package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.EventView;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.internal.json.Json;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.testing.Await;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler and the process that answer a request. */
@Timeout(60)
class RoutesTest {

  private final Node node = Node.start(Config.builder().build());

  /** Answers with the name of the route. */
  private static final class Paths extends Process<Paths> {
    final Pipe<Chunk> pipe = Pipe.bytes();

    Paths(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      for (String path : new String[] {"/", "/body", "/a", "/a/b/c"}) {
        answer(path, path);
      }
      route("/fail", "Fails.", request -> Future.failed("failure"));
      route("/pipe", "A stream.", request -> Future.of(Response.stream(pipe.reader(), "a/b")));
    }

    /** Keeps the process busy until that many requests wait for it. */
    void awaitRequests(int count) {
      while (eventCount(EventView.HttpEvent.class) < count) {
        Thread.yield();
      }
    }

    void answer(String path, String text) {
      route(path, "Help about " + path + ".", request -> Future.of(Response.ok(text)));
    }
  }

  private Reply fetch(String target) throws IOException {
    return RawClient.fetch(node, target);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void HTTPTest_Endpoints() throws Exception {
    Paths paths = new Paths("p");
    node.spawn(paths);
    String old = " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    try (RawClient client = new RawClient(node.address().port())) {
      Reply body = client.send("GET /p/body" + old).reply();
      assertEquals("HTTP/1.1 200 OK", body.statusLine());
      assertEquals("/body", body.text());
      assertEquals("/body", client.send("GET /p/body/" + old).reply().text());
      Reply failed = client.send("GET /p/fail" + old).reply();
      assertEquals(500, failed.status());
      assertEquals("failure", failed.text());

      client.send(RawClient.get("/p/pipe"));
      assertTrue(client.replyHead().isChunked());
      paths.pipe.writer().write(Chunk.utf8("Hello "));
      assertEquals("6\r\nHello \r\n", new String(client.read(11)));
      paths.pipe.writer().write(Chunk.utf8("World\n"));
      paths.pipe.writer().close();
      assertEquals("6\r\nWorld\n\r\n0\r\n\r\n", new String(client.read(16)));
    }
  }

  @Test
  void HTTPTest_Endpoints_streamForHttp10_endsWithTheConnection() throws Exception {
    Paths paths = new Paths("p");
    node.spawn(paths);
    paths.pipe.writer().write(Chunk.utf8("Hello"));
    paths.pipe.writer().close();
    try (RawClient client = new RawClient(node.address().port())) {
      client.send("GET /p/pipe HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      Reply reply = client.replyHead();
      assertEquals("close", reply.header("Connection").orElseThrow());
      assertEquals("Hello", new String(client.readToEnd()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/p, /",
    "/p/, /",
    "/p?query, /",
    "/p/a, /a",
    "/p/a/, /a",
    "/p/a/b, /a",
    "/p/a/x/y, /a",
    "/p/a/b/c, /a/b/c",
    "/p/a/b/c//, /a/b/c",
    "/p/a/b/c/d, /a/b/c",
    "/%70/a, /a",
    "/p/%61, /a",
    "//p///a/b//c, /a/b/c",
  })
  void HTTPTest_NestedGet(String target, String route) throws Exception {
    node.spawn(new Paths("p"));
    assertEquals(route, fetch(target).text());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /p/ab, 404",
    "GET, /p/b, 404",
    "GET, /nobody, 404",
    "GET, /, 404",
    "GET, /p/a/../body, 404",
    "GET, /..p/a, 404",
    "GET, /%zz/a, 400",
    "GET, //%zz/a, 400",
    "GET, /p/a/%zz, 404",
    "GET, /p/a/./b, 404",
    "GET, /p/a/%2e%2e/body, 404",
    "GET, /p/a%2Fb/c, 404",
    "GET, /a+b/a, 404",
    "OPTIONS, *, 400",
  })
  void path_withoutARoute(String method, String target, int status) throws Exception {
    node.spawn(new Paths("p"));
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(status, client.reply().status());
    }
  }

  @ParameterizedTest
  @CsvSource({"50%, /50%25/a", "a+b, /a+b/a", "a+b, /a%2Bb/a", "a b, /a%20b/a", "é, /%C3%A9/a"})
  void id_isDecodedOnce(String id, String target) throws Exception {
    node.spawn(new Paths(id));
    assertEquals("/a", fetch(target).text());
    node.security().setFirewall(List.of(node.security().disabledEndpoints(target)));
    assertEquals(403, fetch(target).status());
    assertEquals(200, fetch(target.replaceFirst("a$", "body")).status());
  }

  @Test
  void delegate_getsTheRootAndPathsThatNameNobody() throws Exception {
    try (Node delegating = Node.start(Config.builder().delegate("main").build())) {
      assertEquals(404, RawClient.fetch(delegating, "/body").status()); // It does not live yet.
      delegating.spawn(new Paths("main"));
      delegating.spawn(new Paths("p"));
      assertEquals("/", RawClient.fetch(delegating, "/").text());
      assertEquals("/body", RawClient.fetch(delegating, "/body").text());
      assertEquals("/body", RawClient.fetch(delegating, "/main/body").text());
      assertEquals("/a", RawClient.fetch(delegating, "/a/b").text());
      assertEquals("/", RawClient.fetch(delegating, "/p").text());
      assertEquals(404, RawClient.fetch(delegating, "/p/nothing").status());
    }
  }

  @Test
  void route_ofTheSamePathReplacesTheOneBefore() throws Exception {
    PID<Paths> pid = node.spawn(new Paths("p"));
    assertEquals("/body", fetch("/p/body").text());
    pid.dispatch(p -> p.answer("/body", "another"));
    assertEquals("another", fetch("/p/body").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a/", "//"})
  void route_ofAnIllegalPathIsRefused(String path) {
    PID<Paths> pid = node.spawn(new Paths("p"));
    Future<Void> called =
        pid.call(
            p -> {
              assertThrows(IllegalArgumentException.class, () -> p.answer(path, ""));
              return null;
            });
    Await.awaitReady(called);
  }

  @Test
  void process_thatEndsWithRequestsInItsQueueAnswers500() throws Exception {
    PID<Paths> pid = node.spawn(new Paths("p"));
    CountDownLatch busy = new CountDownLatch(1);
    try (RawClient client = new RawClient(node.address().port())) {
      pid.dispatch(
          p -> {
            busy.countDown();
            p.awaitRequests(2);
            node.terminate(pid, true);
          });
      assertTrue(busy.await(30, TimeUnit.SECONDS));
      client.send(RawClient.get("/p/body") + RawClient.get("/p/fail") + RawClient.get("/nobody"));

      assertEquals(500, client.reply().status());
      assertEquals(500, client.reply().status());
      assertEquals(404, client.reply().status());
    }
  }

  /* ------ Help ------ */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/help",
        "/help/",
        "/help?format=json",
        "/help/p",
        "/help/p/body",
        "/help/p/a/b/c"
      })
  void HTTPTest_EndpointsHelp(String target) throws Exception {
    Await.awaitReady(node.spawn(new Paths("p")).call(p -> null));
    Reply reply = fetch(target);
    assertEquals(200, reply.status());
    if (target.endsWith("/a/b/c")) {
      assertTrue(reply.text().contains("Help about /a/b/c."), reply.text());
    }
  }

  @Test
  void help_isJsonIfAskedFor() throws Exception {
    Await.awaitReady(node.spawn(new Paths("p")).call(p -> null));
    Reply reply = fetch("/help?format=json");

    assertEquals("application/json", reply.header("Content-Type").orElseThrow());
    Map<?, ?> help = assertInstanceOf(Map.class, Json.parse(reply.text()));
    List<?> processes = assertInstanceOf(List.class, help.get("processes"));
    assertTrue(
        processes.stream().anyMatch(process -> "p".equals(((Map<?, ?>) process).get("id"))),
        reply.text());
    assertNotEquals("application/json", fetch("/help").header("Content-Type").orElse(""));
  }

  @Test
  void HTTPTest_EndpointsHelpRemoval() throws Exception {
    PID<Paths> pid = node.spawn(new Paths("p"));
    Await.awaitReady(pid.call(p -> null));
    assertEquals(200, fetch("/help/p/body").status());
    node.terminate(pid);
    node.await(pid);
    Reply reply = fetch("/help/p/body");
    assertEquals(400, reply.status());
    assertEquals("No help available for '/p/body'.\n", reply.text());
    assertEquals(400, fetch("/help/p").status());
  }
}
