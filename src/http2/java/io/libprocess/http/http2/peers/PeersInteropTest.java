package io.libprocess.http.http2.peers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http2.peers.Peer.Answer;
import io.libprocess.http.http2.peers.Peer.Call;
import io.libprocess.http.http2.peers.Peer.Question;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests between this library and others. */
@Timeout(120)
class PeersInteropTest {

  /** The client and the server of a conversation, and whether they use TLS. */
  enum Pair {
    JETTY_ASKS,
    JETTY_ASKS_BY_TLS,
    NETTY_ASKS,
    NETTY_ASKS_BY_TLS,
    JETTY_ANSWERS,
    JETTY_ANSWERS_BY_TLS,
    NETTY_ANSWERS,
    NETTY_ANSWERS_BY_TLS;

    boolean isTls() {
      return name().endsWith("TLS");
    }
  }

  private static final int MANY = 400; // More than a server allows at once.
  private static final int LARGE = 3_000_001;

  @TempDir static Path directory;
  private static final List<Peer.Part> OPEN = new ArrayList<>();
  private static final Map<Pair, Peer.Client> CLIENTS = new EnumMap<>(Pair.class);
  private static final Map<Pair, LinkedBlockingQueue<Pair>> CANCELLED = new EnumMap<>(Pair.class);

  @BeforeAll
  static void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("authority");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    for (Pair pair : Pair.values()) {
      LinkedBlockingQueue<Pair> cancelled = new LinkedBlockingQueue<>();
      CANCELLED.put(pair, cancelled);
      SslContext speaks = pair.isTls() ? NettyPeer.serverTls(identity) : null;
      SslContext trusts = pair.isTls() ? NettyPeer.clientTls(authority) : null;
      Tls ours =
          !pair.isTls()
              ? null
              : Tls.builder()
                  .identity(identity.certificate(), identity.key())
                  .authorities(authority.certificate())
                  .build();
      Runnable hears = () -> cancelled.add(pair);
      Peer.Server server =
          switch (pair) {
            case JETTY_ANSWERS, JETTY_ANSWERS_BY_TLS -> JettyPeer.server(jdk(speaks), hears);
            case NETTY_ANSWERS, NETTY_ANSWERS_BY_TLS -> NettyPeer.server(speaks, hears);
            default -> OurPeer.server(ours, hears);
          };
      OPEN.add(server);
      Peer.Client client =
          switch (pair) {
            case JETTY_ASKS, JETTY_ASKS_BY_TLS -> JettyPeer.client(server.port(), jdk(trusts));
            case NETTY_ASKS, NETTY_ASKS_BY_TLS -> NettyPeer.client(server.port(), trusts);
            default -> OurPeer.client(server.port(), ours);
          };
      OPEN.add(client);
      CLIENTS.put(pair, client);
    }
  }

  private static SSLContext jdk(SslContext context) {
    return context == null ? null : ((JdkSslContext) context).context();
  }

  @AfterAll
  static void close() throws Exception {
    for (int i = OPEN.size() - 1; i >= 0; i--) {
      OPEN.get(i).close();
    }
  }

  private static Call send(Pair pair, String path, byte[] body, String trailer) throws Exception {
    return CLIENTS.get(pair).send(new Question(path, Map.of(), body, trailer));
  }

  private static Answer answer(Call call) throws Exception {
    return call.answer().get(Expect.SECONDS, TimeUnit.SECONDS);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource
  void manyRequestsAtOnce_areAllAnswered(Pair pair) throws Exception {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < MANY; i += 100) {
      for (int j = i; j < i + 100; j++) {
        calls.add(send(pair, Peer.ECHO, ("text " + j).getBytes(StandardCharsets.UTF_8), null));
      }
      if (pair.name().startsWith("NETTY_ASKS")) { // Its codec does not queue what is too much.
        for (Call call : calls) {
          answer(call);
        }
      }
    }
    for (int i = 0; i < MANY; i++) {
      Answer answer = answer(calls.get(i));
      assertEquals(200, answer.status());
      assertEquals("text " + i, new String(answer.body(), StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @EnumSource
  void bodiesLargerThanAnyWindow_comeBackWhole(Pair pair) throws Exception {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(send(pair, Peer.ECHO, bytes(LARGE + i), null));
    }
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(bytes(LARGE + i), answer(calls.get(i)).body());
    }
  }

  @ParameterizedTest
  @EnumSource
  void trailers_comeAfterTheBody(Pair pair) throws Exception {
    // Jetty 12.1 sends trailers ahead of the second frame of what is written last; nghttp says so
    // too.
    int size = pair.name().startsWith("JETTY") ? 16_000 : 200_000;
    Answer answer = answer(send(pair, Peer.ECHO, bytes(size), "a trailer"));
    assertEquals("a trailer", answer.trailer());
    assertArrayEquals(bytes(size), answer.body());
  }

  @ParameterizedTest
  @EnumSource
  void fields_areThoseThatWereSent(Pair pair) throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) { // Tables fill, and forget what is old.
      Map<String, String> fields = new TreeMap<>();
      for (int j = random.nextInt(20); j >= 0; j--) {
        String value = "v".repeat(random.nextInt(200)) + random.nextInt(5);
        fields.put(Peer.PREFIX + random.nextInt(40), value);
      }
      Question question = new Question(Peer.ECHO, fields, new byte[] {1}, null);
      assertEquals(fields, answer(CLIENTS.get(pair).send(question)).fields());
    }
  }

  @ParameterizedTest
  @EnumSource
  void requestThatIsGivenUp_endsAtTheServerAlone(Pair pair) throws Exception {
    Call waits = send(pair, Peer.WAIT, bytes(10), null);
    Call other = send(pair, Peer.ECHO, bytes(10), null);
    assertArrayEquals(bytes(10), answer(other).body()); // So the first one has arrived, too.
    assertFalse(waits.answer().isDone());
    waits.cancel();
    assertEquals(pair, Expect.next(CANCELLED.get(pair)));
    assertArrayEquals(bytes(11), answer(send(pair, Peer.ECHO, bytes(11), null)).body());
    assertTrue(CANCELLED.get(pair).isEmpty());
  }
}
