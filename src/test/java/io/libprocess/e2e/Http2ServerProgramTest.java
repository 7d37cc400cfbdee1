package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client with nghttpd, a server of HTTP/2 that is not the library's. */
@Timeout(300)
class Http2ServerProgramTest {

  private static final int LARGE = 3_000_000;
  private static final int TRIES = 5;

  @TempDir Path directory;
  private Process server;
  private int port;

  @AfterEach
  void end() {
    if (server != null) {
      server.destroyForcibly().onExit().join();
    }
  }

  /** Starts it for the files of the directory; it answers a POST request with its body. */
  private void start(List<String> options, Object... identity) throws Exception {
    Path output = Files.createTempFile(directory, "nghttpd", ".output");
    for (int i = 0; i < TRIES; i++) { // Another program may have taken the port.
      port = freePort();
      List<String> command = new ArrayList<>(List.of(Program.named("nghttpd").path()));
      command.addAll(List.of("-a", "127.0.0.1", "-d", directory.toString(), "--echo-upload"));
      command.addAll(options);
      command.add(String.valueOf(port));
      for (Object file : identity) {
        command.add(file.toString());
      }
      server =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (listens()) {
        return;
      }
    }
    throw new AssertionError("nghttpd does not listen: " + Files.readString(output));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until connections are accepted; false if the program has ended. */
  private boolean listens() throws InterruptedException {
    while (server.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return socket.isConnected();
      } catch (IOException notYet) {
        Thread.sleep(10); // The start of another program has no event to wait for.
      }
    }
    return false;
  }

  private Url url(String scheme, String path) {
    return Url.parse(scheme + "://localhost:" + port + path);
  }

  private static Chunk random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Chunk.of(bytes);
  }

  private static Response echoed(HttpClient client, Url url, Chunk body) {
    return Expect.ready(client.send(url, Request.post("/", Body.of(body))));
  }

  private static HttpClient priorKnowledge() {
    return HttpClient.start(
        ClientSettings.builder().http2(ClientSettings.Http2.PRIOR_KNOWLEDGE).build());
  }

  @Test
  void requests_areAnsweredInCleartext() throws Exception {
    start(List.of("--no-tls", "--trailer", "x-end: yes"));
    try (HttpClient client = priorKnowledge()) {
      Chunk large = random(LARGE);
      Response response = echoed(client, url("http", "/"), large);
      assertEquals(large, response.bytes());
      assertEquals("yes", Expect.ready(response.trailers()).first("x-end").orElseThrow());
      List<Future<Response>> many = new ArrayList<>();
      for (int i = 0; i < 300; i++) { // More than it allows at once.
        Request request = Request.post("/", Body.of(Chunk.utf8("text " + i)));
        many.add(client.send(url("http", "/"), request.withHeader("x-number", "" + i % 7)));
      }
      List<Response> all = Expect.ready(Futures.collect(many));
      for (int i = 0; i < all.size(); i++) {
        assertEquals("text " + i, all.get(i).text());
      }
      assertEquals(404, Expect.ready(client.get(url("http", "/none"))).status().code());
      Request head = Request.of("HEAD", "/");
      Files.writeString(directory.resolve("file"), "a file");
      Headers headers = Expect.ready(client.send(url("http", "/file"), head)).headers();
      assertEquals("6", headers.first("content-length").orElseThrow());
    }
  }

  @Test
  void paddingAndSmallTables_areNoDifference() throws Exception {
    start(List.of("--no-tls", "-b", "255", "-c", "100", "-m", "2", "--no-content-length"));
    try (HttpClient client = priorKnowledge()) {
      for (int i = 0; i < 3; i++) {
        Chunk large = random(LARGE + i);
        assertEquals(large, echoed(client, url("http", "/"), large).bytes());
      }
    }
  }

  @Test
  void requests_areAnsweredByTls() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("here");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    start(List.of(), identity.key(), identity.certificate());
    Tls trusts = Tls.builder().authorities(authority.certificate()).build();
    try (HttpClient client = HttpClient.start(ClientSettings.builder().tls(trusts).build())) {
      Chunk large = random(LARGE);
      Response response = echoed(client, url("https", "/"), large);
      assertEquals(large, response.bytes());
      assertTrue(response.headers().first("server").orElseThrow().contains("nghttpd"));
    }
  }
}
