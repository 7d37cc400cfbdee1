package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Message;
import io.libprocess.Process;
import io.libprocess.cli.ServedNode;
import io.libprocess.e2e.Transcript.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as C++ nodes and others send them, and the answers of C++ nodes. */
@Timeout(60)
class WireMessagesTest {

  private ServedNode node;
  private Listener peer;
  private Transcript recorded;

  /** Takes every message. */
  private static final class Recorder extends Process<Recorder> {
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    Recorder() {
      super("recorder");
    }

    @Override
    protected void unhandled(Message message) {
      messages.add(message);
    }
  }

  @BeforeEach
  void start() throws IOException {
    node = ServedNode.start();
    peer = new Listener();
    recorded = Transcript.read("messages.txt", node.port(), peer.port());
  }

  @AfterEach
  void stop() throws IOException {
    peer.close();
    node.close();
  }

  private static List<String> comparable(RawClient client, int count) throws IOException {
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(client.reply().comparable());
    }
    return replies;
  }

  private static void sendByteByByte(RawClient client, String bytes) throws IOException {
    for (int i = 0; i < bytes.length(); i++) {
      client.send(bytes.substring(i, i + 1));
    }
  }

  /** Replays a case and compares everything that comes back with what was recorded. */
  private void replay(String name, boolean whole) throws IOException {
    String replies = recorded.all(name, Kind.REPLY);
    int count = replies.split("HTTP/1.1 ", -1).length - 1;
    String received = recorded.all(name, Kind.RECV);
    try (RawClient client = new RawClient(node.port());
        RawClient expected = RawClient.reading(replies)) {
      if (whole) {
        client.send(recorded.all(name, Kind.SEND));
      } else {
        sendByteByByte(client, recorded.all(name, Kind.SEND));
      }

      assertEquals(received, received.isEmpty() ? "" : peer.read(received.length()));
      assertEquals(comparable(expected, count), comparable(client, count));
      if (recorded.ends(name)) {
        assertTrue(client.isAtEnd());
      } else {
        assertEquals(200, client.fetch("/echo/status").status()); // Still open.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"M1", "M2", "M3", "M4", "M5", "M6", "M7", "M9", "M10", "M11", "M12", "M13", "M14"})
  void cppTranscript_isReproduced(String name) throws IOException {
    replay(name, true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"M1", "M2", "M3", "M4", "M5", "M6", "M7", "M9", "M10", "M11", "M12", "M14", "M15"})
  void cppTranscript_isReproducedByteByByte(String name) throws IOException {
    replay(name, false);
  }

  @Test
  void message_cutInTwoAnywhere_isTheSameMessage() throws IOException {
    String message = recorded.all("M1", Kind.SEND);
    String pong = recorded.all("M1", Kind.RECV);
    try (RawClient client = new RawClient(node.port());
        RawClient other = new RawClient(node.port())) {
      for (int cut = 1; cut < message.length(); cut++) {
        client.send(message.substring(0, cut));
        other.fetch("/plaintext"); // Now the first part has been read.
        client.send(message.substring(cut));

        assertEquals(202, client.reply().status(), "cut at " + cut);
        assertEquals(pong, peer.read(pong.length()), "cut at " + cut);
      }
    }
  }

  @Test
  void linkme_linksBackOverOneConnectionThatRepliesUseToo() throws IOException {
    String linked = recorded.all("M16", Kind.RECV);
    String pong = recorded.all("M17", Kind.RECV);
    try (RawClient client = new RawClient(node.port())) {
      client.send(recorded.all("M16", Kind.SEND));
      assertEquals(linked, peer.read(linked.length()));
      assertEquals(202, client.reply().status());

      client.send(recorded.all("M17", Kind.SEND));
      assertEquals(pong, peer.read(pong.length()));
      assertEquals(202, client.reply().status());
    }
  }

  @Test
  void linkedPeer_whoseConnectionCloses_hasExited() throws Exception {
    String linked = recorded.all("M16", Kind.RECV);
    try (RawClient client = new RawClient(node.port())) {
      client.send(recorded.all("M16", Kind.SEND)).reply();
      assertEquals(linked, peer.read(linked.length()));
      peer.close();

      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      String status;
      do {
        status = client.fetch("/echo/status").text();
      } while (!status.contains("\"exited\":1") && System.nanoTime() < end);
      assertEquals("{\"pings\":0,\"exited\":1}", status);
    }
  }

  @Test
  void sender_thatCannotBeParsed_isRefused() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.send(recorded.all("M8", Kind.SEND)).reply();

      assertEquals(400, reply.status());
      assertTrue(reply.text().contains("garbage"), reply.text());
      assertEquals("{\"pings\":0,\"exited\":0}", client.fetch("/echo/status").text());
    }
  }

  @Test
  void expectContinue_isAnsweredBeforeTheBodyIsSent() throws IOException {
    String message = recorded.all("M13", Kind.SEND);
    int body = message.length() - 1;
    try (RawClient client = new RawClient(node.port())) {
      client.send(message.substring(0, body));
      assertEquals(100, client.reply().status());
      client.send(message.substring(body));
      assertEquals(202, client.reply().status());
    }
  }

  @Test
  void name_isAllThatIsBehindTheId() throws Exception {
    Recorder recorder = new Recorder();
    node.with(recorder);
    String message = recorded.all("M15", Kind.SEND).replace("/echo/", "/recorder/");
    try (RawClient client = new RawClient(node.port())) {
      assertEquals(202, client.send(message).reply().status());
      assertEquals(202, client.send(message.replace("/ping/more?x=1", "")).reply().status());
    }

    Message first = recorder.messages.poll(30, TimeUnit.SECONDS);
    assertEquals("ping/more?x=1", first.name());
    assertEquals("py@127.0.0.1:" + peer.port(), first.from().toString());
    assertEquals("x", new String(first.body(), StandardCharsets.UTF_8));
    assertEquals("", recorder.messages.poll(30, TimeUnit.SECONDS).name());
  }

  @Test
  void sender_isTheHeaderRatherThanTheAgent() throws Exception {
    Recorder recorder = new Recorder();
    node.with(recorder);
    String message =
        "POST /recorder/hi HTTP/1.1\r\nHost: test\r\nUser-Agent: libprocess/a@127.0.0.1:1\r\n"
            + "Libprocess-From:  b@127.0.0.1:2 \r\n\r\n";
    try (RawClient client = new RawClient(node.port())) {
      assertEquals(202, client.send(message).reply().status());
    }

    assertEquals("b@127.0.0.1:2", recorder.messages.poll(30, TimeUnit.SECONDS).from().toString());
  }

  @Test
  void body_ofOneMegabyteInManyChunks_arrivesAsAWhole() throws Exception {
    Recorder recorder = new Recorder();
    node.with(recorder);
    String chunk = "400\r\n" + "y".repeat(1024) + "\r\n";
    try (RawClient client = new RawClient(node.port())) {
      client.send(
          "POST /recorder/big HTTP/1.1\r\nHost: test\r\nLibprocess-From: a@127.0.0.1:1\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      client.send(chunk.repeat(1024)).send("0\r\n\r\n");
      assertEquals(202, client.reply().status());
    }

    Message message = recorder.messages.poll(30, TimeUnit.SECONDS);
    assertEquals("y".repeat(1 << 20), new String(message.body(), StandardCharsets.UTF_8));
  }

  @Test
  void address_ofTheSender_isCheckedIfAsked() throws IOException {
    try (ServedNode strict = ServedNode.start(config -> config.requirePeerAddressIpMatch(true));
        RawClient client = new RawClient(strict.port())) {
      String head = "POST /echo/x HTTP/1.1\r\nHost: test\r\nLibprocess-From: py@";
      Reply refused = client.send(head + "10.1.1.1:1\r\n\r\n").reply();

      assertEquals(400, refused.status());
      assertTrue(
          refused
              .text()
              .startsWith(
                  "UPID IP address validation failed: Message from py@10.1.1.1:1 was sent from IP"
                      + " 127.0.0.1:"),
          refused.text());
      assertEquals(202, client.send(head + "127.0.0.1:1\r\n\r\n").reply().status());
    }
  }

  @Test
  void transcript_wasReadAsItWasRecorded() {
    assertEquals(
        List.of(198, 200, 81),
        List.of(
            recorded.all("M1", Kind.SEND).length(),
            recorded.all("M1", Kind.RECV).length(),
            recorded.all("M1", Kind.REPLY).length()));
  }
}
