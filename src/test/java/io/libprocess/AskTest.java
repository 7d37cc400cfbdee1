package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.AskException.Reason;
import io.libprocess.context.Context;
import io.libprocess.context.Deadline;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions by message: whoever is asked replies, or the asker hears at once that nobody will. */
@Timeout(100)
class AskTest {

  private final Node near = Node.start(Config.builder().build());
  private final Node far = Node.start(Config.builder().build());

  @AfterEach
  void close() {
    near.close();
    far.close();
  }

  private static void answers(Plain process) {
    process.install("half", Codec.INT, (from, n) -> process.reply("is", Codec.INT, n / 2));
    process.installCall("double", Codec.INT, Codec.STRING, (from, n) -> "" + 2 * n);
    process.installCall("divide", Codec.INT, Codec.INT, (from, n) -> 12 / n);
    process.installCall(
        "refuse",
        Codec.INT,
        Codec.INT,
        (from, n) -> {
          throw new Failure("I would rather not");
        });
    process.installCallAsync(
        "never", Codec.INT, Codec.INT, (from, n) -> new Promise<Integer>().future());
    process.installCallAsync(
        "unexplained", Codec.INT, Codec.INT, (from, n) -> Future.failed(new Failure(null)));
    process.installCallAsync("abandon", Codec.INT, Codec.INT, (from, n) -> Future.abandoned());
    process.install("silence", (from, body) -> {});
  }

  /** A process on the asking node, or on another one. */
  private UPID spawn(boolean remote) {
    PID<Plain> pid = (remote ? far : near).spawn(new Plain("asked", AskTest::answers));
    return new UPID(pid.id(), pid.address());
  }

  private Future<Integer> ask(UPID to, String name, int value) {
    return near.ask(to, name, Codec.INT, Codec.INT, value);
  }

  private static Reason reason(Future<?> asked) {
    return assertInstanceOf(AskException.class, Expect.failure(asked)).reason();
  }

  private void nothingIsLeft() {
    assertEquals(0, near.messages().asks().pending());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reply_isTheValue(boolean remote) {
    UPID asked = spawn(remote);
    assertEquals(21, Expect.ready(ask(asked, "half", 42)));
    for (int i = 0; i < 20; i++) {
      assertEquals("" + 2 * i, Expect.ready(near.ask(asked, "double", Codec.INT, Codec.STRING, i)));
    }
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failureToAnswer_isTold(boolean remote) {
    UPID asked = spawn(remote);
    String text = Expect.failureText(ask(asked, "refuse", 1));
    assertTrue(text.endsWith("it has failed to answer: I would rather not"), text);
    assertTrue(Expect.failureText(ask(asked, "divide", 0)).contains("/ by zero"));
    assertEquals(Reason.FAILED, reason(ask(asked, "abandon", 1)));
    assertEquals(Reason.FAILED, reason(ask(asked, "unexplained", 1)));
    Future<Integer> malformed = near.ask(asked, "divide", Codec.STRING, Codec.INT, "no number");
    assertEquals(Reason.FAILED, reason(malformed));
    assertEquals(4, Expect.ready(ask(asked, "divide", 3)), "the process lives on");
    assertEquals(
        Reason.UNDECODABLE,
        reason(near.ask(asked, "double", Codec.INT, Codec.json(Pair.class), 1)));
    nothingIsLeft();
  }

  /** A process that overrides {@code unhandled} says itself what becomes of such a question. */
  private static final class Unwilling extends Process<Unwilling> {
    Unwilling() {
      super("unwilling");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void messageThatNobodyHandles_isToldToTheAsker(boolean remote) {
    PID<Unwilling> pid = (remote ? far : near).spawn(new Unwilling());
    String text = Expect.failureText(ask(new UPID(pid.id(), pid.address()), "what", 1));
    assertTrue(text.endsWith("it has no handler for messages 'what'"), text);
  }

  /** What no reply here is. */
  record Pair(int a, int b) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobody_failsAtOnce(boolean remote) {
    UPID nobody = new UPID("nobody", (remote ? far : near).address());
    Future<Integer> asked = ask(nobody, "half", 1);
    assertEquals(Reason.NO_PROCESS, reason(asked));
    assertFalse(((AskException) asked.failure()).mayHaveArrived());
    assertEquals(Reason.NO_PROCESS, reason(ask(UPID.NONE, "half", 1)));
    nothingIsLeft();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void endOfTheProcess_failsAtOnce(boolean remote) {
    UPID asked = spawn(remote);
    assertEquals(1, Expect.ready(ask(asked, "half", 2)));
    Future<Integer> one = ask(asked, "never", 1);
    Future<Integer> other = ask(asked, "silence", 1);
    assertEquals(1, Expect.ready(ask(asked, "half", 2)), "all have arrived");
    assertTrue(one.isPending() && other.isPending());
    (remote ? far : near).terminate(asked);
    assertEquals(Reason.GONE, reason(one));
    assertEquals(Reason.GONE, reason(other));
    Expect.until(() -> reason(ask(asked, "half", 2)) == Reason.NO_PROCESS);
    spawn(remote);
    assertEquals(1, Expect.ready(ask(asked, "half", 2)), "there is one of that name again");
    nothingIsLeft();
  }

  @Test
  void endOfTheNode_failsAtOnce() {
    UPID asked = spawn(true);
    assertEquals(1, Expect.ready(ask(asked, "half", 2)));
    Future<Integer> pending = ask(asked, "never", 1);
    assertEquals(1, Expect.ready(ask(asked, "half", 2)), "both have arrived");
    far.close();
    assertEquals(Reason.GONE, reason(pending));
    Reason reason = reason(ask(asked, "half", 1));
    assertTrue(reason == Reason.REFUSED || reason == Reason.GONE, reason::toString);
    nothingIsLeft();
  }

  @Test
  void discard_endsTheQuestion() {
    UPID asked = spawn(false);
    Future<Integer> pending = ask(asked, "never", 1);
    pending.discard();
    Expect.discarded(pending);
    nothingIsLeft();
  }

  @Test
  void endOfTheAsker_discardsItsQuestions() {
    UPID asked = spawn(true);
    PID<Plain> asker = near.spawn(new Plain());
    Promise<Future<Integer>> promise = new Promise<>();
    asker.dispatch(p -> promise.set(p.ask(asked, "never", Codec.INT, Codec.INT, 1)));
    Future<Integer> pending = Expect.ready(promise.future());
    assertTrue(pending.isPending());
    near.terminate(asker);
    Expect.discarded(pending);
    nothingIsLeft();
  }

  @Test
  void deadlineOfTheContext_endsTheQuestion() {
    try (Clock clock = Clock.paused(Instant.EPOCH);
        Node timed = Node.start(Config.builder().clock(clock).build())) {
      UPID asked = timed.spawn(new Plain("timed", AskTest::answers));
      Deadline deadline = Deadline.after(clock.now(), Duration.ofSeconds(5));
      Context context = Context.empty().with(Deadline.KEY, deadline);
      Future<Integer> pending =
          context.call(() -> timed.ask(asked, "never", Codec.INT, Codec.INT, 1));
      clock.advance(Duration.ofMillis(4_999));
      clock.settle();
      assertTrue(pending.isPending());
      clock.advance(Duration.ofMillis(1));
      assertEquals(Reason.DEADLINE_EXCEEDED, reason(pending));
      clock.advance(Duration.ofMillis(1));
      Future<Integer> late = context.call(() -> timed.ask(asked, "half", Codec.INT, Codec.INT, 2));
      assertEquals(Reason.DEADLINE_EXCEEDED, reason(late));
      assertEquals(0, timed.messages().asks().pending());
    }
  }

  @Test
  void fullMailbox_refuses() {
    Promise<Void> goOn = new Promise<>();
    PID<Plain> full =
        near.spawn(
            new Plain("full") {
              {
                mailboxLimit(1);
              }
            });
    Promise<Void> busy = new Promise<>();
    full.dispatch(
        p -> {
          busy.set(null);
          goOn.future().await();
        });
    Expect.ready(busy.future());
    full.dispatch(p -> {});
    assertEquals(Reason.REFUSED, reason(ask(new UPID("full", near.address()), "half", 1)));
    goOn.set(null);
  }

  @Test
  void valueThatCannotBeEncoded_failsTheFuture() {
    Codec<Integer> none =
        Codec.of(
            bytes -> 0,
            value -> {
              throw new IOException("no");
            });
    Future<Integer> asked = near.ask(spawn(false), "half", none, Codec.INT, 1);
    assertInstanceOf(IllegalArgumentException.class, Expect.failure(asked));
  }

  @Test
  void reply_outsideOfAHandlerIsAnError() {
    PID<Plain> pid = near.spawn(new Plain());
    Throwable thrown =
        Expect.failure(
            pid.call(
                p -> {
                  p.reply("x", new byte[0]);
                  return 0;
                }));
    assertInstanceOf(IllegalStateException.class, thrown);
    assertThrows(NullPointerException.class, () -> near.ask(null, "x", Codec.INT, Codec.INT, 1));
  }

  @Test
  void manyTargets_areNotKeptLinkedToForEver() {
    for (int i = 0; i < 3000; i++) {
      PID<Plain> pid = near.spawn(new Plain("many" + i, AskTest::answers));
      assertEquals(1, Expect.ready(ask(new UPID("many" + i, near.address()), "half", 2)));
    }
    int links = near.messages().remote().links(0).byNode().getOrDefault(near.address(), 0);
    assertTrue(links <= 2048, () -> links + " links");
  }

  /* ---------------- With C++ nodes, which are played here ---------------- */

  private static String read(InputStream in, String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf(end) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String message(String path, String from, String body) {
    return ("POST " + path + " HTTP/1.1\r\n")
        + ("User-Agent: libprocess/" + from + "\r\nLibprocess-From: " + from + "\r\n")
        + "Connection: Keep-Alive\r\nHost: \r\nTransfer-Encoding: chunked\r\n\r\n"
        + (Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
  }

  @Test
  void processOfACppNode_repliesByAMessageToTheSender() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket cpp = new ServerSocket(0, 5, loopback)) {
      Address address = new Address(loopback, cpp.getLocalPort());
      Future<Integer> asked = ask(new UPID("scheduler", address), "Request", 5);
      try (Socket in = cpp.accept()) {
        String text = read(in.getInputStream(), "0\r\n\r\n");
        assertTrue(text.startsWith("POST /scheduler/Request HTTP/1.1\r\n"), text);
        assertTrue(text.contains("\r\n5\r\n"), text);
        write(in, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        String from = text.substring(text.indexOf("Libprocess-From: ") + 17);
        String id = from.substring(0, from.indexOf('@'));
        try (Socket out = new Socket(loopback, near.address().port())) {
          write(out, message("/" + id + "/Response", "scheduler@" + address, "7"));
          assertTrue(read(out.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 202"));
          write(out, message("/" + id + "/Response", "scheduler@" + address, "8"));
          assertTrue(read(out.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 404"));
        }
        assertEquals(7, Expect.ready(asked));
      }
    }
  }

  @Test
  void processOfACppNode_isAnsweredByAMessageOfTheNameThatItExpects() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    near.spawn(
        new Plain(
            "registry",
            p ->
                p.installCall("Register", Codec.INT, "Registered", Codec.INT, (from, n) -> n + 1)));
    try (ServerSocket cpp = new ServerSocket(0, 5, loopback);
        Socket out = new Socket(loopback, near.address().port())) {
      String from = "__req_res__(1)@" + new Address(loopback, cpp.getLocalPort());
      write(out, message("/registry/Register", from, "1"));
      assertTrue(read(out.getInputStream(), "\r\n\r\n").startsWith("HTTP/1.1 202"));
      try (Socket in = cpp.accept()) {
        String text = read(in.getInputStream(), "0\r\n\r\n");
        assertTrue(text.startsWith("POST /__req_res__(1)/Registered HTTP/1.1\r\n"), text);
        assertTrue(text.contains("\r\n1\r\n2\r\n"), text);
      }
    }
  }
}
