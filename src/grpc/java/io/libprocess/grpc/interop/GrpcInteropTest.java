package io.libprocess.grpc.interop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.grpc.GrpcSettings;
import io.libprocess.http.Url;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases of gRPC's tests of interoperation, with grpc-java on one side. */
@Timeout(120)
class GrpcInteropTest {

  /** Which side is ours, and whether TLS is spoken. */
  enum Pair {
    OUR_CLIENT,
    OUR_CLIENT_TLS,
    OUR_SERVER,
    OUR_SERVER_TLS;

    boolean isTls() {
      return this == OUR_CLIENT_TLS || this == OUR_SERVER_TLS;
    }

    boolean isOurClient() {
      return this == OUR_CLIENT || this == OUR_CLIENT_TLS;
    }
  }

  private static final int MANY = Integer.getInteger("libprocess.grpc.calls", 1000);
  private static final int CANCELLED = 1;
  private static final int UNKNOWN = 2;
  private static final int DEADLINE_EXCEEDED = 4;
  private static final int RESOURCE_EXHAUSTED = 8;
  private static final int UNIMPLEMENTED = 12;

  @TempDir static Path directory;
  private static final List<AutoCloseable> OPEN = new ArrayList<>();
  private static final Talk.Caller[] CALLERS = new Talk.Caller[Pair.values().length];

  @BeforeAll
  static void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("authority");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    Tls trusting = Tls.builder().authorities(authority.certificate()).build();
    Node client = Node.start(Config.builder().ip(InetAddress.getLoopbackAddress()).build());
    OPEN.add(client);
    for (Pair pair : Pair.values()) {
      String scheme = pair.isTls() ? "https" : "http";
      if (pair.isOurClient()) {
        ServerCredentials credentials =
            pair.isTls()
                ? TlsServerCredentials.create(
                    identity.certificate().toFile(), identity.key().toFile())
                : InsecureServerCredentials.create();
        Server server =
            Grpc.newServerBuilderForPort(0, credentials)
                .addService(JavaService.definition())
                .build()
                .start();
        OPEN.add(
            () -> {
              server.shutdownNow();
              server.awaitTermination(Expect.SECONDS, TimeUnit.SECONDS);
            });
        GrpcSettings settings = GrpcSettings.defaults();
        CALLERS[pair.ordinal()] =
            new OurCaller(
                client,
                Url.of(scheme, "localhost", server.getPort()),
                pair.isTls() ? settings.withTls(trusting) : settings);
      } else {
        Config.Builder config = Config.builder().http2(true).ip(InetAddress.getLoopbackAddress());
        if (pair.isTls()) {
          config.tls(Tls.builder().identity(identity.certificate(), identity.key()).build());
        }
        Node server = Node.start(config.build());
        server.spawn(new OurService());
        OPEN.add(server);
        ChannelCredentials credentials =
            pair.isTls()
                ? TlsChannelCredentials.newBuilder()
                    .trustManager(authority.certificate().toFile())
                    .build()
                : InsecureChannelCredentials.create();
        CALLERS[pair.ordinal()] =
            new JavaCaller(
                Grpc.newChannelBuilderForAddress("localhost", server.address().port(), credentials)
                    .build());
      }
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (Talk.Caller caller : CALLERS) {
      if (caller != null) {
        caller.stop();
      }
    }
    Collections.reverse(OPEN);
    for (AutoCloseable open : OPEN) {
      open.close();
    }
  }

  private static Talk call(Pair pair, String method, Talk.Kind kind, byte[]... requests)
      throws Exception {
    return call(pair, method, kind, Talk.Options.NONE, requests);
  }

  private static Talk call(
      Pair pair, String method, Talk.Kind kind, Talk.Options options, byte[]... requests)
      throws Exception {
    return CALLERS[pair.ordinal()].call(Talk.SERVICE, method, kind, options, List.of(requests));
  }

  private static void assertEnd(int status, Talk talk) throws Exception {
    assertEquals(status, talk.end().status(), () -> "not the status");
  }

  private static void assertSizes(Talk talk, int... sizes) throws Exception {
    for (int size : sizes) {
      byte[] reply = talk.next();
      assertNotNull(reply);
      assertEquals(size, reply.length);
    }
    assertNull(talk.next());
    assertEnd(0, talk);
  }

  @ParameterizedTest
  @EnumSource
  void empty_unary(Pair pair) throws Exception {
    assertSizes(call(pair, "Empty", Talk.Kind.UNARY, new byte[0]), 0);
  }

  @ParameterizedTest
  @EnumSource
  void large_unary(Pair pair) throws Exception {
    assertSizes(call(pair, "Unary", Talk.Kind.UNARY, Ask.of(271_828, 314_159).bytes()), 314_159);
  }

  @ParameterizedTest
  @EnumSource
  void client_streaming(Pair pair) throws Exception {
    Talk talk =
        call(
            pair,
            "Input",
            Talk.Kind.CLIENT_STREAMING,
            Ask.of(27_182).bytes(),
            Ask.of(8).bytes(),
            Ask.of(1_828).bytes(),
            Ask.of(45_904).bytes());
    assertEquals("74922", new String(talk.next(), StandardCharsets.US_ASCII));
    assertEnd(0, talk);
  }

  @ParameterizedTest
  @EnumSource
  void server_streaming(Pair pair) throws Exception {
    assertSizes(
        call(
            pair,
            "Output",
            Talk.Kind.SERVER_STREAMING,
            Ask.of(0, 31_415, 9, 2_653, 58_979).bytes()),
        31_415,
        9,
        2_653,
        58_979);
  }

  @ParameterizedTest
  @EnumSource
  void ping_pong(Pair pair) throws Exception {
    Talk talk = CALLERS[pair.ordinal()].talk("Duplex", Talk.Options.NONE);
    int[][] rounds = {{27_182, 31_415}, {8, 9}, {1_828, 2_653}, {45_904, 58_979}};
    for (int[] round : rounds) {
      talk.send(Ask.of(round[0], round[1]).bytes());
      assertEquals(round[1], talk.next().length);
    }
    talk.halfClose();
    assertNull(talk.next());
    assertEnd(0, talk);
  }

  @ParameterizedTest
  @EnumSource
  void empty_stream(Pair pair) throws Exception {
    assertSizes(call(pair, "Duplex", Talk.Kind.BIDIRECTIONAL));
  }

  @ParameterizedTest
  @EnumSource
  void client_compressed_unary(Pair pair) throws Exception {
    Talk.Options gzip = new Talk.Options(Map.of(), Map.of(), 0, true);
    assertSizes(
        call(pair, "Unary", Talk.Kind.UNARY, gzip, Ask.of(271_828, 314_159).bytes()), 314_159);
  }

  @ParameterizedTest
  @EnumSource
  void server_compressed_unary(Pair pair) throws Exception {
    assertSizes(
        call(pair, "Unary", Talk.Kind.UNARY, Ask.of(271_828, 314_159).compressed().bytes()),
        314_159);
  }

  @ParameterizedTest
  @EnumSource
  void client_compressed_streaming(Pair pair) throws Exception {
    Talk.Options gzip = new Talk.Options(Map.of(), Map.of(), 0, true);
    Talk talk =
        call(
            pair,
            "Input",
            Talk.Kind.CLIENT_STREAMING,
            gzip,
            Ask.of(27_182).bytes(),
            Ask.of(45_904).bytes());
    assertEquals("73086", new String(talk.next(), StandardCharsets.US_ASCII));
    assertEnd(0, talk);
  }

  @ParameterizedTest
  @EnumSource
  void server_compressed_streaming(Pair pair) throws Exception {
    assertSizes(
        call(
            pair,
            "Output",
            Talk.Kind.SERVER_STREAMING,
            Ask.of(0, 31_415, 92_653).compressed().bytes()),
        31_415,
        92_653);
  }

  @ParameterizedTest
  @EnumSource
  void custom_metadata(Pair pair) throws Exception {
    byte[] bytes = {(byte) 0xAB, (byte) 0xAB, (byte) 0xAB};
    Talk.Options options =
        new Talk.Options(
            Map.of("x-echo", "test_initial_metadata_value"), Map.of("x-echo-bin", bytes), 0, false);
    Talk unary = call(pair, "Unary", Talk.Kind.UNARY, options, Ask.of(271_828, 314_159).bytes());
    assertEchoed(unary.end(), bytes);
    Talk duplex = CALLERS[pair.ordinal()].talk("Duplex", options);
    duplex.send(Ask.of(271_828, 314_159).bytes());
    duplex.halfClose();
    assertEquals(314_159, duplex.next().length);
    assertNull(duplex.next());
    assertEchoed(duplex.end(), bytes);
  }

  private static void assertEchoed(Talk.End end, byte[] bytes) {
    assertEquals(0, end.status());
    assertEquals("test_initial_metadata_value", end.headers().get("x-echo"));
    assertArrayEquals(bytes, end.trailers().get("x-echo-bin"));
  }

  @ParameterizedTest
  @EnumSource
  void status_code_and_message(Pair pair) throws Exception {
    byte[] failing = Ask.failing(UNKNOWN, "test status message").bytes();
    Talk.End unary = call(pair, "Unary", Talk.Kind.UNARY, failing).end();
    assertEquals(UNKNOWN, unary.status());
    assertEquals("test status message", unary.message());
    Talk duplex = CALLERS[pair.ordinal()].talk("Duplex", Talk.Options.NONE);
    duplex.send(failing);
    duplex.halfClose();
    assertNull(duplex.next());
    assertEquals(UNKNOWN, duplex.end().status());
    assertEquals("test status message", duplex.end().message());
  }

  @ParameterizedTest
  @EnumSource
  void special_status_message(Pair pair) throws Exception {
    String message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    Talk.End end =
        call(pair, "Unary", Talk.Kind.UNARY, Ask.failing(UNKNOWN, message).bytes()).end();
    assertEquals(UNKNOWN, end.status());
    assertEquals(message, end.message());
  }

  @ParameterizedTest
  @EnumSource
  void unimplemented_method(Pair pair) throws Exception {
    assertEnd(UNIMPLEMENTED, call(pair, "Nothing", Talk.Kind.UNARY, new byte[0]));
  }

  @ParameterizedTest
  @EnumSource
  void unimplemented_service(Pair pair) throws Exception {
    assertEnd(
        UNIMPLEMENTED,
        CALLERS[pair.ordinal()].call(
            "test.Nothing", "Unary", Talk.Kind.UNARY, Talk.Options.NONE, List.of(new byte[0])));
  }

  @ParameterizedTest
  @EnumSource
  void cancel_after_begin(Pair pair) throws Exception {
    Talk talk = CALLERS[pair.ordinal()].talk("Input", Talk.Options.NONE);
    talk.cancel();
    assertEnd(CANCELLED, talk);
  }

  @ParameterizedTest
  @EnumSource
  void cancel_after_first_response(Pair pair) throws Exception {
    Talk talk = CALLERS[pair.ordinal()].talk("Duplex", Talk.Options.NONE);
    talk.send(Ask.of(27_182, 31_415).bytes());
    assertEquals(31_415, talk.next().length);
    talk.cancel();
    assertEnd(CANCELLED, talk);
  }

  @ParameterizedTest
  @EnumSource
  void timeout_on_sleeping_server(Pair pair) throws Exception {
    Talk.Options timeout = new Talk.Options(Map.of(), Map.of(), 1, false);
    assertEnd(DEADLINE_EXCEEDED, call(pair, "Sleep", Talk.Kind.UNARY, timeout, new byte[27_182]));
    Talk later =
        call(
            pair,
            "Sleep",
            Talk.Kind.UNARY,
            new Talk.Options(Map.of(), Map.of(), 200, false),
            new byte[27_182]);
    assertEnd(DEADLINE_EXCEEDED, later); // It has reached the server.
  }

  @ParameterizedTest
  @EnumSource
  void very_large_request(Pair pair) throws Exception {
    assertEnd(RESOURCE_EXHAUSTED, call(pair, "Unary", Talk.Kind.UNARY, Ask.of(5 << 20, 1).bytes()));
    assertSizes(call(pair, "Unary", Talk.Kind.UNARY, Ask.of(4_000_000, 1).bytes()), 1);
  }

  @ParameterizedTest
  @EnumSource
  void manyLargeCallsAtOnce(Pair pair) throws Exception {
    assertEquals(
        Collections.nCopies(MANY, 314_159),
        CALLERS[pair.ordinal()].many("Unary", Ask.of(271_828, 314_159).bytes(), MANY));
  }
}
