package io.libprocess.http.client;

import static io.libprocess.http.server.Http2Wire.END_HEADERS;
import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.HEADERS;
import static io.libprocess.http.server.Http2Wire.ascii;
import static io.libprocess.http.server.Http2Wire.block;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.settings;
import static io.libprocess.http.server.Http2Wire.settingsAck;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Response;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.http.server.Http2Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A pooled client whose servers are known to speak HTTP/2. */
abstract class Http2PoolFixture extends HttpClientFixture {

  /** The server's end of a connection of HTTP/2. */
  final class Server {
    final FakeChannel channel;
    private final Http2Wire wire = new Http2Wire();
    private boolean prefaceSeen;

    Server(int dial, long... settings) {
      channel = open(dial);
      channel.receiveAlthoughPaused(settings(settings));
      channel.receiveAlthoughPaused(settingsAck());
    }

    /** The heads and bodies that have been sent. */
    List<String> sent() {
      String octets = channel.takeSent();
      int from = prefaceSeen || octets.isEmpty() ? 0 : 24;
      prefaceSeen |= from > 0;
      List<String> frames = new ArrayList<>(wire.read(ascii(octets.substring(from))));
      frames.removeIf(frame -> !frame.startsWith("HEADERS") && !frame.startsWith("DATA"));
      return frames.stream().map(frame -> frame.replaceAll(" :scheme.*:path=", " ")).toList();
    }

    void receive(byte[]... frames) {
      channel.receiveAlthoughPaused(Http2Wire.join(frames));
    }

    void answer(int stream, int status) {
      receive(
          frame(
              HEADERS,
              END_HEADERS | END_STREAM,
              stream,
              block(":status", Integer.toString(status))));
    }
  }

  static ClientSettings.Builder priorKnowledge() {
    return ClientSettings.builder().http2(ClientSettings.Http2.PRIOR_KNOWLEDGE).gzip(false);
  }

  @BeforeEach
  void knowHttp2() {
    client.close();
    client = client(priorKnowledge().perHost(6).connections(6).queued(100).build());
  }

  Future<Response> get() {
    return client.get(URL);
  }

  static int status(Future<Response> response) {
    assertTrue(response.isReady(), response::toString);
    return response.get().status().code();
  }

  void useAtMost(int perHost, int connections) {
    client.close();
    client = client(priorKnowledge().perHost(perHost).connections(connections).build());
  }
}
