package io.libprocess.http.server;

import static io.libprocess.http.server.ServerFixture.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;
import io.libprocess.stream.Transform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Responses that are streams. */
class ServerStreamedResponseTest {

  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n";

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final FakeChannel channel = fixture.channel;
  private final Pipe<Chunk> pipe = Pipe.bytes();
  private final Response stream = Response.stream(pipe.reader(), "text/plain");

  @AfterEach
  void close() {
    fixture.close();
  }

  private Future<Boolean> write(String text) {
    return pipe.writer().write(Chunk.utf8(text));
  }

  @Test
  void stream_leavesAsItComes() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);
    fixture.assertSent(HEAD);
    write("hello");
    fixture.assertSent("5\r\nhello\r\n");
    write("0123456789abcdef");
    fixture.assertSent("10\r\n0123456789abcdef\r\n");
    pipe.writer().close();
    fixture.assertSent("0\r\n\r\n");

    assertFalse(channel.closesAfterWrites());
    fixture.receiveGets(2, 2);
    fixture.call(1).answer("next");
    fixture.assertSent(ok("next"));
  }

  /** Whoever works on the connection must get away from it, to hear of the end of the channel. */
  @Test
  void stream_thatIsAlwaysReadyIsSentInParts() {
    int[] made = {0};
    Stream<Chunk> ready =
        Stream.iterate(0, i -> i + 1)
            .via(Transform.take(10_000)) // Or else this would never end.
            .map(
                i -> {
                  made[0]++;
                  return Chunk.of(new byte[8 << 10]);
                });
    channel.holdTasks();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(Response.stream(ready, "text/plain"));
    int first = made[0];
    assertTrue(first > 0 && first < 50, first + " pieces");
    channel.runHeld();
    int second = made[0] - first;
    assertTrue(second > 0 && second < 50, second + " pieces");
  }

  /** The source always has more, and nothing is ever queued on a channel whose peer has gone. */
  @Test
  void stream_withoutEndIsLeftByTheClient() {
    Chunk piece = Chunk.of(new byte[8 << 10]);
    long[] written = {0};
    Futures.<Boolean, Void>loop(
        () -> {
          written[0] += piece.size();
          if (written[0] == 80 << 20) {
            pipe.writer().close(); // Or else this would never end.
          } else if (written[0] == 1 << 20) {
            channel.reset();
          }
          return pipe.writer().write(piece);
        },
        accepted -> Future.of(accepted ? ControlFlow.proceed() : ControlFlow.finish()));
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);

    assertTrue(pipe.writer().readerClosed().isReady());
    assertTrue(written[0] < 3 << 20, written[0] + " bytes");
  }

  @Test
  void status205_hasNoContent() {
    fixture.receiveGets(1, 4);
    fixture.call(0).answer(Response.of(205, "text"));
    fixture.call(1).answer(new Response(Status.of(205), Headers.empty(), stream.body()));
    fixture.call(2).answer(Response.of(205).withHeader("Content-Length", "7"));
    fixture.call(3).answer("next");

    String none = "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n";
    fixture.assertSent(
        none + "Content-Type: text/plain; charset=utf-8\r\n\r\n",
        none + "\r\n",
        none + "\r\n",
        ok("next"));
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void trailers_leaveBehindTheStream() {
    Promise<Headers> trailers = new Promise<>();
    fixture.receiveGets(1, 2);
    fixture.call(0).answer(stream.withTrailers(trailers.future()));
    fixture.call(1).answer("next");
    write("a");
    pipe.writer().close();
    fixture.assertSent(HEAD, "1\r\na\r\n");

    trailers.set(Headers.of("X-Sum", "1", "Content-Length", "7"));

    fixture.assertSent("0\r\nX-Sum: 1\r\n\r\n", ok("next"));
  }

  @Test
  void trailers_thatFailCutTheConnection() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream.withTrailers(Future.failed("no sum")));
    write("a");
    pipe.writer().close();
    fixture.assertSent(HEAD, "1\r\na\r\n");
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void trailers_thatAreAbandonedCutTheConnection() {
    Promise<Headers> trailers = new Promise<>();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream.withTrailers(trailers.future()));
    pipe.writer().close();
    assertFalse(channel.closesAfterWrites());
    trailers.abandon();
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void stream_whatIsThereLeavesTogether() {
    write("a");
    write("b");
    pipe.writer().close();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);

    fixture.assertSent(HEAD, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
    assertEquals(1, channel.writes());
  }

  @Test
  void stream_laterResponsesWait() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer("two");
    fixture.call(0).answer(stream);
    write("a");
    fixture.assertSent(HEAD, "1\r\na\r\n");
    pipe.writer().close();

    fixture.assertSent("0\r\n\r\n", ok("two"));
  }

  @Test
  void stream_notReadBeforeItsTurn() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer(stream);
    write("x".repeat(65_536));
    Future<Boolean> second = write("y");
    assertTrue(second.isPending());
    fixture.call(0).answer("one");

    assertTrue(second.isReady());
  }

  @Test
  void stream_isHeldBackByASlowClient() {
    channel.becomeSlow();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);
    String piece = "x".repeat(10_000);
    int written = 0;
    while (write(piece).isReady()) {
      assertTrue(++written < 100, "not held back");
    }
    assertTrue(channel.queued() < 100_000, "queued " + channel.queued());
    long before = channel.queued();
    assertTrue(before > 64 << 10);
    channel.drain();
    assertTrue(channel.queued() > 0);
    channel.drain();
    pipe.writer().close();

    String sent = fixture.sent();
    assertTrue(sent.endsWith("\r\n0\r\n\r\n"));
    assertEquals((written + 1) * 10_000L, sent.chars().filter(c -> c == 'x').count() - 1);
  }

  @Test
  void stream_thatFailsCutsTheConnection() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer("two");
    fixture.call(0).answer(stream);
    write("a");
    pipe.writer().fail(new Failure("broken"));

    fixture.assertSent(HEAD, "1\r\na\r\n");
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void stream_whoseReaderIsClosedByOthers() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);
    pipe.reader().close();

    fixture.assertSent(HEAD);
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void disconnect_closesTheReader() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream);
    channel.reset();

    assertTrue(pipe.writer().readerClosed().isReady());
    assertFalse(write("a").get());
  }

  @Test
  void disconnect_closesTheReaderOfAResponseThatWaits() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer(stream);
    channel.reset();

    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void disconnect_closesTheReaderOfALateResponse() {
    fixture.receiveGets(1, 1);
    channel.reset();
    fixture.call(0).answer(stream);

    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void abandoned_closesTheReaderOfALateResponse() {
    fixture.receiveGets(1, 1);
    fixture.call(0).promise().abandon();
    fixture.call(0).answer(stream);

    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void close_closesTheReadersOfResponsesBehind() {
    fixture.receiveGets(1, 2);
    fixture.call(1).answer(stream);
    fixture.call(0).answer(Response.ok("bye").withHeader("Connection", "close"));

    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void interimStatus_closesTheReader() {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(new Response(Status.of(102), Headers.empty(), stream.body()));

    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void head_closesTheReader() {
    fixture.receive("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
    fixture.call(0).answer(stream);

    fixture.assertSent(HEAD);
    assertTrue(pipe.writer().readerClosed().isReady());
    assertFalse(channel.closesAfterWrites());
  }

  /* ------ HTTP/1.0 ------ */

  private static final String HEAD_1_0 =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n";

  @Test
  void http10_untilTheConnectionEnds() {
    fixture.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    fixture.call(0).answer(stream);
    write("hello");
    pipe.writer().close();

    fixture.assertSent(HEAD_1_0, "hello");
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void http10_failureIsNoOrderlyEnd() {
    fixture.receive("GET / HTTP/1.0\r\n\r\n");
    fixture.call(0).answer(stream);
    write("hello");
    pipe.writer().fail(new Failure("broken"));

    assertTrue(channel.isClosed());
  }

  /* ------ A length of its own ------ */

  private void answerWithLength(int length) {
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(stream.withHeader("Content-Length", "" + length));
  }

  private static String headWithLength(int length) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\nContent-Type: text/plain\r\n\r\n";
  }

  @Test
  void length_kept() {
    answerWithLength(10);
    write("hello");
    write("world");
    pipe.writer().close();

    fixture.assertSent(headWithLength(10), "helloworld");
    assertFalse(channel.closesAfterWrites());
  }

  @Test
  void length_notReached() {
    answerWithLength(10);
    write("hello");
    pipe.writer().close();

    fixture.assertSent(headWithLength(10), "hello");
    assertTrue(channel.closesAfterWrites());
  }

  @Test
  void length_exceeded() {
    answerWithLength(7);
    write("hello");
    write("world");

    fixture.assertSent(headWithLength(7), "hello");
    assertTrue(channel.closesAfterWrites());
    assertTrue(pipe.writer().readerClosed().isReady());
  }
}
