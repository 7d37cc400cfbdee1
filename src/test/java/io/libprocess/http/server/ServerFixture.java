package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A server whose clock, connections and handler are controlled by the test. */
public final class ServerFixture implements AutoCloseable {

  static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

  /** A request and the promise of its response. */
  public record Call(Request request, Promise<Response> promise) {
    public void answer(Response response) {
      promise.set(response);
    }

    public void answer(String text) {
      answer(Response.ok(text));
    }
  }

  final Clock clock = Clock.paused(Instant.parse("1994-11-06T08:49:37Z"));
  final List<Call> calls = new ArrayList<>();
  final HttpServer server;
  public final FakeChannel channel;
  final MemoryBudget memory;

  /** A server that leaves the answers to the test. */
  public ServerFixture(Limits limits) {
    this(limits, (RequestHandler) null);
  }

  public ServerFixture(Limits limits, RequestHandler handler) {
    this(limits, handler, MemoryBudget.ofHeap());
  }

  ServerFixture(Limits limits, MemoryBudget memory) {
    this(limits, null, memory);
  }

  private ServerFixture(Limits limits, RequestHandler handler, MemoryBudget memory) {
    this.memory = memory;
    server =
        new HttpServer(
            handler != null ? handler : this::keep, limits, clock, Runnable::run, memory);
    channel = connect();
  }

  private Future<Response> keep(Request request) {
    Promise<Response> promise = new Promise<>();
    calls.add(new Call(request, promise));
    return promise.future();
  }

  /** One more connection. */
  public FakeChannel connect() {
    FakeChannel made = new FakeChannel(memory);
    made.handler = server.accept(made);
    return made;
  }

  public void receive(String text) {
    channel.receive(text);
  }

  /** Sends GET requests, whose paths are the given numbers, in one piece. */
  public void receiveGets(int from, int to) {
    StringBuilder wire = new StringBuilder();
    for (int i = from; i <= to; i++) {
      wire.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    receive(wire.toString());
  }

  public Call call(int number) {
    return calls.get(number);
  }

  /** Lets time pass in steps, as it would. */
  public void passTime(Duration duration) {
    Duration step = Duration.ofMillis(500);
    for (Duration left = duration; !left.isZero(); left = left.minus(step)) {
      step = step.compareTo(left) > 0 ? left : step;
      clock.advance(step);
      clock.settle();
    }
  }

  /** The output, without the dates. */
  public String sent() {
    return channel.takeSent().replaceAll("Date: [^\r]*\r\n", "");
  }

  /** A response of plain text as it is sent, without the date. */
  public static String text(int code, String text, String... lines) {
    return "HTTP/1.1 "
        + Status.of(code)
        + "\r\nContent-Length: "
        + text.length()
        + "\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + String.join("", lines)
        + "\r\n"
        + text;
  }

  public static String ok(String text) {
    return text(200, text);
  }

  public static String last(int code, String text) {
    return text(code, text, "Connection: close\r\n");
  }

  public void assertSent(String... expected) {
    assertEquals(String.join("", expected), sent());
  }

  @Override
  public void close() {
    clock.close();
  }
}
