package io.libprocess.e2e;

import static io.libprocess.testing.Await.awaitReady;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.ServerSocket;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.stream.Chunk;
import io.libprocess.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against a node that speaks TLS. */
@Timeout(120)
class HttpsClientTest {

  @TempDir static Path directory;
  private static final Echo ECHO = new Echo();
  private static Node node;
  private static Tls trusting;
  private static Certificates.Identity authority;

  /** Echoes, and provides a file of three mebibytes. */
  private static final class Echo extends Process<Echo> {
    final byte[] large = new byte[3 << 20];

    Echo() {
      super("echo");
      new Random(3).nextBytes(large);
    }

    @Override
    protected void initialize() {
      route("/", "Echoes.", request -> Future.of(Response.ok(request.text())));
      provide("large", file());
    }

    Path file() {
      return directory.resolve("large.bin");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    authority = certificates.authority("here");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    trusting = Tls.builder().authorities(authority.certificate()).build();
    Tls tls =
        Tls.builder()
            .identity(identity.certificate(), identity.key())
            .authorities(authority.certificate())
            .build();
    node = Node.start(Config.builder().tls(tls).build());
    Files.write(ECHO.file(), ECHO.large);
    node.spawn(ECHO);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Url url(String scheme, String host) {
    return new Url(scheme, host, node.address().port(), "/echo");
  }

  private static Response file(String... header) {
    Url file = url("https", "127.0.0.1").withTarget("/echo/large");
    Request request = Request.get("/").withHeaders(Headers.of(header));
    Future<Response> response = node.http().send(file, request);
    awaitReady(response);
    return response.get();
  }

  private static Response get(String target) {
    Future<Response> response = node.http().get(url("https", "127.0.0.1").withTarget(target));
    awaitReady(response);
    return response.get();
  }

  private static String post(HttpClient client, String host) {
    Future<Response> response = client.post(url("https", host), Body.of("hello"), "text/plain");
    awaitReady(response);
    return response.get().text();
  }

  @Test
  void https_toAnAddressAndToAName() {
    assertEquals("hello", post(node.http(), "127.0.0.1")); // Trusts whom its node trusts.
    try (HttpClient client = HttpClient.start(ClientSettings.builder().tls(trusting).build())) {
      assertEquals("hello", post(client, "localhost"));
    }
  }

  /**
   * A request to a hand-written server, the bytes that the server has read of it, and the response.
   */
  private static Future<Response> exchange(
      HttpClient client, Body body, String answer, Promise<String> read) throws Exception {
    ServerSocket server =
        ServerSocket.listen(node.transport(), Address.loopback(0), 16, node.config().tls().get());
    server
        .accept()
        .then(
            socket ->
                socket
                    .receive(8192)
                    .map(
                        bytes -> {
                          read.set(bytes.utf8());
                          return socket.send(Chunk.utf8(answer));
                        })
                    .onAny(any -> server.close()));
    Url url = new Url("https", "127.0.0.1", server.address().inet().orElseThrow().port(), "/path");
    return body == null ? client.get(url) : client.post(url, body, "text/plain");
  }

  @Test
  void httpsGet_readsAResponseWrittenByHand() throws Exception {
    Promise<String> read = new Promise<>();
    Future<Response> response =
        exchange(node.http(), null, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", read);
    assertEquals("hello", awaitReady(response).text());
    String request = awaitReady(read.future());
    assertTrue(request.startsWith("GET /path HTTP/1.1\r\n"), request);
  }

  @Test
  void httpsPost_readsAResponseWrittenByHand() throws Exception {
    Promise<String> read = new Promise<>();
    Future<Response> response =
        exchange(
            node.http(),
            Body.of("a body"),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            read);
    assertEquals("hello", awaitReady(response).text());
    String request = awaitReady(read.future());
    assertTrue(request.startsWith("POST /path HTTP/1.1\r\n"), request);
  }

  /** The original takes this response: RFC 9110, 5.1 forbids it, and it is how smuggling begins. */
  @Test
  void httpsGet_aBlankBeforeAColonIsRefused() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello";
    Await.awaitFailed(exchange(node.http(), null, answer, new Promise<>()));
  }

  @Test
  void https_isNeverDowngraded() {
    Tls willing = Tls.builder().authorities(authority.certificate()).supportDowngrade(true).build();
    try (Node plain = Node.start(Config.builder().build());
        HttpClient client = HttpClient.start(ClientSettings.builder().tls(willing).build())) {
      Url url = new Url("https", "127.0.0.1", plain.address().port(), "/help");
      Await.awaitFailed(client.get(url));
    }
  }

  @Test
  void https_aServerThatNobodyVouchesForIsRefused() {
    try (HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      assertInstanceOf(
          SSLException.class, Await.awaitFailed(client.get(url("https", "localhost"))));
    }
  }

  @Test
  void https_plainRequestToATlsServerFails() {
    Await.awaitFailed(node.http().get(url("http", "127.0.0.1")));
  }

  @Test
  void https_aFileAsAWhole() {
    Response response = file();
    assertEquals(200, response.status().code());
    assertArrayEquals(ECHO.large, response.bytes().toArray());
    assertEquals(Optional.of("3145728"), response.headers().first("Content-Length"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1048576", "1048575, 2097153", "3145727, 3145727"})
  void https_aPartOfAFile(int first, int last) {
    Response response = file("Range", "bytes=" + first + "-" + last);
    assertEquals(206, response.status().code());
    assertEquals(
        Optional.of("bytes " + first + "-" + last + "/3145728"),
        response.headers().first("Content-Range"));
    assertArrayEquals(Arrays.copyOfRange(ECHO.large, first, last + 1), response.bytes().toArray());
  }

  @Test
  void https_aFileOnOneConnectionWithMuchElse() {
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(ECHO.large, file().bytes().toArray());
      assertEquals("hello", post(node.http(), "127.0.0.1"));
      assertEquals(404, get("/echo/large/below").status().code());
    }
  }
}
