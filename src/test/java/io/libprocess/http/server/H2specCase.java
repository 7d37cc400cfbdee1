package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import java.util.HexFormat;
import java.util.List;

/**
 * A case of h2spec 2.6, the conformance tests of HTTP/2: what a client sends, and how the server
 * has to take it. The server answers each request but those to {@link #WAITS} with its method, its
 * path, and its field {@code x-test} or {@code user-agent}.
 *
 * @param name h2spec's section and number, and what the case sends
 */
record H2specCase(String name, Play play) {

  /** The path of requests that are not answered. */
  static final String WAITS = "/waits";

  private static final int MOST = 1 << 20;

  /** What happens on a connection whose settings were exchanged. */
  interface Play {
    void run(Http2Fixture client);
  }

  static H2specCase of(String name, Play play) {
    return new H2specCase(name, play);
  }

  void run(boolean bytewise) {
    try (Http2Fixture client = new Http2Fixture(bytewise, Limits.defaults(), H2specCase::answer)) {
      play.run(client);
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private static Future<Response> answer(Request request) {
    if (request.path().equals(WAITS)) {
      return new Promise<Response>().future();
    }
    String test = request.headers().first("x-test", request.headers().first("user-agent", "-"));
    return request
        .buffered(MOST)
        .map(
            whole ->
                Response.ok(
                    request.method()
                        + " "
                        + request.target()
                        + " "
                        + test
                        + " "
                        + whole.bytes().size()));
  }

  /* ------ How the server takes it ------ */

  /** The connection ends with an error. */
  static Play ends(int last, String error, byte[]... frames) {
    return client -> {
      client.open();
      client.receive(frames);
      client.assertEnded(last, error);
    };
  }

  /** A stream is reset, once, and the connection goes on. */
  static Play resets(int stream, String error, byte[]... frames) {
    return client -> {
      client.open();
      client.receive(frames);
      List<String> sent = client.sent();
      List<String> resets = sent.stream().filter(line -> line.startsWith("RST_STREAM")).toList();
      assertEquals(List.of("RST_STREAM " + stream + " " + error), resets, sent::toString);
      client.assertAlive();
    };
  }

  /** The request of a stream is answered with a text, and the connection goes on. */
  static Play answers(int stream, String text, byte[]... frames) {
    return client -> {
      client.open();
      client.receive(frames);
      List<String> sent = client.sent();
      assertTrue(sent.get(0).startsWith("HEADERS " + stream + " :status=200"), sent::toString);
      assertEquals("DATA " + stream + " " + text + " END", sent.get(1));
      assertEquals(2, sent.size(), sent::toString);
      client.assertAlive();
    };
  }

  /** Exactly this is sent, and the connection goes on. */
  static Play sends(List<String> lines, byte[]... frames) {
    return client -> {
      client.open();
      client.receive(frames);
      client.assertSent(lines.toArray(String[]::new));
      client.assertAlive();
    };
  }

  /** Nothing is said about it, and the connection goes on. */
  static Play ignores(byte[]... frames) {
    return sends(List.of(), frames);
  }

  /** The connection is ended in order. */
  static Play leaves(byte[]... frames) {
    return client -> {
      client.open();
      client.receive(frames);
      client.assertSent("GOAWAY 2147483647 NO_ERROR", "PING \0\0\0leave");
      client.receive(Http2Wire.ping(Http2Wire.ACK, "\0\0\0leave"));
      client.assertEnded(0, "NO_ERROR");
    };
  }

  /* ------ Blocks of fields ------ */

  /** A request to {@code /} whose fields are those of a block in hexadecimal, behind the usual. */
  static byte[] coded(int stream, String block) {
    byte[] octets = HexFormat.of().parseHex("828684010161" + block);
    return Http2Wire.frame(
        Http2Wire.HEADERS, Http2Wire.END_STREAM | Http2Wire.END_HEADERS, stream, octets);
  }
}
