package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.config.MessageLimits;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.support.Expect;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages as bytes on a plain socket, as other implementations send and expect them. */
class WireTest {

  private final Node node = Node.start(Config.builder().build());
  private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    node.close();
  }

  private PID<Plain> receiver(String id) {
    return node.spawn(
        new Plain(
            id,
            p -> {
              p.install(
                  "handler", Codec.STRING, (from, body) -> got.add(from + " says '" + body + "'"));
              p.install("reply", Codec.STRING, (from, body) -> p.send(from, "reply"));
              p.route("/handler1", "A route.", request -> Future.of(Response.ok("routed")));
            }));
  }

  /** Sends bytes and reads the head and the body of the one answer, then closes. */
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.address().port())) {
      socket.setSoTimeout((int) (1000 * Expect.SECONDS));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The answer to a request on a connection that goes on. Only a request that comes when all
   * earlier ones have been answered takes the short path for known heads.
   */
  private static String answer(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      assertTrue(next >= 0, () -> "the connection ended behind " + head);
      head.append((char) next);
    }
    String length = head.toString().replaceAll("(?s).*Content-Length: (\\d+).*", "$1");
    byte[] body = socket.getInputStream().readNBytes(Integer.parseInt(length));
    return head + new String(body, StandardCharsets.ISO_8859_1);
  }

  private static void status(int expected, String response) {
    assertTrue(response.startsWith("HTTP/1.1 " + expected + " "), response);
  }

  @Test
  void encodedBytes_reachTheHandlerWithSenderAndBody() throws Exception {
    receiver("x");
    status(
        202,
        exchange(
            "POST /x/handler HTTP/1.1\r\n"
                + "User-Agent: libprocess/sender@127.0.0.1:4321\r\n"
                + "Libprocess-From: sender@127.0.0.1:4321\r\n"
                + "Connection: Keep-Alive\r\n"
                + "Host: 127.0.0.1:1\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\n"));
    Expect.next("sender@127.0.0.1:4321 says 'hello'", got);
  }

  @Test
  void userAgentAlone_makesAMessage() throws Exception {
    receiver("x");
    status(
        202,
        exchange(
            "POST /x/handler HTTP/1.1\r\nHost: h\r\nUser-Agent: libprocess/s@127.0.0.1:9\r\n"
                + "Content-Length: 2\r\n\r\nhi"));
    Expect.next("s@127.0.0.1:9 says 'hi'", got);
  }

  @Test
  void fromHeaderWithEmptyId_isAnsweredOnANewConnection() throws Exception {
    receiver("x");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) (1000 * Expect.SECONDS));
      status(
          202,
          exchange(
              "POST /x/reply HTTP/1.1\r\nHost: h\r\nLibprocess-From: @127.0.0.1:"
                  + server.getLocalPort()
                  + "\r\n\r\n"));
      try (Socket socket = server.accept()) {
        socket.setSoTimeout((int) (1000 * Expect.SECONDS));
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        assertEquals("POST /reply HTTP/1.1", in.readLine());
      }
    }
  }

  @Test
  void percentEncodedIds_areReachedAsMessageAndByHttp() throws Exception {
    receiver("id(42)");
    for (String id : new String[] {"id%2842%29", "id(42)", "%69d(42%29"}) {
      status(
          202,
          exchange(
              "POST /"
                  + id
                  + "/handler HTTP/1.1\r\nHost: h\r\nLibprocess-From: s@127.0.0.1:9\r\n\r\n"));
      Expect.next("s@127.0.0.1:9 says ''", got);
      String response = exchange("GET /" + id + "/handler1 HTTP/1.1\r\nHost: h\r\n\r\n");
      status(200, response);
      assertTrue(response.endsWith("\r\n\r\nrouted"), response);
    }
  }

  @Test
  void name_mayHaveWhatNoRouteMay() throws Exception {
    node.spawn(
        new Plain(
            "y",
            p -> {
              for (String name : new String[] {"../up", "%2e%zz", "a//b/"}) {
                p.install(name, (from, body) -> got.add(name));
              }
            }));
    for (String name : new String[] {"../up", "%2e%zz", "a//b/"}) {
      String head = "POST /y/" + name + " HTTP/1.1\r\nHost: h\r\n";
      status(202, exchange(head + "Libprocess-From: s@127.0.0.1:9\r\n\r\n"));
      Expect.next(name, got); // Not decoded.
    }
  }

  @Test
  void messageForNobody_is404() throws Exception {
    status(
        404,
        exchange("POST /nobody/x HTTP/1.1\r\nHost: h\r\nLibprocess-From: s@127.0.0.1:9\r\n\r\n"));
  }

  @Test
  void senderThatIsNone_is400() throws Exception {
    receiver("x");
    String response =
        exchange("POST /x/handler HTTP/1.1\r\nHost: h\r\nLibprocess-From: nonsense\r\n\r\n");
    status(400, response);
    assertTrue(response.contains("nonsense"), response);
    assertTrue(got.isEmpty());
  }

  @Test
  void senderWithAnotherIp_is400WhereThatIsRequiredHoweverOften() throws Exception {
    try (Node strict = Node.start(Config.builder().requirePeerAddressIpMatch(true).build())) {
      strict.spawn(new Plain("x"));
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), strict.address().port())) {
        socket.setSoTimeout((int) (1000 * Expect.SECONDS));
        String bad = "POST /x/y HTTP/1.1\r\nHost: h\r\nLibprocess-From: s@10.9.8.7:9\r\n\r\n";
        for (int i = 0; i < 3; i++) {
          String response = answer(socket, bad);
          status(400, response);
          assertTrue(response.contains("UPID IP address validation failed"), response);
        }
        status(202, answer(socket, bad.replace("10.9.8.7", "127.0.0.1")));
        status(202, answer(socket, bad.replace("10.9.8.7", "127.0.0.1")));
        status(400, answer(socket, bad));
      }
    }
  }

  @Test
  void sizeLimit_holdsHoweverOftenAHeadHasCome() throws Exception {
    MessageLimits limits = MessageLimits.builder().size(100).build();
    try (Node small = Node.start(Config.builder().messageLimits(limits).build());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), small.address().port())) {
      Plain receiver = new Plain("x");
      small.spawn(receiver);
      socket.setSoTimeout((int) (1000 * Expect.SECONDS));
      for (int size : new int[] {100, 100, 101, 100}) {
        String response =
            answer(
                socket,
                "POST /x/y HTTP/1.1\r\nHost: h\r\nLibprocess-From: s@127.0.0.1:9\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(size)
                    + "\r\n"
                    + "b".repeat(size)
                    + "\r\n0\r\n\r\n");
        status(size > 100 ? 413 : 202, response);
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(100, Expect.next(receiver.unhandled).body().length);
      }
      assertTrue(receiver.unhandled.isEmpty());
    }
  }

  @Test
  void otherRequests_areNoMessages() throws Exception {
    receiver("x");
    status(404, exchange("GET /x/handler HTTP/1.1\r\nHost: h\r\n\r\n"));
    status(404, exchange("GET /x/handler HTTP/1.1\r\nHost: h\r\nUser-Agent: libprocess/s\r\n\r\n"));
    status(404, exchange("POST /x/handler HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n"));
    assertTrue(got.isEmpty());
  }

  @Test
  void processEndsWhileABodyArrives_is500() throws Exception {
    PID<Plain> pid = receiver("upload");
    pid.dispatch(p -> p.route("/take", "Takes.", request -> Future.of(Response.ok("taken"))));
    Expect.ready(pid.call(p -> p));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.address().port())) {
      socket.setSoTimeout((int) (1000 * Expect.SECONDS));
      socket
          .getOutputStream()
          .write(
              "POST /upload/take HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nab"
                  .getBytes(StandardCharsets.ISO_8859_1));
      // The request has been given to the process once a later request of another connection has.
      status(200, exchange("GET /upload/handler1 HTTP/1.1\r\nHost: h\r\n\r\n"));
      node.terminate(pid);
      node.await(pid);
      socket.getOutputStream().write("cd".getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(
          response.startsWith("HTTP/1.1 500 ") || response.startsWith("HTTP/1.1 404 "), response);
    }
  }
}
