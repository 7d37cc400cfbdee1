package io.libprocess.http.server;

import static io.libprocess.http.server.ServerFixture.ok;
import static io.libprocess.http.server.ServerFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** All connections of a server draw on one budget. */
class ServerMemoryTest {

  private static final int LIMIT = 100_000;
  private static final String NO_MEMORY = "The server has no memory left for this.";

  private final MemoryBudget memory = new MemoryBudget(LIMIT);
  private final ServerFixture fixture = new ServerFixture(Limits.defaults(), memory);
  private final FakeChannel channel = fixture.channel;

  @AfterEach
  void close() {
    fixture.close();
    assertEquals(0, memory.used());
  }

  private static String post(int length) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static Status statusOf(Future<?> failed) {
    return assertInstanceOf(StatusException.class, failed.failure()).status();
  }

  @Test
  void body_isHeldUntilItsAnswerHasLeft() {
    fixture.receive(post(5000) + "x".repeat(5000));
    assertEquals(5000, memory.used());

    fixture.call(0).answer("done");

    assertEquals(0, memory.used());
    fixture.assertSent(ok("done"));
  }

  @Test
  void bodies_thatAreCollectedAreRefusedTogether() {
    FakeChannel other = fixture.connect();
    fixture.receive(post(90_000));
    other.receive(post(90_000));
    Future<Request> first = fixture.call(0).request().buffered(1 << 20);
    Future<Request> second = fixture.call(1).request().buffered(1 << 20);
    for (int sent = 0; sent < 40_000; sent += 10_000) {
      fixture.receive("x".repeat(10_000));
      other.receive("y".repeat(10_000));
    }

    assertEquals(Status.SERVICE_UNAVAILABLE, statusOf(second));
    for (int sent = 40_000; sent < 90_000 && first.isPending(); sent += 10_000) {
      fixture.receive("x".repeat(10_000));
    }
    assertTrue(memory.used() <= LIMIT + 20_000, memory.used() + " bytes");
    other.reset();
    channel.reset();
  }

  @Test
  void body_inSmallPiecesIsWholeInTheEnd() {
    String content = "0123456789abcdef".repeat(1500);
    fixture.receive("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    Future<Request> whole = fixture.call(0).request().buffered(1 << 20);
    for (int i = 0; i < content.length(); i++) {
      fixture.receive("1\r\n" + content.charAt(i) + "\r\n");
    }
    assertTrue(memory.used() <= 3L * content.length(), memory.used() + " bytes");
    fixture.receive("0\r\n\r\n");

    assertEquals(content, whole.get().text());
    assertEquals(content.length(), memory.used());
    fixture.call(0).answer("");
  }

  @Test
  void answers_areRefusedWhereNothingIsLeft() {
    fixture.receiveGets(1, 3);
    fixture.call(2).answer("c".repeat(LIMIT));
    fixture.call(1).answer("b".repeat(LIMIT));
    assertEquals(LIMIT, memory.used());
    fixture.call(0).answer("a");

    fixture.assertSent(ok("a"), text(503, NO_MEMORY, "Retry-After: 1\r\n"), ok("c".repeat(LIMIT)));
  }

  @Test
  void answers_thatAreNotTakenAreCounted() {
    channel.becomeSlow();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer("a".repeat(50_000));
    assertTrue(memory.used() >= 50_000, memory.used() + " bytes");
    FakeChannel other = fixture.connect();
    memory.take(LIMIT);
    other.receive(post(2000) + "x".repeat(2000));

    assertTrue(other.takeSent().startsWith("HTTP/1.1 503 "));
    assertTrue(other.closesAfterWrites());
    memory.give(LIMIT);
    channel.reset();
    assertEquals(0, memory.used());
  }

  @Test
  void answers_thatAreNotTakenAreGivenUpSoonWhereNothingIsLeft() {
    FakeChannel small = fixture.connect();
    small.becomeSlow();
    small.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture.call(0).answer("a");
    channel.becomeSlow();
    fixture.receiveGets(1, 2);
    fixture.call(1).answer("b".repeat(LIMIT / 4));
    fixture.call(2).answer("c".repeat(LIMIT / 4));
    fixture.passTime(Duration.ofSeconds(10));
    assertFalse(channel.isClosed());
    memory.take(LIMIT);
    for (int i = 0; i < 3; i++) {
      fixture.passTime(Duration.ofSeconds(1));
    }

    assertTrue(channel.isClosed());
    assertFalse(small.isClosed());
    memory.give(LIMIT);
    channel.reset();
    small.reset();
  }

  @Test
  void pipelined_requestsWaitWhileNothingIsLeft() {
    fixture.receiveGets(1, 1);
    memory.take(LIMIT);
    fixture.receiveGets(2, 3);
    assertEquals(1, fixture.calls.size());
    assertTrue(channel.isPaused());
    memory.give(LIMIT);
    fixture.call(0).answer("1");

    assertEquals(3, fixture.calls.size());
    fixture.call(1).answer("2");
    fixture.call(2).answer("3");
    fixture.assertSent(ok("1"), ok("2"), ok("3"));
  }

  /** Many clients that each stop in the middle of a head would together fill the memory. */
  @Test
  void partsOfHeads_areCountedAndRefusedWhereNothingIsLeft() {
    FakeChannel other = fixture.connect();
    String part = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(7000);
    fixture.receive(part);
    assertTrue(memory.used() >= 7000, memory.used() + " bytes");
    assertTrue(memory.used() <= 20_000, memory.used() + " bytes");
    memory.take(LIMIT);
    other.receive(part);
    assertTrue(other.takeSent().startsWith("HTTP/1.1 503 "));
    assertTrue(other.closesAfterWrites());
    other.reset();
    FakeChannel small = fixture.connect();
    small.receive("GET / HTTP/1.1\r\n"); // This is no time to be petty.
    small.receive("Host: a\r\n\r\n");
    assertEquals(1, fixture.calls.size());
    memory.give(LIMIT);

    fixture.receive("\r\n\r\n");
    assertEquals(2, fixture.calls.size());
    fixture.call(1).answer("done");
    assertEquals(0, memory.used());
  }

  @Test
  void fieldsOfAHead_areCountedWithWhatTheyTake() {
    fixture.receive("GET / HTTP/1.1\r\nHost: a\r\n" + "a:\r\n".repeat(90));
    assertTrue(memory.used() >= 90 * 2 * MemoryBudget.OBJECT, memory.used() + " bytes");
    channel.reset();
    assertEquals(0, memory.used());
  }

  @Test
  void streams_thatNobodyReadsAreCounted() {
    fixture.receive(post(60_000));
    fixture.receive("x".repeat(30_000));
    assertTrue(memory.used() >= 30_000, memory.used() + " bytes");
    fixture.receive("x".repeat(30_000));
    assertTrue(memory.used() >= 60_000, memory.used() + " bytes"); // All has arrived.
    fixture.call(0).answer("done");
    assertEquals(0, memory.used());
  }

  @Test
  void requests_thatAreHeldBackAreCounted() {
    String body = "y".repeat(20_000);
    fixture.receive(post(10) + "0123456789");
    memory.take(LIMIT); // So the next are not parsed.
    fixture.channel.receiveAlthoughPaused(post(body.length()) + body);
    fixture.channel.receiveAlthoughPaused(post(body.length()) + body);
    assertTrue(memory.used() >= LIMIT + 2 * body.length(), memory.used() + " bytes");
    memory.give(LIMIT);
    fixture.call(0).answer("0");
    fixture.call(1).answer("1");
    fixture.call(2).answer("2");
    assertEquals(0, memory.used());
    fixture.assertSent(ok("0"), ok("1"), ok("2"));
  }

  @Test
  void whatIsRefusedEndsTheConnection() {
    memory.take(LIMIT);
    fixture.receive(post(2000) + "x".repeat(2000));
    memory.give(LIMIT);

    fixture.assertSent(text(503, NO_MEMORY, "Retry-After: 1\r\n", "Connection: close\r\n"));
    assertTrue(channel.closesAfterWrites());
  }
}
