package io.libprocess.e2e;

import static io.libprocess.testing.Await.awaitReady;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.net.Certificates;
import io.libprocess.net.Tls;
import io.libprocess.testing.Await;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client against a node that speaks TLS. */
@Timeout(120)
class HttpsClientTest {

  @TempDir static Path directory;
  private static Node node;
  private static Tls trusting;

  private static final class Echo extends Process<Echo> {
    Echo() {
      super("echo");
    }

    @Override
    protected void initialize() {
      route("/", "Echoes.", request -> Future.of(Response.ok(request.text())));
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("here");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    trusting = Tls.builder().authorities(authority.certificate()).build();
    Tls tls =
        Tls.builder()
            .identity(identity.certificate(), identity.key())
            .authorities(authority.certificate())
            .build();
    node = Node.start(Config.builder().tls(tls).build());
    node.spawn(new Echo());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Url url(String scheme, String host) {
    return new Url(scheme, host, node.address().port(), "/echo");
  }

  private static String post(HttpClient client, String host) {
    Future<Response> response = client.post(url("https", host), Body.of("hello"), "text/plain");
    awaitReady(response);
    return response.get().text();
  }

  @Test
  void https_toAnAddressAndToAName() {
    assertEquals("hello", post(node.http(), "127.0.0.1")); // Trusts whom its node trusts.
    try (HttpClient client = HttpClient.start(ClientSettings.defaults().withTls(trusting))) {
      assertEquals("hello", post(client, "localhost"));
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
}
