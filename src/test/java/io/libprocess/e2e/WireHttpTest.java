package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.cli.ServedNode;
import io.libprocess.e2e.Transcript.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP requests that C++ nodes were asked, odd ones among them. */
@Timeout(60)
class WireHttpTest {

  private static final String COUNTS = "\\{\"pings\":\\d+,\"exited\":\\d\\}";

  private ServedNode node;
  private Transcript recorded;

  @BeforeEach
  void start() throws IOException {
    node = ServedNode.start(config -> config.delegate("nobody")); // As the C++ node had none.
    recorded = Transcript.read("http.txt", node.port(), 1);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** The recorded replies, with the counts of the node under test. */
  private List<String> expected(String name) throws IOException {
    String replies =
        recorded
            .all(name, Kind.REPLY)
            .replaceAll(COUNTS, "{\"pings\":0,\"exited\":0}")
            .replace("Content-Length: 23", "Content-Length: 22");
    List<String> expected = new ArrayList<>();
    try (RawClient reader = RawClient.reading(replies)) {
      while (!reader.isQuiet()) {
        expected.add(reader.reply().comparable());
      }
    }
    return expected;
  }

  private void compare(String name, RawClient client) throws IOException {
    for (String reply : expected(name)) {
      assertEquals(reply, client.reply().comparable());
    }
    if (recorded.ends(name)) {
      assertTrue(client.isAtEnd());
    } else {
      assertEquals(200, client.fetch("/echo/status").status()); // Still open.
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H11", "H13", "H14", "H15"})
  void cppTranscript_isReproduced(String name) throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      client.send(recorded.all(name, Kind.SEND));

      compare(name, client);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"H1", "H2", "H3", "H4", "H5", "H6", "H7", "H8", "H11", "H13", "H14", "H15"})
  void cppTranscript_isReproducedByteByByte(String name) throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      for (char c : recorded.all(name, Kind.SEND).toCharArray()) {
        client.send(String.valueOf(c));
      }

      compare(name, client);
    }
  }

  @Test
  void head_hasTheLengthButNoBody() throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.send(recorded.all("H10", Kind.SEND)).replyToHead();

      assertEquals("HTTP/1.1 200 OK", reply.statusLine());
      assertEquals("22", reply.header("Content-Length").orElseThrow());
      assertEquals("{\"pings\":0,\"exited\":0}", client.fetch("/echo/status").text());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"H9", "H12"})
  void malformed_isAnswered400BeforeTheConnectionEnds(String name) throws IOException {
    try (RawClient client = new RawClient(node.port())) {
      Reply reply = client.send(recorded.all(name, Kind.SEND)).reply();

      assertEquals(400, reply.status());
      assertEquals("close", reply.header("Connection").orElseThrow());
      assertTrue(client.isAtEnd());
    }
  }
}
