package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.PREFACE;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.reset;
import static io.libprocess.http.server.Http2Wire.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.LogCapture;
import io.libprocess.support.Retained;
import org.junit.jupiter.api.Test;

/**
 * What is over does not keep what goes on: neither keeps a handler's future the connection of a
 * client that has gone, nor an answer that waits the one that it stands for.
 */
class LateAnswerTest {

  private static final int CLIENTS = 100;
  private static final int LEAST_OF_A_CONNECTION = 40; // Objects.
  private static final int LIMIT = 100_000;
  private static final int INITIAL_WINDOW = 4;

  private final Promise<String> longLived = new Promise<>();

  private Future<Response> handle() {
    return longLived.future().map(Response::ok);
  }

  private long retained() {
    return Retained.by(longLived, object -> object instanceof ServerFixture);
  }

  private void assertFew(long before) {
    long each = (retained() - before) / CLIENTS;
    assertTrue(each < LEAST_OF_A_CONNECTION, () -> each + " objects are kept of each request");
  }

  @Test
  void handlersFuture_keepsNothingOfAClientThatHasGone() {
    try (ServerFixture server = new ServerFixture(Limits.defaults(), request -> handle())) {
      long before = retained();
      for (int i = 0; i < CLIENTS; i++) {
        FakeChannel channel = server.connect();
        channel.receive("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        channel.reset();
      }
      assertFew(before);
    }
  }

  @Test
  void handlersFuture_keepsNothingOfAConnectionOfHttp2() {
    long before = retained();
    for (int i = 0; i < CLIENTS; i++) {
      try (Http2Fixture client = new Http2Fixture(false, Limits.defaults(), request -> handle())) {
        client.open().receive(get(1, "/"), get(3, "/"), reset(3, 8));
        client.channel.reset();
      }
    }
    assertFew(before);
  }

  @Test
  void body_ofAnAnswerThatNobodyWantsIsGivenUp() {
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<?> readerClosed = pipe.writer().readerClosed();
    try (ServerFixture server = new ServerFixture(Limits.defaults())) {
      server.receiveGets(1, 1);
      server.channel.reset();
      server.call(0).answer(Response.stream(pipe.reader(), "text/plain"));

      assertTrue(readerClosed.isReady());
    }
  }

  @Test
  void noAnswer_thatNobodyWantsIsNoFailure() {
    try (LogCapture log = new LogCapture();
        ServerFixture server = new ServerFixture(Limits.defaults())) {
      server.receiveGets(1, 1);
      server.channel.reset();
      server.call(0).answer((Response) null);

      assertEquals(0, log.count(text -> text.contains("callback")));
    }
  }

  @Test
  void answer_thatIsRefusedIsNotKeptBehindOthers() {
    MemoryBudget memory = new MemoryBudget(LIMIT);
    try (ServerFixture server = new ServerFixture(Limits.defaults(), memory)) {
      server.receiveGets(1, 3);
      server.call(2).answer("c".repeat(LIMIT));
      server.call(1).answer("b".repeat(LIMIT));
      assertEquals(LIMIT, memory.used());

      assertHolds(1, server);
    }
  }

  /** A client that opens no windows could otherwise have any number of them kept. */
  @Test
  void answer_thatIsRefusedIsNotKeptForAWindow() {
    try (Http2Fixture client = new Http2Fixture(false)) {
      client.receive(PREFACE, settings(INITIAL_WINDOW, 0), get(1, "/"), get(3, "/"));
      client.server.call(0).answer("a".repeat(LIMIT));
      client.server.memory.take(Runtime.getRuntime().maxMemory());
      client.server.call(1).answer("b".repeat(LIMIT));
      client.server.memory.give(Runtime.getRuntime().maxMemory());

      assertHolds(1, client.server);
    }
  }

  private static void assertHolds(int answers, ServerFixture server) {
    long held =
        Retained.by(
            server.channel.handler,
            object -> object instanceof ServerFixture || object instanceof HttpServer);
    assertTrue(held > answers * LIMIT, () -> held + " are held, so they cannot be seen");
    assertTrue(held < (answers + 1) * LIMIT, () -> held + " are held");
  }
}
