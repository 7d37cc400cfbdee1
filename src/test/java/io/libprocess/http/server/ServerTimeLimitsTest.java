package io.libprocess.http.server;

import static io.libprocess.http.server.ServerFixture.last;
import static io.libprocess.http.server.ServerFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.exchange.ServerDeadlines;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The treatment of slow clients. Limits may be exceeded by up to two seconds. */
class ServerTimeLimitsTest {

  private static final String LATE = "The request did not arrive in time";

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final FakeChannel channel = fixture.channel;

  @AfterEach
  void close() {
    fixture.close();
  }

  private void pass(int seconds) {
    fixture.passTime(Duration.ofSeconds(seconds));
  }

  @Test
  void idle_closesQuietly() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer("one");
    fixture.sent();
    pass(75);
    assertFalse(channel.closesAfterWrites());
    pass(3);

    assertTrue(channel.closesAfterWrites());
    fixture.assertSent("");
  }

  @Test
  void idle_beforeTheFirstRequest() {
    pass(78);

    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void idle_countsFromTheResponse() {
    fixture.receiveGets(1, 1);
    pass(100);
    fixture.call(0).answer("one");
    pass(74);
    assertFalse(channel.closesAfterWrites());
    pass(4);

    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void clientThatHasEndedItsSide_isGivenUpAfterTheIdleTime() {
    fixture.receiveGets(1, 1);
    Future<Response> pending = fixture.call(0).promise().future();
    channel.receiveEnd();
    pass(70);
    assertFalse(pending.hasDiscard());
    assertFalse(channel.isClosed());
    pass(10);

    assertTrue(pending.hasDiscard());
    assertTrue(channel.isClosed());
  }

  @Test
  void clientThatHasEndedItsSide_keepsAStreamThatItTakes() {
    Pipe<Chunk> pipe = Pipe.bytes();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(Response.stream(pipe.reader(), "text/plain"));
    channel.becomeSlow();
    channel.receiveEnd();
    for (int i = 0; i < 10; i++) {
      pass(20);
      assertTrue(pipe.writer().write(Chunk.utf8("more")).get());
      pass(1);
      channel.drain();
    }
    assertFalse(channel.isClosed());
    pass(80);

    assertTrue(channel.isClosed());
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void idle_countsAnew() {
    for (int i = 0; i < 3; i++) {
      pass(50);
      fixture.receiveGets(i, i);
      fixture.call(i).answer("" + i);
    }

    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void head_inSingleBytesMustBeThereInTime() {
    int bytes = 0;
    for (char c : ("GET / HTTP/1.1\r\nHost: " + "a".repeat(100)).toCharArray()) {
      if (channel.closesAfterWrites()) {
        break;
      }
      fixture.receive("" + c);
      pass(1);
      bytes++;
    }

    assertTrue(bytes >= 10 && bytes <= 13, "after " + bytes + " seconds");
    fixture.assertSent(last(408, LATE));
  }

  @Test
  void head_eachHasItsOwnTime() {
    for (int i = 0; i < 5; i++) {
      fixture.receive(i == 0 ? "GET / HT" : "TP/1.1\r\nHost: a\r\n\r\nGET / HT");
      pass(7);
    }

    assertFalse(channel.closesAfterWrites());
    assertEquals(4, fixture.calls.size());
  }

  @Test
  void head_lateBehindAPendingRequest() {
    fixture.receiveGets(1, 1);
    fixture.receive("GET");
    pass(13);
    fixture.assertSent("");
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"), last(408, LATE));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void body_hasALeastRate() {
    int bytes = 10 * ServerDeadlines.LEAST_RATE;
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + 10 * bytes + "\r\n\r\na");
    Future<Request> whole = fixture.call(0).request().buffered(1 << 20);
    for (int i = 0; i < 5; i++) {
      pass(10); // As many seconds as these bytes are given.
      fixture.receive("b".repeat(bytes));
    }
    assertTrue(whole.isPending());
    for (int i = 0; i < 40; i++) {
      pass(1);
      fixture.receive("b");
    }

    assertEquals(
        Status.REQUEST_TIMEOUT, assertInstanceOf(StatusException.class, whole.failure()).status());
  }

  @Test
  void body_ofWhichMuchHasComeEarnsNoTimeForLater() {
    int most = 1 << 20;
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + most + "\r\n\r\na");
    Future<Request> whole = fixture.call(0).request().buffered(most);
    pass(1);
    fixture.receive("b".repeat(1000 * ServerDeadlines.LEAST_RATE));
    pass(30);
    assertTrue(whole.isPending());
    pass(3);
    assertEquals(
        Status.REQUEST_TIMEOUT, assertInstanceOf(StatusException.class, whole.failure()).status());
  }

  @Test
  void body_mustMakeProgress() {
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\na");
    Future<Request> whole = fixture.call(0).request().buffered(100);
    pass(29);
    fixture.receive("b");
    pass(1);
    assertTrue(whole.isPending());
    pass(3);
    assertEquals(
        Status.REQUEST_TIMEOUT, assertInstanceOf(StatusException.class, whole.failure()).status());
    fixture.call(0).promise().fail(whole.failure());

    fixture.assertSent(last(408, LATE));
  }

  @Test
  void body_thatIsHeldBackHasNoLimit() {
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\na");
    fixture.receive("x".repeat(60_000));
    fixture.receive("x".repeat(10_000));
    assertTrue(channel.isPaused());
    pass(1000);

    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void body_thatWasNotAskedForHasNoLimit() {
    fixture.receive(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    pass(1000);
    assertFalse(channel.closesAfterWrites());
    Future<Request> whole = fixture.call(0).request().buffered(5);
    pass(33);

    assertTrue(whole.isFailed());
  }

  @Test
  void body_ofWhichTheRestIsDropped() {
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\na");
    fixture.call(0).answer("early");
    pass(33);

    fixture.assertSent(ok("early"));
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void handler_hasNoLimit() {
    fixture.receiveGets(1, 1);
    pass(1000);
    fixture.call(0).answer("one");

    fixture.assertSent(ok("one"));
    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void client_thatTakesNothing() {
    channel.becomeSlow();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer("x".repeat(100));
    pass(29);
    assertFalse(channel.isClosed());
    pass(4);

    assertTrue(channel.isClosed());
  }

  @Test
  void client_thatTakesALittleNowAndThen() {
    channel.becomeSlow();
    for (int i = 0; i < 10; i++) {
      fixture.receiveGets(i, i);
      fixture.call(i).answer("x".repeat(100 + i));
      pass(20);
      channel.drain();
    }

    assertFalse(channel.isClosed());
  }

  @Test
  void limits_thatAreShort() {
    Limits limits = Limits.builder().idleTime(Duration.ofMillis(100)).build();
    try (ServerFixture hasty = new ServerFixture(limits)) {
      hasty.clock.advance(Duration.ofMillis(99));
      hasty.clock.settle();
      assertFalse(hasty.channel.closesAfterWrites());
      hasty.passTime(Duration.ofSeconds(1));

      assertTrue(hasty.channel.closesAfterWrites());
    }
  }
}
