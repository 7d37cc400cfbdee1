package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Async;
import io.libprocess.Codec;
import io.libprocess.Config;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes whose messages and HTTP go through TLS, and programs that talk to them. */
@Timeout(120)
class SecureNodeTest {

  @TempDir static Path directory;
  private static Certificates certificates;
  private static Certificates.Identity authority;
  private static Certificates.Identity identity;

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = new Certificates(directory);
    authority = certificates.authority("nodes");
    identity = certificates.forLocalhost(authority);
  }

  private static Tls.Builder tls() {
    return Tls.builder()
        .identity(identity.certificate(), identity.key())
        .authorities(authority.certificate());
  }

  private static Node start(Tls tls) {
    return Node.start(Config.builder().tls(tls).build());
  }

  /** Reports the messages it gets, echoes them, and answers HTTP. */
  private final class Talker extends Process<Talker> {
    Talker() {
      super("talker");
    }

    @Override
    protected void initialize() {
      install(
          "say",
          Codec.STRING,
          (from, text) -> {
            heard.add(text);
            send(from, "hear", text.getBytes());
          });
      install("hear", Codec.STRING, (from, text) -> heard.add("echo of " + text));
      route("/hello", "Says hello.", request -> Future.of(Response.ok("hello over TLS")));
    }

    void say(UPID to, String text) {
      link(to);
      send(to, "say", text.getBytes());
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      heard.add("exited " + pid.id());
    }
  }

  private String hear() throws InterruptedException {
    return heard.poll(60, TimeUnit.SECONDS);
  }

  private static boolean bindable(InetAddress ip) {
    try (ServerSocket socket = new ServerSocket(0, 1, ip)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * On virtual threads such calls take all carriers, which must not affect the library's own work.
   */
  @Test
  void asyncCallsThatCompute_holdUpNoHandshake() {
    AtomicBoolean over = new AtomicBoolean();
    int calls = 2 * Runtime.getRuntime().availableProcessors();
    try (Node node = start(tls().build())) {
      node.spawn(new Talker());
      for (int i = 0; i < calls; i++) {
        Async.async(
            () -> {
              while (!over.get()) {
                Thread.onSpinWait();
              }
              return null;
            });
      }
      try (HttpClient client =
          HttpClient.start(ClientSettings.builder().tls(tls().build()).build())) {
        Url url = Url.parse("https://localhost:" + node.address().port() + "/talker/hello");
        assertEquals("hello over TLS", Expect.ready(client.get(url)).text());
      }
    } finally {
      over.set(true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void nodes_talkAndNoticeTheEnd(String ip) throws Exception {
    InetAddress loopback = Address.parseIp(ip);
    Assumptions.assumeTrue(bindable(loopback), "no IPv6 here");
    Tls mutual = tls().clientCertificate(Tls.ClientCertificate.REQUIRED).build();
    Config config = Config.builder().ip(loopback).tls(mutual).build();
    try (Node here = Node.start(config)) {
      PID<Talker> talker = here.spawn(new Talker());
      try (Node there = Node.start(config)) {
        UPID other = new UPID("talker", there.address());
        there.spawn(new Talker());

        talker.dispatch(t -> t.say(other, "hi"));

        assertEquals("hi", hear());
        assertEquals("echo of hi", hear());
        String large = "x".repeat(5_000_000);
        talker.dispatch(t -> t.say(other, large));
        assertEquals(large, hear());
        assertEquals("echo of " + large, hear());
      }
      assertEquals("exited talker", hear());
    }
  }

  @Test
  void node_thatIsNotTrustedIsNotTalkedTo() throws Exception {
    Certificates.Identity stranger = certificates.authority("stranger");
    Tls strangers =
        Tls.builder()
            .identity(stranger.certificate(), stranger.key())
            .authorities(stranger.certificate())
            .build();
    try (Node here = start(tls().build());
        Node there = start(strangers)) {
      PID<Talker> talker = here.spawn(new Talker());
      there.spawn(new Talker());
      UPID other = new UPID("talker", there.address());

      talker.dispatch(t -> t.say(other, "secret"));

      assertEquals("exited talker", hear());
    }
  }

  @Test
  void node_withDowngradeTalksToPlainOnes() throws Exception {
    try (Node secure = start(tls().supportDowngrade(true).build());
        Node plain = Node.start(Config.builder().build())) {
      PID<Talker> ours = secure.spawn(new Talker());
      PID<Talker> theirs = plain.spawn(new Talker());
      UPID there = new UPID("talker", plain.address());
      UPID here = new UPID("talker", secure.address());

      ours.dispatch(t -> t.say(there, "down"));
      assertEquals("down", hear());
      assertEquals("echo of down", hear());
      theirs.dispatch(t -> t.say(here, "up"));
      assertEquals("up", hear());
      assertEquals("echo of up", hear());
    }
  }

  @Test
  void node_withoutIdentityDoesNotStart() {
    Tls nobody = Tls.builder().authorities(authority.certificate()).build();

    IllegalStateException failure = assertThrows(IllegalStateException.class, () -> start(nobody));

    assertEquals("a server needs a certificate and its key", failure.getMessage());
  }

  /* ------ curl ------ */

  private static String curl(int expectedExit, Node node, Object... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(Program.named("curl").path(), "-sS", "--max-time", "30");
    for (Object argument : arguments) {
      builder.command().add(argument.toString());
    }
    builder.command().add("https://localhost:" + node.address().port() + "/talker/hello");
    java.lang.Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(expectedExit, process.exitValue(), output);
    return output;
  }

  @Test
  void curl_getsWithTheAuthoritysCertificate() throws Exception {
    try (Node node = start(tls().build())) {
      node.spawn(new Talker());

      assertEquals("hello over TLS", curl(0, node, "--cacert", authority.certificate()));
      String refused = curl(60, node, "--cacert", certificates.authority("other").certificate());
      assertTrue(refused.contains("certificate"), refused);
      assertEquals(
          "hello over TLS", curl(0, node, "--cacert", authority.certificate(), "--tls-max", "1.2"));
    }
  }

  @Test
  void curl_needsAClientCertificateIfThatIsRequired() throws Exception {
    Tls strict = tls().clientCertificate(Tls.ClientCertificate.REQUIRED).build();
    try (Node node = start(strict)) {
      node.spawn(new Talker());

      assertEquals(
          "hello over TLS",
          curl(
              0,
              node,
              "--cacert",
              authority.certificate(),
              "--cert",
              identity.certificate(),
              "--key",
              identity.key()));
      String refused = curl(56, node, "--cacert", authority.certificate());
      assertTrue(refused.contains("certificate"), refused);
    }
  }
}
