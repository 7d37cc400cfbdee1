package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random requests in random pieces, answered in random order by several threads, to a client that
 * is slow now and then: every request must get its answer, in order.
 */
class ServerConnectionStressTest {

  private static final int ROUNDS = 60 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final int REQUESTS = 100;

  private final ExecutorService pool = Executors.newFixedThreadPool(3);

  @AfterEach
  void shutDown() throws InterruptedException {
    pool.shutdownNow();
    assertTrue(pool.awaitTermination(30, TimeUnit.SECONDS));
  }

  /** Answers with the body or the path, on other threads, in one of the ways there are. */
  private Future<Response> answer(Request request) {
    int way = request.path().length() % 5;
    Promise<Response> promise = new Promise<>();
    if (request.method().equals("POST")) {
      if (way < 2) {
        return Future.of(Response.ok().withBody(request.body()));
      }
      pool.execute(
          () ->
              request
                  .buffered(1 << 20)
                  .onReady(whole -> promise.set(Response.ok(whole.bytes(), "text/plain")))
                  .onFailed(promise::fail)
                  .onDiscarded(promise::discard));
      return promise.future();
    }
    switch (way) {
      case 0 -> {
        return Future.of(Response.ok(request.path()));
      }
      case 1, 2 -> pool.execute(() -> promise.set(Response.ok(request.path())));
      default -> {
        Pipe<Chunk> pipe = Pipe.bytes();
        promise.set(Response.stream(pipe.reader(), "text/plain"));
        pool.execute(() -> write(pipe, request.path(), 0));
      }
    }
    return promise.future();
  }

  /** Writes text a character at a time, as there is room. */
  private static void write(Pipe<Chunk> pipe, String text, int from) {
    if (from == text.length()) {
      pipe.writer().close();
      return;
    }
    pipe.writer()
        .write(Chunk.utf8(text.substring(from, from + 1)))
        .onAny(done -> write(pipe, text, from + 1));
  }

  @Test
  void everyRequestIsAnsweredInOrder() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(120L + ROUNDS),
        () -> {
          for (int seed = 0; seed < ROUNDS; seed++) {
            round(new Random(seed));
          }
        });
  }

  private void round(Random random) {
    StringBuilder wire = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      expected.add(request(wire, random, i));
    }
    Limits limits = Limits.builder().pipelined(1 + random.nextInt(20)).build();
    try (ServerFixture fixture = new ServerFixture(limits, this::answer)) {
      FakeChannel channel = fixture.channel;
      if (random.nextBoolean()) {
        channel.becomeSlow();
      }
      StringBuilder sent = new StringBuilder();
      Runnable collect =
          () -> {
            channel.drain();
            sent.append(channel.takeSent());
            Thread.onSpinWait();
          };
      feed(channel, wire.toString(), random, collect);
      channel.receiveEnd();
      while (!channel.closesAfterWrites()) {
        collect.run();
      }
      sent.append(channel.takeSent());
      assertFalse(channel.isClosed());
      assertEquals(expected, bodies(sent.toString()));
    }
  }

  private static void feed(FakeChannel channel, String wire, Random random, Runnable collect) {
    for (int at = 0; at < wire.length(); ) {
      if (channel.isPaused()) {
        collect.run();
        continue;
      }
      int end = Math.min(wire.length(), at + 1 + random.nextInt(random.nextInt(4000) + 1));
      channel.receiveAlthoughPaused(wire.substring(at, end));
      at = end;
    }
  }

  /** Appends a request, and returns the body that its response will have. */
  private static String request(StringBuilder wire, Random random, int number) {
    String path = "/" + number + "x".repeat(random.nextInt(30));
    String body = ("" + number).repeat(random.nextInt(random.nextInt(30_000) + 1));
    switch (random.nextInt(4)) {
      case 0 ->
          wire.append("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: ")
              .append(body.length())
              .append("\r\n\r\n")
              .append(body);
      case 1 -> {
        wire.append("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int at = 0; at < body.length(); ) {
          int end = Math.min(body.length(), at + 1 + random.nextInt(5000));
          wire.append(Integer.toHexString(end - at)).append("\r\n").append(body, at, end);
          wire.append("\r\n");
          at = end;
        }
        wire.append("0\r\n\r\n");
      }
      default -> {
        wire.append("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        return path;
      }
    }
    return body;
  }

  /** The bodies of a series of responses. */
  private static List<String> bodies(String wire) {
    List<String> bodies = new ArrayList<>();
    for (int at = 0; at < wire.length(); ) {
      int end = wire.indexOf("\r\n\r\n", at) + 4;
      String head = wire.substring(at, end);
      assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
      int length = head.indexOf("Content-Length: ");
      if (length >= 0) {
        int size = Integer.parseInt(head.substring(length + 16, head.indexOf('\r', length)));
        bodies.add(wire.substring(end, end + size));
        at = end + size;
      } else {
        StringBuilder body = new StringBuilder();
        at = readChunks(wire, end, body::append);
        bodies.add(body.toString());
      }
    }
    return bodies;
  }

  private static int readChunks(String wire, int start, Consumer<String> body) {
    for (int at = start; ; ) {
      int line = wire.indexOf("\r\n", at);
      int size = Integer.parseInt(wire.substring(at, line), 16);
      at = line + 2 + size;
      body.accept(wire.substring(line + 2, at));
      assertEquals("\r\n", wire.substring(at, at + 2));
      at += 2;
      if (size == 0) {
        return at;
      }
    }
  }
}
