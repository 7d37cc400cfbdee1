package io.libprocess.http.server;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.libprocess.http.Limits;
import io.libprocess.http.Response;
import io.libprocess.internal.scheduler.ForkJoinScheduler;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The answers of a process during one event leave together. */
class ServerBatchTest {

  private static final long LIMIT = TimeUnit.SECONDS.toNanos(30);

  private final ServerFixture fixture = new ServerFixture(Limits.defaults());
  private final ForkJoinScheduler scheduler =
      new ForkJoinScheduler(
              "test", 1, false, fixture.clock, Duration.ofSeconds(60), (thread, context) -> {})
          .start();

  @AfterEach
  void close() {
    scheduler.close();
    fixture.close();
  }

  /** Runs work as a task, and waits until its output has been written. */
  private void inOneEvent(Runnable work, String expected) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    scheduler.ready(
        new Task() {
          private static final long serialVersionUID = 1L;

          @Override
          protected void run(RunLoop loop) {
            work.run();
            done.complete(null);
          }
        });
    done.get(30, TimeUnit.SECONDS);
    StringBuilder sent = new StringBuilder();
    for (long start = System.nanoTime();
        sent.length() < expected.length() && System.nanoTime() - start < LIMIT;
        Thread.yield()) {
      sent.append(fixture.sent());
    }
    assertEquals(expected, sent.toString());
  }

  /**
   * Tries until everything left in one write. On a busy machine the scheduler may take the thread
   * for stuck and flush in the middle of the event, which is rare.
   */
  private void assertOneWrite(Attempt attempt) throws Exception {
    for (int tries = 0; tries < 1000; tries++) {
      fixture.calls.clear();
      int before = fixture.channel.writes();
      attempt.run();
      if (fixture.channel.writes() == before + 1) {
        return;
      }
    }
    fail("never left together");
  }

  @FunctionalInterface
  private interface Attempt {
    void run() throws Exception;
  }

  @Test
  void allAnswersOfOneEvent() throws Exception {
    assertOneWrite(
        () -> {
          fixture.receiveGets(1, 16);
          String expected = ServerFixture.ok("x").repeat(16);
          inOneEvent(() -> fixture.calls.forEach(call -> call.answer("x")), expected);
        });
  }

  @Test
  void answersOfOneEventThatAreNotTheLast() throws Exception {
    fixture.receiveGets(0, 0);
    ServerFixture.Call first = fixture.call(0);
    fixture.receiveGets(1, 100);
    List<ServerFixture.Call> others = List.copyOf(fixture.calls.subList(1, 101));
    inOneEvent(() -> first.answer("first"), ServerFixture.ok("first"));

    Iterator<ServerFixture.Call> left = others.iterator();
    assertOneWrite(
        () -> {
          assertTrue(left.hasNext(), "never left together");
          inOneEvent(
              () -> IntStream.range(0, 4).forEach(i -> left.next().answer("x")),
              ServerFixture.ok("x").repeat(4));
        });
  }

  @Test
  void piecesOfOneEvent() throws Exception {
    Pipe<Chunk> pipe = Pipe.bytes();
    fixture.receiveGets(1, 1);
    fixture.call(0).answer(Response.stream(pipe.reader(), "text/plain"));
    fixture.sent();

    assertOneWrite(
        () -> {
          inOneEvent(
              () -> IntStream.range(0, 10).forEach(i -> pipe.writer().offer(Chunk.utf8("" + i))),
              IntStream.range(0, 10).mapToObj(i -> "1\r\n" + i + "\r\n").collect(joining()));
        });
  }
}
