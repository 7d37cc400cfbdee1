package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ids and names of messages with characters that have a meaning in a URL or are not ASCII, between
 * nodes of this library and nodes that write them unencoded, as C++ nodes do.
 */
class MessageNamesTest {

  private final Node node = Node.start(Config.builder().build());
  private final Node other = Node.start(Config.builder().build());
  private final BlockingQueue<String> got = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    node.close();
    other.close();
  }

  /** A process that records its messages, and answers those named "ping". */
  private final class Noting extends Process<Noting> {
    Noting(String id) {
      super(id);
    }

    @Override
    protected void unhandled(Message message) {
      got.add(message.from().id() + " -> " + self().id() + ": " + message.name());
      if (message.name().equals("ping")) {
        send(message.from(), "pong", message.body());
      }
    }

    void sendTo(UPID to, String name) {
      send(to, name, new byte[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "é",
        "日本",
        "\ud83d\ude00",
        "a+b",
        "a%41",
        "a%zz",
        "a?b",
        "a#b",
        "a;b",
        "..",
        "a b",
        "(1)",
        "(01)",
        "a\\b",
        "{}",
        "a&b=c",
        "\u0080"
      })
  void anyId_isReachedAndAnswered(String id) throws Exception {
    PID<Noting> one = node.spawn(new Noting(id));
    other.spawn(new Noting(id));
    one.dispatch(p -> p.sendTo(new UPID(id, other.address()), "ping"));
    Expect.next(id + " -> " + id + ": ping", got);
    Expect.next(id + " -> " + id + ": pong", got);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "é",
        "日本",
        "\ud83d\ude00",
        "a+b",
        "a%20b",
        "a%zz",
        "x?y",
        "x#y",
        "x?%zz",
        "?",
        "#",
        "//",
        "..",
        "/../x",
        "{}",
        "a/b/",
        "\u0080"
      })
  void anyName_arrivesAsItIs(String name) throws Exception {
    PID<Noting> one = node.spawn(new Noting("s"));
    other.spawn(new Noting("r"));
    for (int i = 0; i < 3; i++) { // Parsed, and found by its head.
      one.dispatch(p -> p.sendTo(new UPID("r", other.address()), name));
      Expect.next("s -> r: " + name, got);
    }
  }

  @Test
  void idWithAnUnprintableCharacter_doesNotBreakTheConnection() throws Exception {
    other.spawn(new Noting("r"));
    UPID odd = new UPID("x\u007f\u0001", other.address());
    assertEquals(
        Delivery.NO_PROCESS, Expect.ready(node.postConfirmed(UPID.NONE, odd, "n", new byte[0])));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\u007f", "a\r\nb", "\ud83d", "a\ude00", "\ude00\ud83d"})
  void namesThatCannotTravel_areRefused(String name) {
    UPID to = new UPID("x", Address.loopback(1));
    assertThrows(IllegalArgumentException.class, () -> node.post(to, name, new byte[0]));
  }

  /** What a node gets that says it from a C++ process: bytes as they are. */
  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), other.address().port())) {
      socket.setSoTimeout((int) (1000 * Expect.SECONDS));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static String message(String from, String to, String name) {
    return "POST /"
        + (to + "/" + name + " HTTP/1.1\r\n")
        + ("User-Agent: libprocess/" + from + "@127.0.0.1:1\r\n")
        + ("Libprocess-From: " + from + "@127.0.0.1:1\r\n")
        + "Connection: Keep-Alive\r\nHost: 127.0.0.1:80\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"café", "日本", "a?b", "a#b", "a%41", "a%zz", "a+b", "a%", "\ud83d\ude00"})
  void whatIsWrittenAsItIs_arrives(String text) throws Exception {
    other.spawn(new Noting(text));
    String message = message(text, text, text);
    String answers = exchange(message + message + message);
    assertEquals(3, answers.split("HTTP/1.1 202 ", -1).length - 1, answers);
    for (int i = 0; i < 3; i++) {
      Expect.next(text + " -> " + text + ": " + text, got);
    }
  }

  @Test
  void encodedId_isPreferredToTheSameOneAsItIsWritten() throws Exception {
    other.spawn(new Noting("a%41"));
    other.spawn(new Noting("aA"));
    exchange(message("s", "a%41", "n"));
    Expect.next("s -> aA: n", got);
  }

  @Test
  void bytesBeyondAscii_inOtherRequestsAreRefused() throws Exception {
    for (String method : new String[] {"GET", "POST", "PUT"}) {
      String answer = exchange(method + " /café HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }
    String answer = exchange("POST /x?a=%zz HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
  }

  /** A C++ node decodes only the id, and takes the sender as it is written. */
  @Test
  void whatIsSent_isWhatACppNodeUnderstands() throws Exception {
    PID<Noting> sender = node.spawn(new Noting("café"));
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) (1000 * Expect.SECONDS));
      UPID to = new UPID("a%b/é?", Address.loopback(server.getLocalPort()));
      sender.dispatch(p -> p.sendTo(to, "dätä%41"));
      try (Socket socket = server.accept()) {
        String expected =
            ("POST /a%25b%2F%C3%A9%3F/dätä%41 HTTP/1.1\r\n")
                + ("User-Agent: libprocess/café@" + node.address() + "\r\n")
                + ("Libprocess-From: café@" + node.address() + "\r\n");
        byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
        byte[] read = socket.getInputStream().readNBytes(bytes.length);
        assertEquals(expected, new String(read, StandardCharsets.UTF_8));
      }
    }
  }
}
