package io.libprocess.e2e;

import static io.libprocess.testing.Await.awaitReady;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** This library's client against third-party servers. */
@Timeout(120)
class OtherServersTest {

  private final HttpClient client = HttpClient.start(ClientSettings.defaults());

  @AfterEach
  void close() {
    client.close();
  }

  private Response send(Url url, Request request) {
    return awaitReady(client.send(url, request));
  }

  private static long drain(Response response) {
    long size = 0;
    Pipe.Reader<Chunk> reader = ((Body.Streamed) response.body()).reader();
    for (Optional<Chunk> next = awaitReady(reader.read());
        next.isPresent();
        next = awaitReady(reader.read())) {
      size += next.get().size();
    }
    return size;
  }

  /** Writes a stream of a size into a request, as fast as it is taken. */
  private static Body upload(long size) {
    Pipe<Chunk> pipe = Pipe.bytes();
    fill(pipe, size);
    return Body.of(pipe.reader());
  }

  private static void fill(Pipe<Chunk> pipe, long left) {
    if (left == 0) {
      pipe.writer().close();
      return;
    }
    int size = (int) Math.min(left, 32 << 10);
    pipe.writer().write(Chunk.of(new byte[size])).onReady(taken -> fill(pipe, left - size));
  }

  /* ------ The JDK's ------ */

  @Nested
  class Jdk {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server = HttpServer.create();
    private final Url url;

    Jdk() throws IOException {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/echo", this::echo);
      server.createContext("/chunks", this::chunks);
      server.createContext("/gzip", this::gzip);
      server.createContext("/moved", this::moved);
      server.start();
      url = Url.of(Address.loopback(server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
      server.stop(0);
      threads.shutdownNow();
    }

    private void echo(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("X-Method", exchange.getRequestMethod());
      exchange.getResponseHeaders().set("X-Size", "" + body.length);
      boolean empty = body.length == 0 || body.length > 1000;
      exchange.sendResponseHeaders(200, empty ? -1 : body.length);
      if (!empty) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    }

    private void chunks(HttpExchange exchange) throws IOException {
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        for (int i = 0; i < 1000; i++) {
          out.write(new byte[10_007]);
        }
      }
    }

    private void gzip(HttpExchange exchange) throws IOException {
      assertEquals("gzip", exchange.getRequestHeaders().getFirst("Accept-Encoding"));
      exchange.getResponseHeaders().set("Content-Encoding", "gzip");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
        out.write("hello ".repeat(10_000).getBytes(UTF_8));
      }
    }

    private void moved(HttpExchange exchange) throws IOException {
      exchange.getResponseHeaders().set("Location", "/echo?moved");
      exchange.sendResponseHeaders(307, -1);
      exchange.close();
    }

    @Test
    void methodsAndBodies() {
      Url echo = url.withTarget("/echo");
      assertEquals("hello", awaitReady(client.post(echo, Body.of("hello"), "")).text());
      assertEquals("hi", awaitReady(client.put(echo, Body.of("hi"), "")).text());
      assertEquals(404, awaitReady(client.get(url)).status().code());
      for (String method : new String[] {"GET", "HEAD", "DELETE", "OPTIONS", "PATCH"}) {
        Response response = send(echo, Request.of(method, "/"));
        assertEquals(method, response.headers().first("X-Method").orElseThrow());
      }
    }

    @Test
    void streamsBothWays() {
      Response response = send(url.withTarget("/echo"), Request.post("/", upload(20_000_001)));
      assertEquals("20000001", response.headers().first("X-Size").orElseThrow());
      Response chunks =
          awaitReady(client.stream(url.withTarget("/chunks"), Request.get("/chunks")));
      assertEquals(10_007_000, drain(chunks));
    }

    @Test
    void gzipAndRedirects() {
      Response plain = awaitReady(client.get(url.withTarget("/gzip")));
      assertEquals("hello ".repeat(10_000), plain.text());
      assertFalse(plain.headers().contains("Content-Encoding"));
      Future<Response> moved =
          client.followingRedirects(1).post(url.withTarget("/moved"), Body.of("again"), "");
      assertEquals("again", awaitReady(moved).text());
    }

    @Test
    void expectContinue() {
      Request request = Request.post("/", Body.of("hello")).withHeader("Expect", "100-continue");
      assertEquals("hello", send(url.withTarget("/echo"), request).text());
    }
  }

  /* ------ nginx, on a Unix domain socket ------ */

  @Nested
  class Nginx {

    private static final long FILE_SIZE = 64 << 20;

    @TempDir Path directory;
    private Process nginx;

    private Url url(String target) {
      return new Url("http+unix", directory.resolve("s").toString(), 0, target);
    }

    private void start() throws Exception {
      Files.writeString(directory.resolve("small.txt"), "hello from nginx");
      Files.writeString(directory.resolve("text.txt"), "hello ".repeat(50_000));
      try (var file = new java.io.RandomAccessFile(directory.resolve("large").toFile(), "rw")) {
        file.setLength(FILE_SIZE);
      }
      Files.writeString(directory.resolve("conf"), configuration());
      nginx =
          new ProcessBuilder(Program.named("nginx").path(), "-p", ".", "-c", "conf", "-e", "errors")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output").toFile())
              .start();
      for (int i = 0; i < 3000 && !listens(); i++) {
        assertTrue(nginx.isAlive(), Files.readString(directory.resolve("output")));
        Thread.sleep(10); // The start of another program has no event to wait for.
      }
    }

    /** Whether connections are accepted; the file is there a moment earlier. */
    private boolean listens() {
      try (SocketChannel channel =
          SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("s")))) {
        return channel.isConnected();
      } catch (IOException notYet) {
        return false;
      }
    }

    private String configuration() {
      return """
          daemon off;
          master_process off;
          pid pid;
          error_log errors;
          events {}
          http {
            access_log off;
            default_type text/plain;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            keepalive_requests 3;
            absolute_redirect off;
            gzip on;
            gzip_min_length 1000;
            server {
              listen unix:s;
              root .;
              location /limited { client_max_body_size 1k; proxy_pass http://unix:nowhere; }
              location /old { return 301 /small.txt; }
            }
          }
          """;
    }

    @AfterEach
    void stop() throws Exception {
      if (nginx != null) {
        nginx.destroy();
        if (!nginx.waitFor(10, TimeUnit.SECONDS)) {
          nginx.destroyForcibly();
        }
      }
    }

    @Test
    void files() throws Exception {
      start();
      for (int i = 0; i < 10; i++) { // It closes every third.
        Response small = awaitReady(client.get(url("/small.txt")));
        assertEquals("hello from nginx", small.text());
      }
      Response large = awaitReady(client.stream(url("/large"), Request.get("/")));
      assertEquals(FILE_SIZE, drain(large));
      assertEquals(404, awaitReady(client.get(url("/nothing"))).status().code());
      Response head = send(url("/small.txt"), Request.of("HEAD", "/"));
      assertEquals("16", head.headers().first("Content-Length").orElseThrow());
      String tag = head.headers().first("ETag").orElseThrow();
      Response unchanged =
          send(url("/small.txt"), Request.get("/").withHeader("If-None-Match", tag));
      assertEquals(304, unchanged.status().code());
      Response part = send(url("/small.txt"), Request.get("/").withHeader("Range", "bytes=6-9"));
      assertEquals("206 from", part.status().code() + " " + part.text());
    }

    @Test
    void gzipRedirectsAndEarlyRefusals() throws Exception {
      start();
      Response text = awaitReady(client.get(url("/text.txt")));
      assertEquals("hello ".repeat(50_000), text.text());
      Future<Response> moved = client.followingRedirects(1).get(url("/old"));
      assertEquals("hello from nginx", awaitReady(moved).text());
      Request tooLarge =
          Request.post("/", upload(5_000_000)).withHeader("Content-Length", "5000000");
      Response refused = send(url("/limited"), tooLarge.withHeader("Expect", "100-continue"));
      assertEquals(413, refused.status().code());
      assertEquals("hello from nginx", awaitReady(client.get(url("/small.txt"))).text());
    }
  }
}
