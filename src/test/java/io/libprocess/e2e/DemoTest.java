package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.cli.ServedNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The answers of the process {@code demo}, with and without its name, and whether connections go
 * on.
 */
@Timeout(60)
class DemoTest {

  private static ServedNode node;

  private RawClient client;

  @BeforeAll
  static void start() {
    node = ServedNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void connect() throws IOException {
    client = new RawClient(node.port());
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/plaintext", "/demo", "/demo/", "/demo/plaintext"})
  void plaintext_is13Bytes(String target) throws IOException {
    Reply reply = client.fetch(target);

    assertEquals("HTTP/1.1 200 OK", reply.statusLine());
    assertEquals("13", reply.header("Content-Length").orElseThrow());
    assertTrue(reply.header("Date").isPresent());
    assertEquals("Hello, World!", reply.text());
  }

  @Test
  void plaintext_byHead_hasNoBody() throws IOException {
    client.send("HEAD /plaintext HTTP/1.1\r\nHost: test\r\n\r\n");

    assertEquals("13", client.replyToHead().header("Content-Length").orElseThrow());
    assertEquals("Hello, World!", client.fetch("/plaintext").text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void plaintext_byAnotherMethod_isNotAllowed(String method) throws IOException {
    client.send(method + " /plaintext HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\n\r\nhi");
    Reply reply = client.reply();

    assertEquals(405, reply.status());
    assertEquals("GET, HEAD", reply.header("Allow").orElseThrow());
    assertEquals(200, client.fetch("/plaintext").status());
  }

  @Test
  void json_is1024Bytes() throws IOException {
    Reply reply = client.fetch("/json");

    assertEquals(1024, reply.body().length);
    assertEquals("application/json", reply.header("Content-Type").orElseThrow());
    assertTrue(reply.text().matches("\\{\"message\":\"x+\"}"), reply.text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"''|''", "X-Probe: one@|one", "X-Probe: a@x-probe:  b @X-PROBE:c@|'a, b, c'"})
  void header_isTheValueOfTheProbe(String fields, String expected) throws IOException {
    client.send("GET /header HTTP/1.1\r\nHost: t\r\n" + fields.replace("@", "\r\n") + "\r\n");
    Reply reply = client.reply();

    assertEquals(200, reply.status());
    assertEquals(expected, reply.text());
  }

  @Test
  void stream_isTenLines() throws IOException {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      expected.append("piece ").append(i).append('\n');
    }
    Reply reply = client.fetch("/stream");

    assertTrue(reply.isChunked());
    assertEquals(expected.toString(), reply.text());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304, 404, 418, 503, 599, 999})
  void status_isTheOneAskedFor(int status) throws IOException {
    assertEquals(status, client.fetch("/status/" + status).status());
    assertEquals(status, client.fetch("/demo/status/" + status).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/status", "/status/100", "/status/1000", "/status/abc"})
  void status_thatIsNone_isABadRequest(String target) throws IOException {
    assertEquals(400, client.fetch(target).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/nope", "/demo/nope", "/echo/nope", "/..", "/echo/../demo"})
  void unknownPath_isNotFound(String target) throws IOException {
    Reply reply = client.fetch(target);

    assertEquals(404, reply.status());
    assertEquals("404 Not Found.", reply.text());
  }

  @Test
  void connection_isKept() throws IOException {
    for (int i = 0; i < 1000; i++) {
      assertEquals("Hello, World!", client.fetch("/plaintext").text());
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInTheirOrder() throws IOException {
    client.send(
        RawClient.get("/echo/slow?ms=200")
            + RawClient.get("/plaintext")
            + RawClient.get("/stream")
            + RawClient.post("/echo/upper", "abc")
            + "HEAD /json HTTP/1.1\r\nHost: test\r\n\r\n"
            + RawClient.get("/echo/slow?ms=10")
            + RawClient.get("/status/404"));

    assertEquals("after 200 ms\n", client.reply().text());
    assertEquals("Hello, World!", client.reply().text());
    assertEquals(10, client.reply().text().lines().count());
    assertEquals("ABC", client.reply().text());
    assertEquals("1024", client.replyToHead().header("Content-Length").orElseThrow());
    assertEquals("after 10 ms\n", client.reply().text());
    assertEquals(404, client.reply().status());
  }

  @Test
  void requestsBehindTheLast_areNotServed() throws IOException {
    client.send(
        "GET /plaintext HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
            + RawClient.get("/json"));
    Reply reply = client.reply();

    assertEquals("close", reply.header("Connection").orElseThrow());
    assertTrue(client.isAtEnd());
  }

  @Test
  void http10_closesAfterTheResponse() throws IOException {
    Reply reply = client.send("GET /plaintext HTTP/1.0\r\n\r\n").reply();

    assertEquals("HTTP/1.1 200 OK", reply.statusLine());
    assertEquals("Hello, World!", reply.text());
    assertTrue(client.isAtEnd());
  }

  @Test
  void http10_isKeptAliveIfAsked() throws IOException {
    String get = "GET /plaintext HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";

    assertEquals("keep-alive", client.send(get).reply().header("Connection").orElseThrow());
    assertEquals("Hello, World!", client.send(get).reply().text());
  }

  @Test
  void http10_getsAStreamWithoutChunks() throws IOException {
    Reply reply = client.send("GET /stream HTTP/1.0\r\n\r\n").reply();

    assertTrue(reply.header("Transfer-Encoding").isEmpty());
    assertTrue(reply.text().startsWith("piece 0\n"));
    assertTrue(reply.text().endsWith("piece 9\n"));
  }
}
