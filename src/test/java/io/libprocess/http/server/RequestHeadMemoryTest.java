package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.fields;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.headers;
import static io.libprocess.http.server.Http2Wire.post;
import static io.libprocess.http.server.Http2Wire.reset;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.Limits;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.support.Retained;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * Clients whose requests wait for their answers would fill the memory with the heads of these, or
 * with their trailers.
 */
class RequestHeadMemoryTest {

  private static final int SIZE = 7000;
  private static final String LONG = "x".repeat(SIZE);

  private static void assertHeld(int requests, long bytes) {
    assertTrue(bytes >= (long) requests * SIZE, bytes + " bytes");
    assertTrue(bytes <= 2L * requests * SIZE, bytes + " bytes");
  }

  private static long heldBy(FakeChannel channel) {
    return Retained.by(
        channel.handler, held -> held instanceof ServerFixture || held instanceof HttpServer);
  }

  @Nested
  class OfHttp1 {

    private static final String HEAD = "GET / HTTP/1.1\r\nHost: a\r\nX: " + LONG + "\r\n\r\n";

    private final ServerFixture fixture = new ServerFixture(Limits.defaults());
    private final MemoryBudget memory = fixture.memory;

    @AfterEach
    void close() {
      fixture.close();
      assertEquals(0, memory.used());
    }

    @Test
    void heads_areCountedUntilTheAnswersHaveLeft() {
      fixture.receive(HEAD);
      fixture.receive(HEAD + HEAD);
      assertHeld(3, memory.used());
      fixture.call(1).answer("2"); // It waits for the first.
      assertHeld(3, memory.used());
      fixture.call(0).answer("1");
      assertHeld(1, memory.used());
      fixture.call(2).answer("3");
      assertEquals(0, memory.used());
    }

    @Test
    void trailers_areCountedUntilTheAnswersHaveLeft() {
      String chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
      String end = "0\r\nT: " + LONG + "\r\n\r\n";
      fixture.receive(chunked + end);
      assertHeld(1, memory.used());
      fixture.receive(chunked);
      assertHeld(1, memory.used());
      fixture.receive(end);
      assertHeld(2, memory.used());
      fixture.receiveGets(1, 1);
      assertHeld(2, memory.used());
      fixture.call(0).answer("1");
      fixture.call(1).answer("2");
      assertEquals(0, memory.used());
      fixture.call(2).answer("3");
    }

    @Test
    void manySmallRequests_areCounted() {
      fixture.receiveGets(1, 100);
      assertTrue(memory.used() >= 100L * Exchange.COST, memory.used() + " bytes");
      fixture.channel.reset();
      assertEquals(0, memory.used());
    }

    @Test
    void headThatIsLong_isRefusedWhereNothingIsLeft() {
      memory.take(memory.limit());
      fixture.receive(HEAD + HEAD);
      assertTrue(fixture.channel.takeSent().startsWith("HTTP/1.1 503 "));
      assertTrue(fixture.channel.closesAfterWrites());
      FakeChannel other = fixture.connect();
      other.receive(
          "POST / HTTP/1.1\r\nHost: a\r\nX: " + LONG + "\r\nContent-Length: 9\r\n\r\nabc");
      assertTrue(other.takeSent().startsWith("HTTP/1.1 503 "));
      assertEquals(0, fixture.calls.size());
      assertEquals(2, memory.refused());
      FakeChannel small = fixture.connect();
      small.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(1, fixture.calls.size());
      small.reset();
      memory.give(memory.limit());
    }

    @Test
    void idleConnection_keepsNothingOfTheLastRequest() {
      String line = "POST http://" + LONG.substring(4000) + "/" + LONG.substring(4000);
      fixture.receive(
          line + " HTTP/1.1\r\nHost: a\r\nX: " + LONG + "\r\nTransfer-Encoding: chunked\r\n\r\n");
      fixture.receive("1\r\na\r\n0\r\nT: " + LONG + "\r\n\r\n");
      assertTrue(heldBy(fixture.channel) > SIZE);
      fixture.call(0).answer("1");
      assertTrue(fixture.channel.takeSent().startsWith("HTTP/1.1 200 "));
      fixture.calls.clear();

      assertKeepsNothing(fixture.channel);
    }
  }

  /** It may be read for some seconds more, so that its client gets the answer. */
  @Test
  void connectionThatHasEnded_keepsNoInput() {
    try (ServerFixture fixture = new ServerFixture(Limits.defaults())) {
      fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\n");
      fixture.receive(LONG.repeat(5));
      fixture.channel.receiveAlthoughPaused(Http2Wire.ascii(LONG.repeat(5))); // It is not parsed.
      fixture.call(0).answer("1");
      fixture.calls.clear();
      assertTrue(fixture.channel.closesAfterWrites());
      fixture.channel.takeSent();
      assertKeepsNothing(fixture.channel);
    }
    try (Http2Fixture client = new Http2Fixture(false).open()) {
      client.receive(Http2Wire.get(1, "/" + LONG + LONG + LONG)); // A frame that is too large.
      assertTrue(client.channel.closesAfterWrites());
      client.sent();
      assertKeepsNothing(client.channel);
    }
  }

  private static void assertKeepsNothing(FakeChannel channel) {
    long held = heldBy(channel);
    assertTrue(held < 5000, () -> held + " are held");
  }

  @Nested
  class OfHttp2 {

    private final Http2Fixture client =
        new Http2Fixture(false, Limits.defaults().toBuilder().pipelined(2).build(), null);
    private final MemoryBudget memory = client.server.memory;
    private final List<ServerFixture.Call> calls = client.server.calls;
    private long idle;

    OfHttp2() {
      client.receive(Http2Wire.PREFACE, Http2Wire.settings(), Http2Wire.settingsAck());
      client.sent();
      idle = memory.used();
    }

    @AfterEach
    void close() {
      client.channel.reset();
      client.close();
      assertEquals(0, memory.used());
    }

    private byte[] longGet(int stream) {
      return headers(stream, END_STREAM, fields("GET", "/", "x", LONG));
    }

    private long used() {
      return memory.used() - idle;
    }

    @Test
    void heads_areCountedUntilTheAnswersHaveLeft() {
      client.receive(longGet(1), longGet(3));
      assertHeld(2, used());
      calls.get(1).answer("3");
      assertHeld(1, used());
      calls.get(0).answer("1");
      assertEquals(0, used());
    }

    @Test
    void trailers_areCountedUntilTheAnswersHaveLeft() {
      client.receive(post(1, "/"), post(3, "/"));
      client.receive(headers(1, END_STREAM, "t", LONG));
      assertHeld(1, used());
      client.receive(headers(3, END_STREAM, "t", LONG));
      assertHeld(2, used());
      calls.get(0).answer("1");
      calls.get(1).answer("3");
      assertEquals(0, used());
    }

    @Test
    void headOfAResetStream_isCountedUntilItsHandlerHasEnded() {
      client.receive(longGet(1), longGet(3));
      assertEquals(2, calls.size());
      client.receive(reset(1, 8), reset(3, 8));
      assertHeld(2, used());
      client.receive(longGet(5), longGet(7)); // They wait for a place.
      assertEquals(2, calls.size());
      assertHeld(4, used());
      client.receive(reset(7, 8));
      assertHeld(3, used());
      calls.get(0).answer("1"); // The next one begins.
      assertEquals(3, calls.size());
      assertHeld(2, used());
      calls.get(1).promise().discard();
      calls.get(2).answer("5");
      assertEquals(0, used());
    }

    @Test
    void whatIsMoreThanALittle_isRefusedWhereNothingIsLeft() {
      long all = memory.limit();
      memory.take(all);
      client.receive(longGet(1));
      List<String> sent = client.sent();
      assertTrue(sent.get(0).contains("503"), sent::toString);
      assertEquals(0, calls.size());
      client.receive(get(3, "/"));
      assertEquals(1, calls.size());
      calls.get(0).answer("3");
      assertEquals(1, memory.refused());
      memory.give(all);
      client.receive(longGet(5));
      assertEquals(2, calls.size());
      memory.take(all);
      client.receive(get(7, "/")); // What comes on top of the other.
      assertEquals(2, calls.size());
      memory.give(all);
    }

    @Test
    void idleConnection_keepsNothingOfTheLastRequest() {
      client.receive(
          headers(
              1,
              END_STREAM,
              ":method",
              "GET",
              ":path",
              "/" + LONG.substring(4000),
              ":scheme",
              "http",
              ":authority",
              LONG.substring(4000),
              "priority",
              LONG.substring(4000),
              "x",
              LONG));
      assertTrue(heldBy(client.channel) > SIZE);
      assertEquals(List.of(), client.sent());
      calls.get(0).answer("1");
      assertFalse(client.sent().isEmpty());
      calls.clear();
      client.receive(headers(3, END_STREAM, fields("GET", "/", "x", LONG, "connection", "x")));
      client.assertSent("RST_STREAM 3 PROTOCOL_ERROR");

      assertKeepsNothing(client.channel);
    }
  }
}
