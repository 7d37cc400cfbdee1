package io.libprocess.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile servers over real sockets: the client fails in time and keeps nothing. */
@Timeout(120)
class HostileServerTest {

  private static final Duration SHORT = Duration.ofMillis(400);

  /** The behaviour of a server on a connection, which is closed afterwards. */
  private interface Behaviour {
    void serve(Socket socket) throws Exception;
  }

  private final ServerSocket server = bind();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Url url = Url.of(Address.loopback(server.getLocalPort()));
  private final HttpClient client =
      HttpClient.start(
          ClientSettings.builder()
              .connectTime(Duration.ofSeconds(30))
              .limits(Limits.builder().headTime(SHORT).bodyTime(SHORT).body(1 << 20).build())
              .build());

  private static ServerSocket bind() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void serve(Behaviour behaviour) {
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  behaviour.serve(socket);
                } catch (Exception e) {
                  // Mostly the client has gone, as it should.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void readHead(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no request");
      }
      head.append((char) next);
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Every connection is gone soon after the last failure. */
  @AfterEach
  void close() throws Exception {
    done.countDown();
    for (int i = 0; i < 3000 && HttpClients.pool(client).open() > 0; i++) {
      Thread.sleep(10);
    }
    assertEquals(0, HttpClients.pool(client).open());
    client.close();
    server.close();
  }

  private String failure() {
    return Await.awaitFailed(client.get(url)).getMessage();
  }

  @Test
  void server_neverAnswers() {
    serve(socket -> done.await());
    assertInstanceOf(TimeoutException.class, Await.awaitFailed(client.get(url)));
  }

  @Test
  void server_sendsAHeadByteByByte() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\nX: ");
          while (done.getCount() > 0) {
            send(socket, "x");
            Thread.sleep(20);
          }
        });
    assertInstanceOf(TimeoutException.class, Await.awaitFailed(client.get(url)));
  }

  @Test
  void server_sendsInterimResponsesForEver() {
    serve(
        socket -> {
          readHead(socket);
          while (done.getCount() > 0) {
            send(socket, "HTTP/1.1 102 Processing\r\n\r\n");
            Thread.sleep(20);
          }
        });
    assertInstanceOf(TimeoutException.class, Await.awaitFailed(client.get(url)));
  }

  @Test
  void server_stopsInsideABody() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
          done.await();
        });
    assertEquals("failed to decode body", failure());
  }

  @Test
  void server_sendsGarbage() {
    serve(
        socket -> {
          readHead(socket);
          while (done.getCount() > 0) {
            send(socket, "\0\1\2garbage\r\n".repeat(1000));
          }
        });
    assertEquals("Failed to decode response: This is not an HTTP response", failure());
  }

  @Test
  void server_sendsHeadersForEver() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\n");
          while (done.getCount() > 0) {
            send(socket, "X: y\r\n".repeat(1000));
          }
        });
    assertTrue(failure().startsWith("Failed to decode response: "));
  }

  @Test
  void server_sendsABodyForEver() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\n\r\n");
          while (done.getCount() > 0) {
            send(socket, "x".repeat(10_000));
          }
        });
    assertEquals("The body has more than 1048576 bytes.", failure());
  }

  @Test
  void server_resetsInsideABody() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\n\r\nhello");
          socket.setSoLinger(true, 0);
        });
    Future<Response> response = client.get(url);
    Await.awaitFailed(response); // Not taken for the end of the body.
  }

  @Test
  void server_closesAtOnce() {
    serve(socket -> {});
    Await.awaitFailed(client.get(url));
  }

  @Test
  void server_takesNothingOfALongRequest() {
    serve(socket -> done.await());
    Pipe<Chunk> pipe = Pipe.bytes();
    Future<Response> response = client.send(url, Request.post("/", Body.of(pipe.reader())));
    Future<Boolean> write = Future.of(true);
    Chunk piece = Chunk.of(new byte[64 << 10]);
    while (write.isReady() && write.get()) {
      write = pipe.writer().write(piece);
      write.await(Duration.ofSeconds(30));
    }
    assertInstanceOf(TimeoutException.class, Await.awaitFailed(response));
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  @Test
  void discard_endsTheConnection() throws Exception {
    CountDownLatch requested = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    serve(
        socket -> {
          readHead(socket);
          requested.countDown();
          try {
            socket.getInputStream().read();
          } catch (SocketException reset) { // A server with nothing to send notices, too.
            left.countDown();
          }
        });
    Future<Response> response = client.get(url);
    assertTrue(requested.await(30, TimeUnit.SECONDS));
    response.discard();
    assertTrue(response.isDiscarded());
    assertTrue(left.await(30, TimeUnit.SECONDS));
  }

  @Test
  void server_isGoneWhenItsIdleConnectionIsUsedAgain() {
    serve(
        socket -> {
          readHead(socket);
          send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }); // And closes, without having said so.
    for (int i = 0; i < 50; i++) {
      Future<Response> response = client.get(url);
      assertEquals("ok", Await.awaitReady(response).text(), "request " + i);
    }
  }
}
