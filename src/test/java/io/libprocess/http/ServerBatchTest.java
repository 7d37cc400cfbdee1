package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.internal.ForkJoinScheduler;
import io.libprocess.internal.Task;
import io.libprocess.internal.Turn;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a process answers in one turn leaves together. */
class ServerBatchTest {

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final ForkJoinScheduler scheduler =
      new ForkJoinScheduler(
          "test", 1, false, fixture.clock, Duration.ofSeconds(60), (thread, context) -> {});

  @AfterEach
  void close() {
    scheduler.close();
    fixture.close();
  }

  /** Runs something as a turn, and waits until what it wrote is flushed. */
  private void inOneTurn(Runnable work) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    scheduler.ready(
        new Task() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void run(Turn turn) {
            work.run();
          }
        });
    // The only worker takes this up when that turn is over.
    scheduler.ready(
        new Task() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void run(Turn turn) {
            done.complete(null);
          }
        });
    done.get(30, TimeUnit.SECONDS);
  }

  @Test
  void answersOfOneTurn() throws Exception {
    fixture.receiveGets(1, 16);
    inOneTurn(() -> fixture.calls.forEach(call -> call.answer("x")));

    assertEquals(1, fixture.channel.writes());
    fixture.assertSent(ServerFixture.ok("x").repeat(16));
  }

  @Test
  void answersOfOneTurnThatAreNotTheLast() throws Exception {
    fixture.receiveGets(1, 16);
    inOneTurn(() -> fixture.calls.subList(0, 8).forEach(call -> call.answer("x")));

    assertEquals(1, fixture.channel.writes());
    fixture.assertSent(ServerFixture.ok("x").repeat(8));
    inOneTurn(() -> fixture.calls.subList(8, 15).forEach(call -> call.answer("y")));
    assertEquals(2, fixture.channel.writes());
    fixture.assertSent(ServerFixture.ok("y").repeat(7));
  }

  @Test
  void piecesOfOneTurn() throws Exception {
    Pipe<Chunk> pipe = Pipe.bytes();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(Response.stream(pipe.reader(), "text/plain"));
    fixture.sent();
    int before = fixture.channel.writes();
    inOneTurn(
        () -> {
          for (int i = 0; i < 10; i++) {
            Future<Boolean> written = pipe.writer().write(Chunk.utf8("" + i));
            assertTrue(written.isReady());
          }
        });

    assertEquals(before + 1, fixture.channel.writes());
    assertTrue(fixture.sent().startsWith("1\r\n0\r\n1\r\n1\r\n"));
    assertFalse(fixture.channel.closesAfterWrites());
  }
}
