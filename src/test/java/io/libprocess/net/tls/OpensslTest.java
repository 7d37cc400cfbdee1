package io.libprocess.net.tls;

import static io.libprocess.net.tls.TlsFixture.assertContains;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.e2e.Program;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's implementation of TLS, against both sides of this library. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // Pipes hear no interrupt.
class OpensslTest {

  @TempDir static Path directory;
  private static TlsFixture.Shared shared;

  private final TlsFixture fixture = new TlsFixture();
  private final List<Process> processes = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    shared = new TlsFixture.Shared(directory);
  }

  @AfterEach
  void close() {
    processes.forEach(Process::destroyForcibly);
    fixture.close();
  }

  private Process openssl(Object... words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Program.named("openssl").path()).redirectErrorStream(true);
    for (Object word : words) {
      if (word instanceof Path path) {
        builder.command().add(path.toString());
      } else {
        builder.command().addAll(List.of(word.toString().split(" ")));
      }
    }
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private static String readLine(BufferedReader output, String wanted) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains(wanted)) {
        return line;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("no '" + wanted + "' in\n" + seen);
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void type(Process process, String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  private Process client(Transport.Listener listener, Object... more) throws IOException {
    List<Object> words = new ArrayList<>();
    words.add("s_client -verify_return_error -servername localhost -connect");
    words.add(listener.address());
    words.add("-CAfile");
    words.add(shared.authority.certificate());
    words.addAll(List.of(more));
    return openssl(words.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sClient_talksToOurServer(String version) throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Process client = client(listener, version, "-quiet");

    type(client, "hello from openssl\n");
    readLine(output(client), "hello from openssl");
    client.getOutputStream().close();

    Recorder server = fixture.network.nextAccepted();
    assertEquals("localhost", server.channel.tls().orElseThrow().serverName().orElseThrow());
    client.destroy();
    Network.await(server.closed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sClient_resumesASession(String version) throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Path session = directory.resolve("session" + version);
    Process first = client(listener, version, "-sess_out", session);
    type(first, "hello\n");
    readLine(output(first), "hello"); // The ticket of TLS 1.3 came before.
    type(first, "Q\n");
    assertTrue(first.waitFor(30, TimeUnit.SECONDS));

    Process second = client(listener, version, "-sess_in", session);

    BufferedReader output = output(second);
    readLine(output, "Reused, TLSv1." + version.charAt(version.length() - 1));
    type(second, "hello again\n");
    readLine(output, "hello again");
  }

  /** K asks us to update our keys too. */
  @ParameterizedTest
  @ValueSource(strings = {"k", "K"})
  void sClient_updatesItsKeys(String command) throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Process client = client(listener, "-tls1_3");
    BufferedReader output = output(client);
    type(client, "before\n");
    readLine(output, "before");

    for (int i = 0; i < 3; i++) {
      type(client, command + "\n");
      readLine(output, "KEYUPDATE");
      type(client, "after " + i + "\n");
      readLine(output, "after " + i);
    }
  }

  @Test
  void sClient_isRefusedToNegotiateAgain() throws Exception {
    Transport.Listener listener = fixture.listen(shared.server().build(), Recorder::echo);
    Process negotiating = client(listener, "-tls1_2");
    readLine(output(negotiating), "Verify return code: 0");
    Recorder server = fixture.network.nextAccepted();
    type(negotiating, "R\n");

    Network.await(server.closed);
    assertContains("negotiate again", server.failure.orElseThrow().getMessage());
  }

  @Test
  void sClient_withAClientCertificate() throws Exception {
    Tls strict = shared.server().clientCertificate(Tls.ClientCertificate.REQUIRED).build();
    Transport.Listener listener = fixture.listen(strict, Recorder::echo);
    Process known =
        client(listener, "-quiet -cert", shared.client.certificate(), "-key", shared.client.key());
    type(known, "it is me\n");
    readLine(output(known), "it is me");

    client(listener, "-cert", shared.stranger.certificate(), "-key", shared.stranger.key());
    assertContains("not issued by a trusted authority", fixture.refusal());
    client(listener);
    assertContains("the client has presented no certificate", fixture.refusal());
  }

  private Address serve(Certificates.Identity identity, String more) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, Address.loopback(0).ip())) {
      port = free.getLocalPort();
    }
    Process server =
        openssl(
            "s_server -accept 127.0.0.1:" + port + " -cert",
            identity.certificate(),
            "-key",
            identity.key(),
            more);
    readLine(output(server), "ACCEPT");
    return Address.loopback(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sServer_talksToOurClient(String version) throws Exception {
    Address address = serve(shared.server, "-rev " + version);

    Recorder client = fixture.connect(shared.client().build(), address);
    client.channel.write(Recorder.utf8("abc\n")); // It sends each line back in reverse.

    assertEquals("cba\n", client.awaitText(4));
    client.channel.end();
    Network.await(client.closed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k", "K"})
  void sServer_updatesItsKeys(String command) throws Exception {
    Address address = serve(shared.server, "-tls1_3");
    Process server = processes.get(0);
    Recorder client = fixture.connect(shared.client().build(), address);
    BufferedReader output = output(server);
    String sent = "";
    client.channel.write(Recorder.utf8("before\n"));
    readLine(output, "before");
    for (int i = 0; i < 3; i++) {
      type(server, command + "\n"); // It says that it has done so when it has more to show.
      client.channel.write(Recorder.utf8("more\n"));
      readLine(output, "SSL_do_handshake -> 1");
      type(server, "1 from the server\n");
      sent += "1 from the server\n";
      assertEquals(sent, client.awaitText(sent.length()));
    }
    client.channel.write(Recorder.utf8("the end\n"));
    readLine(output, "the end");
  }

  @Test
  void sServer_ofAStrangerIsRefused() throws Exception {
    Address address = serve(shared.stranger, "-rev -tls1_3");

    assertContains(
        "not issued by a trusted authority",
        fixture.connectFailure(shared.client().build(), address, "localhost"));
  }

  @Test
  void sServer_thatDemandsACertificateGetsOurs() throws Exception {
    Address address =
        serve(
            shared.server,
            "-rev -tls1_2 -Verify 2 -verify_return_error -CAfile "
                + shared.authority.certificate());

    Recorder client = fixture.connect(shared.server(shared.client).build(), address);
    client.channel.write(Recorder.utf8("xyz\n"));

    assertEquals("zyx\n", client.awaitText(4));
    assertTrue(processes.get(0).isAlive() || processes.get(0).waitFor(1, TimeUnit.SECONDS));
  }
}
