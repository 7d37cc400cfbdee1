package io.libprocess.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that serves HTTP/2 over sockets: with prior knowledge, and chosen by TLS. */
@Timeout(120)
class Http2Test {

  @TempDir Path directory;
  private Node node;

  /** Echoes, also as a stream, and provides a file. */
  private static final class Echo extends Process<Echo> {
    private final Path file;

    Echo(Path file) {
      super("echo");
      this.file = file;
    }

    @Override
    protected void initialize() {
      route("/", "Echoes.", request -> Future.of(Response.ok(request.bytes(), "a/b")));
      route(
          Route.at("/stream").streaming(),
          request -> Future.of(Response.stream(((Body.Streamed) request.body()).reader(), "a/b")));
      provide("file", file);
    }
  }

  private void start(Config.Builder config) throws IOException {
    Path file = directory.resolve("file.bin");
    byte[] content = new byte[3 << 20];
    new Random(1).nextBytes(content);
    Files.write(file, content);
    node = Node.start(config.http2(true).build());
    node.spawn(new Echo(file));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /** A client that reads until it has seen a frame. */
  private static List<String> read(Socket socket, Http2Wire wire, Predicate<String> last)
      throws IOException {
    List<String> frames = new ArrayList<>();
    byte[] buffer = new byte[64 << 10];
    while (frames.stream().noneMatch(last)) {
      int count = socket.getInputStream().read(buffer);
      assertTrue(count > 0, "ended after " + frames);
      frames.addAll(wire.read(Arrays.copyOf(buffer, count)));
    }
    return frames;
  }

  @Test
  void priorKnowledge() throws Exception {
    start(Config.builder());
    try (Socket socket = new Socket(node.address().ip(), node.address().port())) {
      socket.setSoTimeout((int) Expect.LIMIT.toMillis());
      Http2Wire wire = new Http2Wire();
      socket
          .getOutputStream()
          .write(
              Http2Wire.join(
                  Http2Wire.PREFACE,
                  Http2Wire.settings(),
                  Http2Wire.post(1, "/echo"),
                  Http2Wire.data(1, Http2Wire.END_STREAM, "hello"),
                  Http2Wire.get(3, "/nothing")));
      List<String> frames =
          read(socket, wire, frame -> frame.startsWith("DATA 3") && frame.endsWith("END"));
      if (frames.stream().noneMatch("DATA 1 hello END"::equals)) {
        frames.addAll(read(socket, wire, "DATA 1 hello END"::equals));
      }

      assertTrue(
          frames.stream().anyMatch(frame -> frame.startsWith("HEADERS 1 :status=200")),
          frames::toString);
      assertTrue(
          frames.stream().anyMatch(frame -> frame.startsWith("HEADERS 3 :status=404")),
          frames::toString);
    }
  }

  @Test
  void http1_onTheSamePort() throws Exception {
    start(Config.builder());
    try (Socket socket = new Socket(node.address().ip(), node.address().port())) {
      socket.setSoTimeout((int) Expect.LIMIT.toMillis());
      socket
          .getOutputStream()
          .write("POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi".getBytes(ISO_8859_1));
      String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      assertTrue(answer.endsWith("hi"), answer);
    }
  }

  private HttpClient secureClient() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("here");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    start(
        Config.builder()
            .tls(
                Tls.builder()
                    .identity(identity.certificate(), identity.key())
                    .authorities(authority.certificate())
                    .build()));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(authority.certificate())) {
      store.setCertificateEntry(
          "here", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + node.address().port() + path));
  }

  private static <T> HttpResponse<T> get(CompletableFuture<HttpResponse<T>> answer)
      throws Exception {
    return answer.get(Expect.SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void tls_choosesHttp2() throws Exception {
    HttpClient client = secureClient();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) { // More than 128 fail in the JDK.
      answers.add(
          client.sendAsync(
              request("/echo").POST(BodyPublishers.ofString("text " + i)).build(),
              BodyHandlers.ofString()));
    }

    for (int i = 0; i < answers.size(); i++) {
      HttpResponse<String> answer = get(answers.get(i));
      assertEquals(HttpClient.Version.HTTP_2, answer.version());
      assertEquals("text " + i, answer.body());
    }
  }

  @Test
  void tls_largeBodies() throws Exception {
    HttpClient client = secureClient();
    byte[] file = Files.readAllBytes(directory.resolve("file.bin"));
    HttpResponse<byte[]> streamed =
        get(
            client.sendAsync(
                request("/echo/stream").POST(BodyPublishers.ofByteArray(file)).build(),
                BodyHandlers.ofByteArray()));
    HttpResponse<byte[]> held =
        get(
            client.sendAsync(
                request("/echo").POST(BodyPublishers.ofByteArray(file)).build(),
                BodyHandlers.ofByteArray()));
    HttpResponse<byte[]> served =
        get(client.sendAsync(request("/echo/file").build(), BodyHandlers.ofByteArray()));

    assertArrayEquals(file, streamed.body());
    assertArrayEquals(file, held.body());
    assertArrayEquals(file, served.body());
    assertEquals(HttpClient.Version.HTTP_2, served.version());
  }
}
