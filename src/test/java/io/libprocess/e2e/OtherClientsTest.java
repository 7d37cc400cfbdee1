package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.net.Address;
import io.libprocess.net.UnixAddress;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Third-party clients, and nginx as a proxy. The large file has 64 MiB, or a gibibyte with {@code
 * -Dlibprocess.stress=10} or more.
 */
@Timeout(300)
class OtherClientsTest {

  private static final long LARGE =
      Integer.getInteger("libprocess.stress", 1) >= 10 ? 1L << 30 : 64L << 20;

  private static final String JSON = "{\"text\":\"" + "all work and no play ".repeat(100) + "\"}";

  @TempDir Path directory;

  private Path large;
  private HttpListener server;
  private String url;

  @BeforeEach
  void start() throws IOException {
    large = directory.resolve("large.bin");
    try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(LARGE);
    }
    server = HttpListener.start(Address.loopback(0), this::answer);
    url = "http://" + server.address();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Future<Response> answer(Request request) {
    return switch (request.path()) {
      case "/large" -> Future.of(Response.file(large));
      case "/json" -> Future.of(Response.json(JSON));
      case "/count" -> count(request.body()).map(bytes -> Response.ok("" + bytes));
      case "/echo" ->
          request.buffered(Limits.defaults().body()).map(whole -> Response.ok(whole.text()));
      case "/stream" -> stream();
      default -> Future.of(Response.ok("Hello, World!"));
    };
  }

  private static Future<Long> count(Body body) {
    if (!(body instanceof Body.Streamed streamed)) {
      return Future.of(body instanceof Body.Bytes bytes ? (long) bytes.content().size() : 0L);
    }
    AtomicLong total = new AtomicLong();
    Pipe.Reader<Chunk> reader = streamed.reader();
    return Futures.loop(reader::read, piece -> Future.of(add(total, piece)));
  }

  private static ControlFlow<Long> add(AtomicLong total, Optional<Chunk> piece) {
    total.addAndGet(piece.map(Chunk::size).orElse(0));
    return piece.isPresent() ? ControlFlow.proceed() : ControlFlow.breakWith(total.get());
  }

  private static Future<Response> stream() {
    Pipe<Chunk> pipe = Pipe.unbounded();
    for (int i = 0; i < 10; i++) {
      pipe.writer().offer(Chunk.utf8("piece " + i + "\n"));
    }
    pipe.writer().close();
    return Future.of(Response.stream(pipe.reader(), "text/plain"));
  }

  private static String curl(String... arguments) throws Exception {
    List<String> all =
        Stream.concat(Stream.of("-sS", "--max-time", "100"), Stream.of(arguments)).toList();
    return Program.named("curl").run(all.toArray(String[]::new));
  }

  /* ------ curl ------ */

  @Test
  void curl_downloadsALargeFile() throws Exception {
    String sizes = curl("-o", "/dev/null", "-w", "%{http_code} %{size_download}", url + "/large");
    assertEquals("200 " + LARGE, sizes);
  }

  @Test
  void curl_downloadsPartsAndAsksForChanges() throws Exception {
    String format = "%{http_code} %{size_download}";
    String range = (LARGE - 7) + "-";
    assertEquals("206 7", curl("-o", "/dev/null", "-w", format, "-r", range, url + "/large"));
    assertEquals(
        "304 0", curl("-o", "/dev/null", "-w", format, "-z", large.toString(), url + "/large"));
    assertTrue(curl("-I", url + "/large").contains("Content-Length: " + LARGE + "\r\n"));
  }

  @Test
  void curl_uploadsALargeFile() throws Exception {
    assertEquals("" + LARGE, curl("-T", large.toString(), url + "/count"));
    assertEquals(
        "" + LARGE,
        curl("-H", "Transfer-Encoding: chunked", "-T", large.toString(), url + "/count"));
  }

  @Test
  void curl_ofHttp10() throws Exception {
    assertEquals("Hello, World!", curl("--http1.0", url));
    assertTrue(curl("--http1.0", url + "/stream").endsWith("piece 9\n"));
    String two = curl("--http1.0", "-H", "Connection: keep-alive", "-v", url, url);
    assertTrue(two.contains("Re-using existing connection"), two);
  }

  @Test
  void curl_waitsForContinue() throws Exception {
    String talk = curl("-v", "-H", "Expect: 100-continue", "-d", "hello", url + "/echo");
    assertTrue(talk.contains("< HTTP/1.1 100 Continue"), talk);
    assertTrue(talk.contains("hello"), talk);
  }

  @Test
  void curl_onAUnixSocket() throws Exception {
    Path path = directory.resolve("http");
    try (HttpListener unix = HttpListener.start(new UnixAddress(path.toString()), this::answer)) {
      String sizes =
          curl(
              "--unix-socket",
              unix.address().toString(),
              "-o",
              "/dev/null",
              "-w",
              "%{http_code} %{size_download}",
              "http://x/large");
      assertEquals("200 " + LARGE, sizes);
    }
  }

  @Test
  void curl_readsCompressedJson() throws Exception {
    assertEquals(JSON, curl("--compressed", url + "/json"));
    String head = curl("-I", "--compressed", url + "/json");
    assertTrue(head.contains("Content-Encoding: gzip"), head);
  }

  @Test
  void curl_keepsAConnectionForManyRequests() throws Exception {
    String talk = curl("-v", url, url + "/stream", url + "/json", url);
    assertFalse(talk.contains("Closing connection 0\n* Trying"), talk);
    assertEquals(3, talk.split("Re-using existing connection", -1).length - 1, talk);
  }

  /* ------ Load tools ------ */

  @Test
  void wrk_seesNoErrors() throws Exception {
    String report = Program.named("wrk").run("-t1", "-c8", "-d1s", url);
    assertTrue(report.contains("Requests/sec:"), report);
    assertFalse(report.contains("Socket errors") || report.contains("Non-2xx"), report);
  }

  @Test
  void ab_keepsItsConnections() throws Exception {
    String report = Program.named("ab").run("-q", "-k", "-n", "2000", "-c", "8", url + "/json");
    assertTrue(report.matches("(?s).*Complete requests: +2000\n.*"), report);
    assertTrue(report.matches("(?s).*Failed requests: +0\n.*"), report);
    assertTrue(report.matches("(?s).*Keep-Alive requests: +2000\n.*"), report);
  }

  /* ------ nginx ------ */

  @Test
  void nginx_inFront() throws Exception {
    Program nginx = Program.named("nginx");
    Path socket = directory.resolve("front");
    Path settings = directory.resolve("nginx.conf");
    Files.writeString(
        settings,
        """
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events {}
        http {
          access_log off;
          client_max_body_size 0;
          client_body_temp_path %1$s/body;
          proxy_temp_path %1$s/proxy;
          fastcgi_temp_path %1$s/fastcgi;
          uwsgi_temp_path %1$s/uwsgi;
          scgi_temp_path %1$s/scgi;
          upstream back { server %2$s; keepalive 4; }
          server {
            listen unix:%3$s;
            location / {
              proxy_pass http://back;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_request_buffering off;
              proxy_buffering off;
            }
            location /old/ { proxy_pass http://back/; }
          }
        }
        """
            .formatted(directory, server.address(), socket));
    String[] place = {"-p", directory.toString(), "-c", settings.toString()};
    nginx.run(place); // It listens before it goes to the background.
    try {
      String[] through = {"--unix-socket", socket.toString()};
      assertEquals(
          "200 " + LARGE,
          curl(
              through[0],
              through[1],
              "-o",
              "/dev/null",
              "-w",
              "%{http_code} %{size_download}",
              "http://x/large"));
      assertEquals(
          "" + LARGE, curl(through[0], through[1], "-T", large.toString(), "http://x/count"));
      assertTrue(curl(through[0], through[1], "http://x/stream").endsWith("piece 9\n"));
      assertEquals("Hello, World!", curl(through[0], through[1], "http://x/old/"));
      assertTrue(curl(through[0], through[1], "http://x/old/stream").endsWith("piece 9\n"));
      assertEquals("hello", curl(through[0], through[1], "-d", "hello", "http://x/echo"));
    } finally {
      nginx.run(place[0], place[1], place[2], place[3], "-s", "stop");
    }
  }

  /* ------ Libraries ------ */

  @Test
  void python_httpClient() throws Exception {
    String script =
        """
        import http.client
        c = http.client.HTTPConnection('%s', timeout=60)
        def ask(method, path, body=None, **more):
            c.request(method, path, body, **more)
            r = c.getresponse()
            return r.status, r.read()
        assert ask('GET', '/') == (200, b'Hello, World!')
        sock = c.sock
        assert ask('HEAD', '/json') == (200, b'')
        assert ask('POST', '/echo', 'hello') == (200, b'hello')
        assert ask('POST', '/echo', iter([b'hel', b'lo']), encode_chunked=True,
                   headers={'Transfer-Encoding': 'chunked'}) == (200, b'hello')
        assert ask('GET', '/stream')[1].endswith(b'piece 9\\n')
        assert ask('GET', '/large', headers={'Range': 'bytes=0-9'}) == (206, bytes(10))
        assert c.sock is sock
        print('fine')
        """;
    assertEquals("fine\n", Program.named("python3").run("-c", script.formatted(server.address())));
  }

  @Test
  void jdk_httpClient() throws Exception {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();
    List<CompletableFuture<HttpResponse<String>>> many =
        IntStream.range(0, 50)
            .mapToObj(i -> request("/echo").POST(BodyPublishers.ofString("" + i)).build())
            .map(post -> client.sendAsync(post, BodyHandlers.ofString()))
            .toList();
    for (int i = 0; i < many.size(); i++) {
      assertEquals("" + i, many.get(i).get(60, TimeUnit.SECONDS).body());
    }
    HttpRequest asking =
        request("/echo").expectContinue(true).POST(BodyPublishers.ofString("asked")).build();
    assertEquals("asked", client.send(asking, BodyHandlers.ofString()).body());
    HttpRequest chunked =
        request("/count")
            .POST(BodyPublishers.ofInputStream(() -> InputStream.nullInputStream()))
            .build();
    assertEquals("0", client.send(chunked, BodyHandlers.ofString()).body());
    HttpRequest upload = request("/count").POST(BodyPublishers.ofFile(large)).build();
    assertEquals("" + LARGE, client.send(upload, BodyHandlers.ofString()).body());
    Path copy = directory.resolve("copy");
    client.send(request("/large").build(), BodyHandlers.ofFile(copy));
    assertEquals(LARGE, Files.size(copy));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(100));
  }
}
