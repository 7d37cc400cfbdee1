package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.cli.ServedNode;
import io.libprocess.http.Limits;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send slowly, too much, or something other than HTTP. */
@Timeout(60)
class HostileClientTest {

  private static final String HOST = " HTTP/1.1\r\nHost: test\r\n";
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void pass(Clock clock, Duration time) {
    clock.advance(time);
    clock.settle();
  }

  /** Lets time pass until something has come; the node may have read the request late. */
  private static void passUntilHeard(Clock clock, RawClient client) {
    Expect.until(
        () -> {
          pass(clock, SECOND);
          return !client.isQuiet();
        });
  }

  private static ServedNode nodeOn(Clock clock) {
    return ServedNode.start(config -> config.clock(clock).drainTimeout(SECOND));
  }

  @Test
  void head_ofOneByteASecond_isCutOffAfterItsTime() throws IOException {
    String head = "GET /plaintext" + HOST;
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode node = nodeOn(clock);
        RawClient other = new RawClient(node.port());
        RawClient client = new RawClient(node.port())) {
      int second = 0;
      long limit = Limits.defaults().headTime().toSeconds();
      for (; second < limit; second++) {
        assertTrue(client.isQuiet(), "after " + second + " s");
        client.send(head.substring(second, second + 1));
        assertEquals("Hello, World!", other.fetch("/plaintext").text());
        pass(clock, SECOND);
      }
      passUntilHeard(clock, client);

      Reply reply = client.reply();
      assertEquals(408, reply.status());
      assertEquals("close", reply.header("Connection").orElseThrow());
      assertTrue(client.isAtEnd());
      assertEquals("Hello, World!", other.fetch("/plaintext").text());
    }
  }

  @Test
  void body_withoutAByteForItsTime_isCutOff() throws IOException {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode node = nodeOn(clock);
        RawClient other = new RawClient(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send("POST /echo/upper" + HOST + "Content-Length: 3\r\n\r\nab");
      other.fetch("/plaintext");
      pass(clock, Limits.defaults().bodyTime().minus(SECOND.multipliedBy(2)));
      assertTrue(client.isQuiet());
      passUntilHeard(clock, client);

      assertEquals(408, client.reply().status());
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void idleConnection_isClosedAfterItsTime() throws IOException {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode node = nodeOn(clock);
        RawClient client = new RawClient(node.port())) {
      client.fetch("/plaintext");
      pass(clock, Limits.defaults().idleTime());

      Expect.until(
          () -> {
            pass(clock, SECOND);
            return client.hasEnded();
          });
    }
  }

  @Test
  void slowResponse_isNoIdleConnection() throws IOException {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        ServedNode node = nodeOn(clock);
        RawClient other = new RawClient(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send(RawClient.get("/echo/slow?ms=600000"));
      other.fetch("/plaintext");
      clock.settle();
      pass(clock, Duration.ofSeconds(599));
      assertTrue(client.isQuiet());
      passUntilHeard(clock, client);

      assertEquals("after 600000 ms\n", client.reply().text());
    }
  }

  @Test
  void head_ofOneMegabyte_isRefused() throws IOException {
    try (ServedNode node = ServedNode.start();
        Bystander other = new Bystander(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send("GET /plaintext" + HOST + "X-Big: " + "a".repeat(1 << 20));

      assertEquals(431, client.reply().status());
      assertTrue(client.isAtEnd());
      other.assertServed();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", // TLS
        "\u0000\u0000\u0000\u0000",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HELLO\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n", // Almost the preface of HTTP/2.
        "PRI * HTTP/2.0\r\nHost: test\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\nHost: test\n\n",
        "GET /a b HTTP/1.1\r\nHost: test\r\n\r\n",
        "{\"json\": true}\r\n"
      })
  void garbage_isRefused(String bytes) throws IOException {
    try (ServedNode node = ServedNode.start();
        Bystander other = new Bystander(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send(bytes);

      int status = client.reply().status();
      assertTrue(status == 400 || status == 505, "status " + status);
      assertTrue(client.isAtEnd());
      other.assertServed();
    }
  }

  @Test
  void randomBytes_areRefusedOrHungUpOn() throws IOException {
    Random random = new Random(42);
    try (ServedNode node = ServedNode.start();
        Bystander other = new Bystander(node.port())) {
      for (int i = 0; i < 200; i++) {
        byte[] bytes = new byte[1 + random.nextInt(2000)];
        random.nextBytes(bytes);
        try (RawClient client = new RawClient(node.port())) {
          client.send(bytes);
          client.endOutput();
          int status = client.reply().status();
          assertTrue(status >= 400 && status <= 505, "status " + status);
        } catch (EOFException nothing) {
          // A head that had not ended.
        }
      }
      other.assertServed();
    }
  }

  /** Requests that two servers may interpret differently, most of them published as attacks. */
  static Stream<String> smuggled() {
    String post = "POST /echo/upper" + HOST;
    String chunked = "Transfer-Encoding: chunked\r\n";
    String hidden = RawClient.get("/plaintext");
    return Stream.of(
        post + "Content-Length: 6\r\n" + chunked + "\r\n0\r\n\r\n" + hidden,
        post + chunked + "Content-Length: 6\r\n\r\n0\r\n\r\n" + hidden,
        post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + hidden,
        post + "Content-Length: 44\r\nContent-Length: 44\r\n\r\n" + hidden,
        post + "Content-Length: 0, 44\r\n\r\n" + hidden,
        post + "Content-Length: +0\r\n\r\n" + hidden,
        post + "Content-Length: -1\r\n\r\n" + hidden,
        post + "Content-Length: 0x0\r\n\r\n" + hidden,
        post + "Content-Length: 99999999999999999999\r\n\r\n" + hidden,
        post + "Content-Length:\r\n\r\n" + hidden,
        post + "Content-Length : 0\r\n\r\n" + hidden,
        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + " Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "X: y\r\n folded\r\n\r\n" + hidden,
        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
        post + chunked + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" + hidden,
        post + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n" + hidden,
        post + "Content-Length: 0\r\rX: y\r\n\r\n" + hidden,
        post + "Content-Length: 0\nX: y\r\n\r\n" + hidden,
        post + "Host: other\r\n\r\n" + hidden,
        "POST /echo/upper HTTP/1.0\r\nHost: test\r\n" + chunked + "\r\n0\r\n\r\n" + hidden,
        post + chunked + "\r\n0x0\r\n\r\n" + hidden,
        post + chunked + "\r\n+0\r\n\r\n" + hidden,
        post + chunked + "\r\n-1\r\n\r\n" + hidden,
        post + chunked + "\r\n 0\r\n\r\n" + hidden,
        post + chunked + "\r\n10000000000000000\r\n\r\n" + hidden,
        post + chunked + "\r\n0\n\r\n" + hidden,
        post + chunked + "\r\n0;a\nb\r\n\r\n" + hidden,
        post + chunked + "\r\n1\r\nab\r\n0\r\n\r\n" + hidden,
        post + chunked + "\r\n1\r\na\n0\r\n\r\n" + hidden);
  }

  @ParameterizedTest
  @MethodSource("smuggled")
  void ambiguousRequest_isRefusedAndEndsTheConnection(String bytes) throws IOException {
    try (ServedNode node = ServedNode.start();
        RawClient client = new RawClient(node.port())) {
      client.send(bytes);

      assertEquals(400, client.reply().status());
      assertTrue(client.isAtEnd());
    }
  }

  @ParameterizedTest
  @MethodSource("smuggled")
  void ambiguousRequest_isRefusedInPartsToo(String bytes) throws IOException {
    int headEnd = bytes.indexOf("\r\n\r\n") + 4;
    try (ServedNode node = ServedNode.start();
        RawClient other = new RawClient(node.port());
        RawClient client = new RawClient(node.port())) {
      client.send(bytes.substring(0, headEnd - 4));
      other.fetch("/plaintext"); // Now the first part has been read.
      client.send(bytes.substring(headEnd - 4, headEnd));
      other.fetch("/plaintext");
      client.send(bytes.substring(headEnd));

      assertEquals(400, client.reply().status());
      assertTrue(client.isAtEnd());
    }
  }
}
