package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that speak HTTP/2 with the library's server, and its own client. */
@Timeout(300)
class Http2PeersTest {

  private static final int LARGE = 3 << 20;

  @TempDir Path directory;

  private static HttpListener.Builder server() {
    return HttpListener.builder()
        .http2(true)
        .otherwise(
            request ->
                request.path().equals("/large")
                    ? Future.of(Response.ok(Chunk.of(new byte[LARGE]), "a/b"))
                    : request
                        .buffered(LARGE)
                        .map(whole -> Response.ok(whole.version() + " " + whole.text())));
  }

  @Test
  void curl_withPriorKnowledge() throws Exception {
    try (HttpListener listener = server().start(Address.loopback(0))) {
      Program curl = Program.named("curl", "--http2-prior-knowledge", "--version");
      String url = "http://" + listener.address() + "/";
      String format = "%{http_version} %{http_code} %{size_download}";
      assertEquals("HTTP/2 hello", curl.run("-sS", "--http2-prior-knowledge", "-d", "hello", url));
      assertEquals(
          "2 200 " + LARGE,
          curl.run(
              "-sS", "--http2-prior-knowledge", "-o", "/dev/null", "-w", format, url + "large"));
      assertEquals("HTTP/1.1 x", curl.run("-sS", "--http2", "-d", "x", url)); // Upgrade is ignored.
    }
  }

  @Test
  void nghttp_seesNoErrors() throws Exception {
    try (HttpListener listener = server().start(Address.loopback(0))) {
      String url = "http://" + listener.address() + "/";
      String talk = Program.named("nghttp").run("-v", "-m", "20", url + "large", url);
      assertTrue(talk.contains(":status: 200"), talk);
      assertTrue(talk.contains("error_code=NO_ERROR"), talk);
    }
  }

  @Test
  void h2load_seesNoErrors() throws Exception {
    try (HttpListener listener = server().start(Address.loopback(0))) {
      String report =
          Program.named("h2load")
              .run("-n", "2000", "-c", "4", "-m", "100", "http://" + listener.address() + "/");
      assertTrue(report.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), report);
    }
  }

  private static ClientSettings settings(ClientSettings.Http2 http2) {
    return ClientSettings.builder().http2(http2).build();
  }

  @Test
  void client_sharesAConnection() throws Exception {
    try (HttpListener listener = server().start(Address.loopback(0));
        HttpClient client = HttpClient.start(settings(ClientSettings.Http2.PRIOR_KNOWLEDGE))) {
      List<Future<Response>> responses = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        responses.add(
            client.post(
                Url.parse("http://" + listener.address() + "/"),
                Body.of(Chunk.utf8("text " + i)),
                "text/plain"));
      }
      List<Response> all = Expect.ready(Futures.collect(responses));
      for (int i = 0; i < all.size(); i++) {
        assertEquals("HTTP/2 text " + i, all.get(i).text());
      }
      Response large =
          Expect.ready(client.get(Url.parse("http://" + listener.address() + "/large")));
      assertEquals(LARGE, large.bytes().size());
    }
  }

  @Test
  void client_choosesHttp2ByTls() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("here");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    Tls speaks = Tls.builder().identity(identity.certificate(), identity.key()).build();
    Tls trusts = Tls.builder().authorities(authority.certificate()).build();
    for (boolean http2 : new boolean[] {true, false}) {
      try (HttpListener listener = server().http2(http2).tls(speaks).start(Address.loopback(0));
          HttpClient client =
              HttpClient.start(
                  settings(ClientSettings.Http2.ALPN).toBuilder().tls(trusts).build())) {
        int port = listener.address().inet().orElseThrow().port();
        Response response = Expect.ready(client.get(Url.parse("https://localhost:" + port + "/")));
        assertEquals(http2 ? "HTTP/2 " : "HTTP/1.1 ", response.text());
      }
    }
  }
}
