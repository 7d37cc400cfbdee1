package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.server.RecurrenceHandler;
import io.libprocess.http.server.ServerFixture;
import io.libprocess.internal.MemoryBudget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests whose heads recur are answered as if each had been parsed, however they arrive. */
class RecurrenceTest {

  private static final String CHUNKED =
      "POST /x/m HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String EARLY = "/x/early"; // Answered before its body has arrived.
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final String FIXED = "POST /x/f HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
  private static final String OLD =
      "POST /x/o HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\n";
  private static final String GZIP = FIXED.replace("Host: a", "Content-Encoding: gzip\r\nHost: a");
  private static final String EMPTY = "POST /x/e HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String GET = "GET /x/g HTTP/1.1\r\nHost: a\r\n\r\n";

  private static String chunk(String body) {
    return CHUNKED + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
  }

  private static String body(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static List<String> scripts() {
    return List.of(
        chunk("one") + chunk("two") + chunk("x".repeat(300)) + chunk("three"),
        chunk("one") + chunk("two") + GET + chunk("three") + EMPTY + EMPTY + chunk("four"),
        FIXED + "abc" + FIXED + "def" + chunk("one") + FIXED + "ghi" + chunk("two"),
        chunk("a") + CHUNKED + "1;x=y\r\nb\r\n0\r\n\r\n" + CHUNKED + "001\r\nc\r\n0\r\n\r\n",
        chunk("a") + CHUNKED + "1\r\nb\r\n1\r\nc\r\n0\r\n\r\n" + chunk("d"),
        chunk("a") + CHUNKED + "1\r\nb\r\n0\r\nT: v\r\n\r\n" + chunk("d"),
        chunk("a") + CHUNKED + "0\r\n\r\n" + chunk("d"),
        chunk("refuse") + chunk("refuse") + chunk("d") + chunk("refuse"),
        chunk("a") + chunk("a") + CHUNKED + "zz\r\nb\r\n0\r\n\r\n",
        chunk("a") + CHUNKED + "2\r\nbcd\r\n0\r\n\r\n" + chunk("d"),
        chunk("a") + CHUNKED + "ffffffffff\r\nb\r\n",
        chunk("a") + CHUNKED + "100000003\r\nabc\r\n0\r\n\r\n", // Three, but for an overflow.
        chunk("a") + CHUNKED + "1\n\nb\r\n0\r\n\r\n",
        chunk("a") + CHUNKED + "1\r\rb\r\n0\r\n\r\n",
        FIXED + "abc" + FIXED.replace("/x/f", "/x/h") + "def" + FIXED + "ghi",
        FIXED + "abc" + GET.replace("\r\n\r\n", "\r\nX: ") + FIXED + "def", // Within a head.
        FIXED + "abc" + body("/x/b", FIXED + "def") + FIXED + "ghi",
        FIXED + "abc" + body(EARLY, FIXED + "def") + FIXED + "ghi",
        OLD + "abc" + OLD + "def" + OLD + "ghi",
        GZIP + "abc" + GZIP + "def"); // Which is not compressed.
  }

  /** Records bodies, and refuses the shortcut for some of them. */
  private static final class Handler implements RecurrenceHandler {
    final List<String> bodies = new ArrayList<>();
    final boolean recurs;
    int recurred;

    Handler(boolean recurs) {
      this.recurs = recurs;
    }

    private Response answer(String path, String body) {
      bodies.add(path + " " + body);
      return body.startsWith("t") ? Response.notFound() : Response.ok(body);
    }

    @Override
    public Future<Response> handle(Request request) {
      if (request.path().equals(EARLY)) {
        return Future.of(answer(request.path(), "early"));
      }
      return request.buffered(1000).map(whole -> answer(request.path(), whole.text()));
    }

    @Override
    public Recurrence recurrence(Request request) {
      if (!recurs || !request.method().equals("POST")) {
        return null;
      }
      return body -> {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.equals("refuse")) {
          return null;
        }
        recurred++;
        return answer(request.path(), text);
      };
    }
  }

  /** The length of the first message of a script. */
  private static int first(String script) {
    int last = script.indexOf(LAST_CHUNK);
    return last < 0 || !script.startsWith(CHUNKED)
        ? script.indexOf("abc") + "abc".length()
        : last + LAST_CHUNK.length();
  }

  private static String run(Handler handler, List<String> pieces) {
    try (ServerFixture fixture = new ServerFixture(Limits.defaults(), handler)) {
      for (String piece : pieces) {
        if (!fixture.channel.isPaused()) {
          fixture.receive(piece);
        }
      }
      return fixture.sent() + "\n" + handler.bodies;
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void answers_areTheSameHoweverTheyArrive(String script) {
    String expected = run(new Handler(false), List.of(script));
    assertEquals(expected, run(new Handler(true), List.of(script)));
    assertEquals(expected, run(new Handler(true), List.of(script.split(""))));
    for (int cut = 1; cut < script.length(); cut++) {
      List<String> pieces = List.of(script.substring(0, cut), script.substring(cut));
      assertEquals(expected, run(new Handler(true), pieces), "cut at " + cut);
    }
    // Only what begins a piece can recur: the rest of the script, and an incomplete part of it.
    int first = first(script);
    for (int cut = first; cut < script.length(); cut++) {
      Handler handler = new Handler(true);
      List<String> pieces =
          List.of(script.substring(0, first), script.substring(first, cut), script.substring(cut));
      assertEquals(expected, run(handler, pieces), "cut at " + first + " and " + cut);
    }
  }

  @Test
  void recurringHeads_areNotParsedAgain() {
    Handler handler = new Handler(true);
    run(handler, List.of(chunk("a") + FIXED + "abc", FIXED + "def" + chunk("b") + chunk("c")));
    assertEquals(List.of("/x/m a", "/x/f abc", "/x/f def", "/x/m b", "/x/m c"), handler.bodies);
    assertEquals(3, handler.recurred);
  }

  @Test
  void emptyLine_mayComeBeforeEachRequestThatRecurs() {
    List<String> pieces = List.of(FIXED + "abc", "\r\n", FIXED + "def", "\r\n", FIXED + "ghi");
    Handler handler = new Handler(true);
    assertEquals(run(new Handler(false), pieces), run(handler, pieces));
    assertEquals(List.of("/x/f abc", "/x/f def", "/x/f ghi"), handler.bodies);
    assertEquals(2, handler.recurred);
  }

  @Test
  void moreHeadsThanAreKept_areAnsweredAllTheSame() {
    Handler handler = new Handler(true);
    List<String> script = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      script.add(chunk("b" + i).replace("/x/m", "/x/m" + i % 12));
      expected.add("/x/m" + i % 12 + " b" + i);
    }
    run(handler, script);
    assertEquals(expected, handler.bodies);
    assertEquals(0, handler.recurred); // Each was forgotten before it came again.
  }

  /** What each connection keeps for long is limited, and counted if it is more than a little. */
  @Test
  void keptHeads_areFewBytes() {
    int most = 8 * (RecurringHead.LONGEST + MemoryBudget.OBJECT);
    Handler handler = new Handler(true);
    try (ServerFixture fixture = new ServerFixture(Limits.defaults(), handler)) {
      for (int i = 0; i < 20; i++) {
        String longest = FIXED.replace("Host: a", "Host: a\r\nX: " + "x".repeat(i % 10));
        int fill = RecurringHead.LONGEST - longest.length();
        String head = longest.replace("/x/f", "/x/f" + "f".repeat(fill));
        fixture.receive(head + "abc");
        fixture.receive(head + "def");
        String longer = head.replace("/x/f", "/x/ff");
        fixture.receive(longer + "abc");
        fixture.receive(longer + "def");
      }
      assertEquals(20, handler.recurred);
      long held = fixture.channel.memory().used();
      assertTrue(held >= most && held < most + (4 << 10), held + " bytes");
      fixture.channel.reset();
      assertEquals(0, fixture.channel.memory().used());
    }
  }

  @Test
  void busyConnection_isNotIdle() {
    Limits limits = Limits.builder().idleTime(Duration.ofSeconds(4)).build();
    try (ServerFixture fixture = new ServerFixture(limits, new Handler(true))) {
      for (int i = 0; i < 10; i++) {
        fixture.receive(chunk("a"));
        fixture.passTime(Duration.ofSeconds(2));
      }
      assertTrue(!fixture.channel.closesAfterWrites() && !fixture.channel.isClosed());
      fixture.passTime(Duration.ofSeconds(4));
      fixture.passTime(Duration.ofSeconds(4));
      assertTrue(fixture.channel.closesAfterWrites());
    }
  }
}
