package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.cli.ServedNode;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The input after the last request of a connection, and unwanted bodies. */
@Timeout(60)
class ConnectionEndTest {

  private static final String PING =
      "POST /echo/ping HTTP/1.1\r\nHost: test\r\nLibprocess-From: a@127.0.0.1:1\r\n\r\n";

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private ServedNode node;

  @BeforeEach
  void start() {
    node = ServedNode.start(config -> config.clock(clock));
  }

  @AfterEach
  void stop() {
    node.close();
    clock.close();
  }

  private static String post(String target, String fields) {
    return "POST " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n";
  }

  @Test
  void requestBehindTheLast_isNotServedEvenIfTheBodyCameLate() throws IOException {
    try (RawClient client = new RawClient(node.port());
        RawClient other = new RawClient(node.port())) {
      client.send(post("/echo/upper", "Connection: close\r\nContent-Length: 2\r\n") + "a");
      other.fetch("/plaintext"); // Now the first part has been read.
      client.send("b" + PING);

      assertEquals("AB", client.reply().text());
      assertTrue(client.isAtEnd());
      assertEquals("{\"pings\":0,\"exited\":0}", other.fetch("/echo/status").text());
    }
  }

  @Test
  void finalResponseInsteadOfContinue_endsTheConnection() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      client.send(post("/..", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
      Reply reply = client.reply();

      assertEquals(404, reply.status());
      assertEquals("close", reply.header("Connection").orElseThrow());
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void bodyThatNobodyReads_isSkippedIfItIsShort() throws IOException {
    try (RawClient client = new RawClient(node.port());
        RawClient other = new RawClient(node.port())) {
      client.send(post("/..", "Content-Length: 10000\r\n"));
      assertEquals(404, client.reply().status());
      other.fetch("/plaintext");
      client.send("x".repeat(10_000));

      assertEquals(200, client.fetch("/plaintext").status());
    }
  }

  @Test
  void clientThatLooksForTheAnswerWhenAllIsSent_findsIt() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      client.send(post("/..", "Content-Length: 20000000\r\n"));
      for (int i = 0; i < 20; i++) {
        client.send("x".repeat(1_000_000));
      }
      assertEquals(404, client.reply().status());
      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void bodyThatNobodyReads_endsTheConnectionIfItIsLong() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      client.send(post("/..", "Content-Length: 1000000\r\n"));
      assertEquals(404, client.reply().status());
      client.send("x".repeat(500_000));

      assertTrue(client.isAtEnd());
    }
  }

  @Test
  void bytesBehindTheLastRequest_takeNoMemory() throws IOException {
    try (Flood flood = new Flood(node.port());
        RawClient other = new RawClient(node.port())) {
      flood.send("GET /echo/slow?ms=1000 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
      long before = usedMemory();
      flood.sendUntilStuck("x".repeat(100), 32 << 20, other);

      assertTrue(usedMemory() - before < 16 << 20);
      clock.advance(Duration.ofSeconds(1)); // Lets the connection end.
    }
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void closingNode_answersWhatItWasAskedAndTakesNoMore() throws Exception {
    Thread closing = new Thread(node::close);
    try (RawClient client = new RawClient(node.port());
        RawClient idle = new RawClient(node.port())) {
      idle.fetch("/plaintext");
      client.send(RawClient.get("/echo/slow?ms=500"));
      idle.fetch("/plaintext");
      clock.settle();
      closing.start();
      assertTrue(idle.isAtEnd());
      clock.advance(Duration.ofMillis(500));

      assertEquals("after 500 ms\n", client.reply().text());
      assertTrue(client.isAtEnd());
    }
    closing.join(30_000);
    assertFalse(closing.isAlive());
  }
}
