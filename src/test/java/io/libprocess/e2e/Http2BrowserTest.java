package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Response;
import io.libprocess.net.Address;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.observer.Browser;
import io.libprocess.stream.Chunk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real browser, which chooses HTTP/2 by TLS. */
@Timeout(300) // A browser has to start.
class Http2BrowserTest {

  private static final int LARGE = 2_000_000;

  /** The protocol of what was loaded from a path, as the browser says. */
  private static final String PROTOCOL =
      "performance.getEntriesByType('%s').find(e => e.name.endsWith('%s')).nextHopProtocol";

  @TempDir Path directory;

  private static Future<Response> answer(io.libprocess.http.Request request) {
    return switch (request.path()) {
      case "/page" -> Future.of(Response.ok("<p>A page.</p>", "text/html"));
      case "/large" -> Future.of(Response.ok(Chunk.of(new byte[LARGE]), "a/b"));
      default ->
          request.buffered(LARGE).map(whole -> Response.ok(whole.version() + " " + whole.text()));
    };
  }

  @Test
  void browser_choosesHttp2ByTls() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity identity = certificates.forLocalhost(certificates.authority("here"));
    Tls tls = Tls.builder().identity(identity.certificate(), identity.key()).build();
    HttpListener.Builder server = HttpListener.builder().http2(true).tls(tls);
    try (HttpListener listener =
        server.otherwise(Http2BrowserTest::answer).start(Address.loopback(0))) {
      int port = listener.address().inet().orElseThrow().port();
      String url = "https://localhost:" + port + "/page";
      try (Browser browser = Browser.open(url, 800, 600, "--ignore-certificate-errors")) {
        browser.await("document.querySelector('p')");
        assertEquals("h2", browser.evaluate(PROTOCOL.formatted("navigation", "/page")));
        String post = "(i => fetch('/' + i, {method: 'POST', body: 'text ' + i}))";
        String many =
            "Promise.all([...Array(150).keys()].map(i => "
                + post
                + "(i).then(r => r.text()))).then(all => all.filter("
                + "(text, i) => text == 'HTTP/2 text ' + i).length)";
        assertEquals("150", String.valueOf(browser.evaluate(many)));
        String large = "fetch('/large').then(r => r.arrayBuffer()).then(b => '' + b.byteLength)";
        assertEquals(String.valueOf(LARGE), browser.evaluate(large));
        assertEquals("h2", browser.evaluate(PROTOCOL.formatted("resource", "/large")));
        assertEquals(List.of(), browser.problems());
      }
    }
  }
}
