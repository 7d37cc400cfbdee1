package io.libprocess.http.client;

import static io.libprocess.http.client.ClientFixture.assertFailed;
import static io.libprocess.http.client.ClientFixture.ok;
import static io.libprocess.http.client.ClientFixture.piece;
import static io.libprocess.http.client.ClientFixture.reader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a client waits, and how much it accepts. */
class ClientLimitsTest {

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void close() {
    client.close();
  }

  private static void assertTimedOut(String message, Future<?> future) {
    assertFailed(message, future);
    assertTrue(future.failure() instanceof TimeoutException, () -> future.failure().toString());
  }

  @Test
  void time_headThatNeverComes() {
    Future<Response> response = client.send("/");
    client.passTime(Duration.ofMillis(9_999));
    assertTrue(response.isPending());
    client.passTime(Duration.ofMillis(1));
    assertTimedOut("The head of the response did not arrive within PT10S", response);
    client.assertGone();
  }

  @Test
  void time_headThatComesByteByByteIsNotInTime() {
    Future<Response> response = client.send("/");
    String head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 10; i++) {
      client.receive(head.substring(i, i + 1));
      client.passTime(Duration.ofSeconds(1));
    }
    assertTimedOut("The head of the response did not arrive within PT10S", response);
  }

  @Test
  void time_headCountsFromTheEndOfTheResponseBefore() {
    Future<Response> first = client.send("/1");
    Future<Response> second = client.send("/2");
    client.passTime(Duration.ofSeconds(9));
    client.receive(ok("1"));
    assertEquals("1", first.get().text());
    client.passTime(Duration.ofMillis(9_999));
    assertTrue(second.isPending(), second::toString);
    client.passTime(Duration.ofMillis(1));
    assertTimedOut("The head of the response did not arrive within PT10S", second);
  }

  @Test
  void time_headCountsFromWhenTheServerHasTakenTheRequest() {
    client.channel.becomeSlow();
    Request large = Request.post("/", Body.of(Chunk.of(new byte[100_000]))).withKeepAlive(true);
    Future<Response> response = client.connection.send(large);
    client.passTime(Duration.ofSeconds(9));
    client.channel.drain();
    client.passTime(Duration.ofMillis(9_999));
    assertTrue(response.isPending(), response::toString);
    client.passTime(Duration.ofMillis(1));
    assertTimedOut("The head of the response did not arrive within PT10S", response);
  }

  @Test
  void time_headCountsAnewOnAConnectionThatWasIdle() {
    client.send("/1");
    client.receive(ok("1"));
    client.passTime(Duration.ofSeconds(20));
    Future<Response> second = client.send("/2");
    client.passTime(Duration.ofSeconds(10));
    assertTimedOut("The head of the response did not arrive within PT10S", second);
  }

  @Test
  void time_bodyByteByByteIsFine() {
    Future<Response> response = client.send("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 10", "", "");
    for (int i = 0; i < 10; i++) {
      client.passTime(Duration.ofSeconds(29));
      client.receive("x");
    }
    assertEquals("x".repeat(10), response.get().text());
  }

  @Test
  void time_bodyThatStops() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 10", "", "x");
    client.passTime(Duration.ofSeconds(30));
    Pipe.Reader<Chunk> reader = reader(response.get());
    piece(reader);
    assertFailed("failed to decode body", reader.read());
    client.assertGone();
  }

  @Test
  void time_bodyThatStopsWhileTheServerTakesTheRequest() {
    client.channel.becomeSlow();
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.stream(ClientFixture.post(pipe));
    client.receive("HTTP/1.1 200 OK", "Content-Length: 10", "", "x");
    Pipe.Reader<Chunk> reader = reader(response.get());
    piece(reader);
    client.passTime(Duration.ofSeconds(20));
    pipe.writer().write(Chunk.of(new byte[10_000]));
    client.passTime(Duration.ofSeconds(10));
    assertFailed("failed to decode body", reader.read());
    client.assertGone();
  }

  @Test
  void time_slowReaderIsNoFaultOfTheServer() {
    Future<Response> response = client.stream("/");
    client.receive("HTTP/1.1 200 OK", "Content-Length: 1000000", "", "");
    while (!client.channel.isPaused()) {
      client.receive("x".repeat(10_000));
    }
    client.passTime(Duration.ofHours(1));
    client.assertOpen();
    assertEquals(10_000, piece(reader(response.get())).length());
  }

  @Test
  void time_serverThatTakesNothing() {
    client.channel.becomeSlow();
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.send(ClientFixture.post(pipe));
    for (int i = 0; i < 8; i++) {
      pipe.writer().write(Chunk.of(new byte[16 << 10]));
    }
    client.passTime(Duration.ofSeconds(30));
    assertTimedOut("The server took nothing of the request for PT30S", response);
  }

  @Test
  void time_serverThatTakesLittleAtATimeIsFine() {
    client.channel.becomeSlow();
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.connection.send(ClientFixture.post(pipe));
    for (int size = 10_000; size < 15_000; size += 1000) {
      while (pipe.writer().write(Chunk.of(new byte[size])).isReady()) {}
      client.passTime(Duration.ofSeconds(29));
      client.channel.drain();
    }
    assertTrue(response.isPending(), response::toString);
    client.assertOpen();
  }

  @Test
  void time_slowStreamOfOursIsNoFaultOfTheServer() {
    client.connection.send(ClientFixture.post(Pipe.bytes()));
    client.passTime(Duration.ofHours(1));
    client.assertOpen();
  }

  @Test
  void time_idleConnectionEnds() {
    Future<Response> response = client.send("/");
    client.receive(ok("ok"));
    assertTrue(response.isReady());
    client.passTime(Duration.ofSeconds(74));
    client.assertOpen();
    client.passTime(Duration.ofSeconds(1));
    client.assertGone();
  }

  @Test
  void time_takesOneTimerHoweverManyRequestsThereAre() {
    for (int i = 0; i < 5; i++) {
      client.send("/");
      client.receive(ok(""));
      client.passTime(Duration.ofSeconds(11));
      assertEquals(1, client.clock.timers());
    }
  }

  /* ------ Limits ------ */

  @Test
  void limit_bodyInMemory() {
    ClientFixture small = new ClientFixture(Limits.builder().body(4).build());
    Future<Response> stated = small.send("/");
    small.receive("HTTP/1.1 200 OK", "Content-Length: 5", "", "");
    assertFailed("The body has more than 4 bytes.", stated);
    small.close();
  }

  /** The source always has more, and nothing is ever queued on a channel whose peer has gone. */
  @Test
  void upload_withoutEndIsLeftByTheServer() {
    ClientFixture fixture = new ClientFixture(Limits.defaults());
    Pipe<Chunk> pipe = Pipe.bytes();
    Chunk piece = Chunk.of(new byte[8 << 10]);
    long[] written = {0};
    Futures.<Boolean, Void>loop(
        () -> {
          written[0] += piece.size();
          if (written[0] == 80 << 20) {
            pipe.writer().close(); // Or else this would never end.
          } else if (written[0] == 1 << 20) {
            fixture.channel.reset();
          }
          return pipe.writer().write(piece);
        },
        accepted -> Future.of(accepted ? ControlFlow.proceed() : ControlFlow.finish()));
    Future<Response> response = fixture.connection.send(ClientFixture.post(pipe));

    assertFailed("Disconnected", response);
    assertTrue(pipe.writer().readerClosed().isReady());
    assertTrue(written[0] < 3 << 20, written[0] + " bytes");
    fixture.close();
  }

  @Test
  void limit_requestsThatAreNotAnswered() {
    ClientFixture small = new ClientFixture(Limits.builder().pipelined(2).build());
    Future<Response> first = small.send("/1");
    small.send("/2");
    Future<Response> third = small.send("/3");
    Future<Response> fourth = small.send("/4");
    assertFalse(small.channel.takeSent().contains("/3"));
    fourth.discard();
    assertTrue(fourth.isDiscarded());

    small.receive("HTTP/1.1 200 OK", "Content-Length: 1", "", "1");
    assertEquals("1", first.get().text());
    String sent = small.channel.takeSent();
    assertTrue(sent.startsWith("GET /3 ") && !sent.contains("/4"), sent);
    small.receive("HTTP/1.1 200 OK", "Content-Length: 1", "", "2");
    small.receive("HTTP/1.1 200 OK", "Content-Length: 1", "", "3");

    assertEquals("3", third.get().text());
    small.close();
  }

  @Test
  void limit_requestsThatWaitFailWithTheConnection() {
    ClientFixture small = new ClientFixture(Limits.builder().pipelined(1).build());
    small.send("/1");
    Future<Response> second = small.send("/2");
    small.channel.reset();
    assertFailed("Disconnected", second);
    small.close();
  }

  @Test
  void limit_requestBehindTheLastDoesNotWait() {
    ClientFixture small = new ClientFixture(Limits.builder().pipelined(1).build());
    small.connection.send(Request.get("/1").withKeepAlive(false));
    assertFailed("Cannot pipeline after 'Connection: close'", small.send("/2"));
    small.close();
  }

  @Test
  void limit_fieldsOfAResponseByTheirBytesOnly() {
    ClientFixture small = new ClientFixture(Limits.builder().fields(2).build());
    Future<Response> response = small.send("/");
    StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n");
    for (int i = 0; i < 1000; i++) {
      head.append("X-").append(i).append(": a\r\n");
    }
    for (char c : head.append("\r\n").toString().toCharArray()) {
      small.channel.receive("" + c);
    }

    assertEquals(1001, response.get().headers().size());
    small.close();
  }
}
