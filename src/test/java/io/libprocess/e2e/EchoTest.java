package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.cli.ServedNode;
import io.libprocess.time.Clock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers of the process {@code echo}, and {@code /help}. */
@Timeout(60)
class EchoTest {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static ServedNode node;

  @BeforeAll
  static void start() {
    node = ServedNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static HttpRequest.Builder request(String target) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + target))
        .timeout(Duration.ofSeconds(30));
  }

  private static String get(String target) throws Exception {
    return CLIENT.send(request(target).build(), BodyHandlers.ofString()).body();
  }

  @Test
  void status_isJson() throws Exception {
    try (ServedNode fresh = ServedNode.start();
        RawClient client = new RawClient(fresh.port())) {
      Reply reply = client.fetch("/echo/status");

      assertEquals("HTTP/1.1 200 OK", reply.statusLine());
      assertEquals("application/json", reply.header("Content-Type").orElseThrow());
      assertEquals("{\"pings\":0,\"exited\":0}", reply.text());
    }
  }

  @Test
  void upper_capitalizes() throws Exception {
    HttpRequest post = request("/echo/upper").POST(BodyPublishers.ofString("hello")).build();

    assertEquals("HELLO", CLIENT.send(post, BodyHandlers.ofString()).body());
  }

  @Test
  void help_listsProcessesAndRoutes() throws Exception {
    HttpRequest curl = request("/help").header("User-Agent", "curl/8").build();
    String page = CLIENT.send(curl, BodyHandlers.ofString()).body();

    for (String line :
        new String[] {"> [/echo][echo]\n", "> [/demo][demo]\n", "[echo]: help/echo\n"}) {
      assertTrue(page.contains(line), page);
    }
    assertTrue(get("/help").startsWith("<!DOCTYPE html>"));
    assertTrue(get("/help/echo/slow").contains("milliseconds"));
    assertTrue(get("/help?format=json").startsWith("{\"processes\":[{\"id\":\"debug\""));
  }

  @Test
  void echo_ofABodyWithALength_isTheBody() throws Exception {
    byte[] body = new byte[5 << 20];
    new Random(1).nextBytes(body);

    HttpResponse<byte[]> response =
        CLIENT.send(
            request("/echo").POST(BodyPublishers.ofByteArray(body)).build(),
            BodyHandlers.ofByteArray());

    assertEquals(200, response.statusCode());
    assertArrayEquals(body, response.body());
  }

  @Test
  void echo_ofAChunkedBody_isTheBody() throws Exception {
    byte[] body = new byte[5 << 20];
    new Random(2).nextBytes(body);

    HttpResponse<byte[]> response =
        CLIENT.send(
            request("/echo")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build(),
            BodyHandlers.ofByteArray());

    assertEquals("chunked", response.headers().firstValue("Transfer-Encoding").orElseThrow());
    assertArrayEquals(body, response.body());
  }

  @Test
  void echo_answersWhileTheBodyIsStillComing() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("5\r\nfirst\r\n");
      assertTrue(client.replyHead().isChunked());
      assertArrayEquals("5\r\nfirst\r\n".getBytes(), client.read(10));
      client.send("6;ext=\"a\"\r\nsecond\r\n");
      assertArrayEquals("6\r\nsecond\r\n".getBytes(), client.read(11));
      client.send("0\r\nX-Trailer: z\r\n\r\n");
      assertArrayEquals("0\r\n\r\n".getBytes(), client.read(5));

      assertEquals(200, client.fetch("/plaintext").status());
    }
  }

  @Test
  void echo_ofNothing_isNothing() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.send("POST /echo HTTP/1.1\r\nHost: test\r\n\r\n").reply();

      assertEquals(200, reply.status());
      assertEquals("", reply.text());
    }
  }

  @Test
  void echo_takesPostOnly() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.fetch("/echo");

      assertEquals(405, reply.status());
      assertEquals("POST", reply.header("Allow").orElseThrow());
    }
  }

  @Test
  void slow_holdsUpNobody() throws IOException {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode paused = ServedNode.start(config -> config.clock(clock));
        RawClient client = new RawClient(paused.port());
        RawClient other = new RawClient(paused.port())) {
      client.send(RawClient.get("/echo/slow?ms=200"));
      for (int i = 0; i < 100; i++) {
        assertEquals("{\"pings\":0,\"exited\":0}", other.fetch("/echo/status").text());
      }
      assertTrue(client.isQuiet());
      clock.settle();
      clock.advance(Duration.ofMillis(200));

      assertEquals("after 200 ms\n", client.reply().text());
    }
  }

  @Test
  void blocking_holdsUpNobody() throws IOException {
    int calls = 40; // More than there are workers.
    RawClient[] clients = new RawClient[calls];
    try (RawClient other = new RawClient(node.port())) {
      for (int i = 0; i < calls; i++) {
        clients[i] = new RawClient(node.port());
        clients[i].send(RawClient.get("/echo/blocking?ms=500"));
      }
      assertEquals(200, other.fetch("/echo/status").status());
      assertTrue(clients[calls - 1].isQuiet());
      for (RawClient client : clients) {
        assertEquals("after 500 ms\n", client.reply().text());
        client.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 50_000})
  void stream_hasAsManyChunksAsAskedFor(int chunks) throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < chunks; i++) {
      expected.append("chunk ").append(i).append('\n');
    }
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.fetch("/echo/stream?chunks=" + chunks);

      assertTrue(reply.isChunked());
      assertEquals(expected.toString(), reply.text());
      assertEquals(200, client.fetch("/plaintext").status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/echo/slow", "/echo/slow?ms=x", "/echo/slow?ms=-1", "/echo/stream"})
  void number_thatIsMissingOrWrong_isNamed(String target) throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.fetch(target);

      assertEquals(400, reply.status());
      assertTrue(reply.text().startsWith("Parameter '"), reply.text());
      assertFalse(reply.text().contains("Exception"), reply.text());
    }
  }
}
