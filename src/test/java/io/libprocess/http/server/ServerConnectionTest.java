package io.libprocess.http.server;

import static io.libprocess.http.server.ServerFixture.last;
import static io.libprocess.http.server.ServerFixture.ok;
import static io.libprocess.http.server.ServerFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.net.Address;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and responses of one connection: order, keep-alive, failures and the end. */
class ServerConnectionTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final FakeChannel channel = fixture.channel;

  @AfterEach
  void close() {
    fixture.close();
  }

  /* ------ Order ------ */

  @Test
  void request_isAnswered() {
    fixture.receive("GET /path?a=b HTTP/1.1\r\nHost: a\r\n\r\n");
    Request request = fixture.call(0).request();
    fixture.call(0).answer("hello");

    assertEquals("/path", request.path());
    assertEquals(Optional.of(Address.loopback(12345)), request.client());
    assertInstanceOf(Body.Empty.class, request.body());
    assertEquals(
        "HTTP/1.1 200 OK\r\n"
            + ServerFixture.DATE
            + "Content-Length: 5\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello",
        channel.takeSent());
    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void request_inSingleBytes() {
    for (char c : GET.toCharArray()) {
      fixture.receive("" + c);
    }
    fixture.call(0).answer("hello");

    fixture.assertSent(ok("hello"));
  }

  @Test
  void keepAlive_oneAfterAnother() {
    for (int i = 0; i < 3; i++) {
      fixture.receive(GET);
      fixture.call(i).answer("" + i);
      fixture.assertSent(ok("" + i));
    }
  }

  @Test
  void pipelined_allReachTheHandlerAndResponsesKeepTheirOrder() {
    fixture.receiveGets(1, 3);
    assertEquals(3, fixture.calls.size());
    fixture.call(2).answer("three");
    fixture.call(0).answer("one");
    fixture.assertSent(ok("one"));
    fixture.call(1).answer("two");

    fixture.assertSent(ok("two"), ok("three"));
  }

  @Test
  void pipelined_answeredAtOnceLeaveTogether() {
    try (ServerFixture prompt =
        new ServerFixture(Limits.defaults(), request -> Future.of(Response.ok(request.path())))) {
      prompt.receiveGets(1, 16);

      assertEquals(1, prompt.channel.writes());
      assertTrue(prompt.sent().endsWith(ok("/16")));
    }
  }

  @Test
  void pipelined_noMoreThanTheLimit() {
    Limits limits = Limits.builder().pipelined(3).build();
    try (ServerFixture few = new ServerFixture(limits)) {
      few.receiveGets(1, 5);
      assertEquals(3, few.calls.size());
      assertTrue(few.channel.isPaused());

      few.call(1).answer("two");
      assertEquals(3, few.calls.size());
      few.call(0).answer("one");
      assertEquals(5, few.calls.size());
      assertEquals("/5", few.call(4).request().path());
      assertTrue(few.channel.isPaused()); // Three are unanswered again.

      few.call(2).answer("three");
      assertFalse(few.channel.isPaused());
      few.call(3).answer("four");
      few.call(4).answer("five");
      few.assertSent(ok("one"), ok("two"), ok("three"), ok("four"), ok("five"));
    }
  }

  @Test
  void pipelined_promptHandlerIsNotHeldBackByTheLimit() {
    Limits limits = Limits.builder().pipelined(1).build();
    try (ServerFixture prompt =
        new ServerFixture(limits, request -> Future.of(Response.ok(request.path())))) {
      prompt.receiveGets(1, 100);

      assertTrue(prompt.sent().endsWith(ok("/100")));
      assertFalse(prompt.channel.isPaused());
    }
  }

  @Test
  void slowClient_getsNoMoreRequestsIn() {
    channel.becomeSlow();
    String large = "x".repeat(70_000);
    fixture.receiveGets(1, 2);
    fixture.call(0).answer(large);
    fixture.receiveGets(3, 3);
    assertEquals(2, fixture.calls.size());
    assertTrue(channel.isPaused());

    channel.drain();
    assertEquals(3, fixture.calls.size());
    assertFalse(channel.isPaused());
    fixture.call(1).answer("two");
    fixture.call(2).answer("three");
    fixture.assertSent(ok(large), ok("two"), ok("three"));
  }

  /* ------ The end of the connection ------ */

  @Test
  void close_askedForByTheRequest() {
    fixture.receive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET);
    assertEquals(1, fixture.calls.size());
    fixture.call(0).answer("bye");

    fixture.assertSent(last(200, "bye"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void close_askedForByTheResponse() {
    fixture.receiveGets(1, 3);
    fixture.call(0).answer(Response.ok("bye").withHeader("Connection", "close"));

    fixture.assertSent(last(200, "bye"));
    assertTrue(channel.closesAfterWrites());
    assertTrue(fixture.call(1).promise().future().hasDiscard());
    assertTrue(fixture.call(2).promise().future().hasDiscard());
    fixture.call(1).answer("late");
    fixture.assertSent("");
  }

  @Test
  void http10_closesUnlessAskedNotTo() {
    fixture.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    fixture.call(0).answer("one");
    fixture.assertSent(text(200, "one", "Connection: keep-alive\r\n"));
    fixture.receive("GET / HTTP/1.0\r\n\r\n");
    fixture.call(1).answer("two");

    fixture.assertSent(last(200, "two"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void halfClose_stillGetsItsAnswers() {
    fixture.receiveGets(1, 2);
    channel.receiveEnd();
    assertFalse(channel.closesAfterWrites());
    fixture.call(1).answer("two");
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"), last(200, "two"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void halfClose_withMoreRequestsThanAreTakenAtOnce() {
    Limits limits = Limits.builder().pipelined(2).build();
    try (ServerFixture few = new ServerFixture(limits)) {
      few.receiveGets(1, 4);
      few.channel.receiveEnd();
      few.call(0).answer("1");
      few.call(1).answer("2");
      assertFalse(few.channel.closesAfterWrites());
      few.call(2).answer("3");
      few.call(3).answer("4");

      few.assertSent(ok("1"), ok("2"), ok("3"), last(200, "4"));
      assertTrue(few.channel.closesAfterWrites());
    }
  }

  @Test
  void halfClose_whenIdle() {
    channel.receiveEnd();

    assertTrue(channel.closesAfterWrites());
    fixture.assertSent("");
  }

  @Test
  void halfClose_insideAHead() {
    fixture.receive(GET + "GET / HT");
    channel.receiveEnd();
    assertFalse(channel.closesAfterWrites());
    fixture.call(0).answer("one");

    fixture.assertSent(last(200, "one"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void disconnect_asksForDiscards() {
    fixture.receiveGets(1, 2);
    channel.reset();

    assertTrue(fixture.call(0).promise().future().hasDiscard());
    assertTrue(fixture.call(1).promise().future().hasDiscard());
    fixture.call(0).answer("late");
    fixture.assertSent("");
  }

  @Test
  void disconnect_insideTheHandler() {
    FakeChannel[] gone = new FakeChannel[1];
    Future<Response> pending = new Promise<Response>().future();
    try (ServerFixture leaving =
        new ServerFixture(
            Limits.defaults(),
            request -> {
              gone[0].reset();
              return pending;
            })) {
      gone[0] = leaving.channel;
      leaving.receive(GET);

      assertTrue(pending.hasDiscard());
    }
  }

  /* ------ Refusals ------ */

  @Test
  void malformed_isAnsweredAndTheConnectionEnds() {
    fixture.receive("HELLO\r\n\r\n");

    fixture.assertSent(last(400, "Malformed request line"));
    assertTrue(channel.closesAfterWrites());
    assertEquals(List.of(), fixture.calls);
  }

  @Test
  void malformed_behindGoodRequestsWaitsForThem() {
    fixture.receiveGets(1, 2);
    fixture.receive("HELLO\r\n\r\n" + GET);
    fixture.call(1).answer("two");
    fixture.assertSent("");
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"), ok("two"), last(400, "Malformed request line"));
    assertTrue(channel.closesAfterWrites());
    assertEquals(2, fixture.calls.size());
  }

  @Test
  void malformed_bodyThatCameWithItsHead() {
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n");

    fixture.assertSent(last(400, "Illegal size of a chunk"));
    assertEquals(List.of(), fixture.calls);
  }

  @Test
  void refused_withTheStatusOfTheReason() {
    fixture.receive("GET /" + "x".repeat(9000) + " HTTP/1.1\r\n");

    fixture.assertSent(last(414, "The request line is too long"));
  }

  /* ------ Handlers that fail ------ */

  private void assertAnswer(int code, String text, RequestHandler handler) {
    try (ServerFixture failing = new ServerFixture(Limits.defaults(), handler)) {
      failing.receive(GET);
      failing.assertSent(text(code, text));
      assertFalse(failing.channel.closesAfterWrites());
      failing.receive(GET); // The connection goes on.
      failing.assertSent(text(code, text));
    }
  }

  /** The client gets only a number, which is in the log. */
  private void assertThrowing(Error thrown) {
    RequestHandler throwing =
        request -> {
          throw thrown;
        };
    try (ServerFixture failing = new ServerFixture(Limits.defaults(), throwing)) {
      for (int number = 1; number <= 2; number++) { // The connection goes on.
        failing.receive(GET);
        failing.assertSent(
            text(
                500,
                "500 Internal Server Error. See the log for failure a07rwnag-" + number + "."));
        assertFalse(failing.channel.closesAfterWrites());
      }
    }
  }

  @Test
  void handler_throws() {
    assertThrowing(new AssertionError("broken"));
    assertThrowing(new StackOverflowError("broken"));
  }

  @Test
  void handler_fails() {
    assertAnswer(500, "broken", request -> Future.failed("broken"));
  }

  @Test
  void handler_failsWithAStatus() {
    assertAnswer(
        409, "taken", request -> Future.failed(new StatusException(Status.CONFLICT, "taken")));
  }

  @Test
  void handler_discards() {
    assertAnswer(503, "discarded future", request -> Future.discarded());
  }

  @Test
  void handler_returnsNull() {
    assertAnswer(500, "the handler returned null", request -> null);
    assertAnswer(500, "The handler returned no response", request -> Future.of(null));
  }

  @Test
  void handler_answersWithAnInterimStatus() {
    assertAnswer(
        500,
        "The handler answered with the interim status 101 Switching Protocols",
        request -> Future.of(Response.of(101)));
  }

  @Test
  void handler_abandons() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer("two");
    fixture.call(0).promise().abandon();

    fixture.assertSent(text(503, "abandoned future"), ok("two"));
    fixture.call(0).answer("late");
    fixture.assertSent("");
  }

  /* ------ Methods and statuses ------ */

  @Test
  void head_getsNoBody() {
    fixture.receive("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + GET);
    fixture.call(0).answer("hello");
    fixture.call(1).answer("world");

    String head = ok("hello");
    fixture.assertSent(head.substring(0, head.length() - 5), ok("world"));
  }

  @Test
  void bodilessStatus_getsNoBody() {
    fixture.receiveGets(1, 2);
    fixture.call(0).answer(new Response(Status.NO_CONTENT, Headers.empty(), Body.of("hello")));
    fixture.call(1).answer("world");

    fixture.assertSent("HTTP/1.1 204 No Content\r\n\r\n", ok("world"));
  }

  /* ------ Draining ------ */

  @Test
  void drain_answersWhatHasBegunAndEnds() {
    FakeChannel idle = fixture.connect();
    fixture.receiveGets(1, 2);
    Future<Void> drained = fixture.server.drain();
    assertTrue(idle.closesAfterWrites());
    fixture.call(0).answer("one");
    assertFalse(channel.closesAfterWrites());
    fixture.call(1).answer("two");
    fixture.assertSent(ok("one"), last(200, "two"));
    assertTrue(channel.closesAfterWrites());

    assertTrue(drained.isPending());
    channel.close();
    idle.close();
    assertTrue(drained.isReady());
  }

  @Test
  void drain_waitsForAHeadThatHasBegun() {
    fixture.receive("GET / HT");
    fixture.server.drain();
    assertFalse(channel.closesAfterWrites());
    fixture.receive("TP/1.1\r\nHost: a\r\n\r\n");
    fixture.call(0).answer("one");

    fixture.assertSent(last(200, "one"));
  }

  @Test
  void drain_withoutConnections() {
    channel.close();

    assertTrue(fixture.server.drain().isReady());
    assertTrue(fixture.connect().closesAfterWrites());
  }
}
