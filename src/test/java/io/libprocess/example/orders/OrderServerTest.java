package io.libprocess.example.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.jwt.Jwt;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.net.Tls;
import io.libprocess.net.tls.Certificates;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order service while there is no database: all but what that answers. */
class OrderServerTest {

  private static final JwtKey KEY = JwtKey.hs256("a secret of at least thirty-two bytes");
  private static final String ORDER = "{\"item\":\"tea\",\"quantity\":2}";

  @TempDir Path directory;
  private OrderServer server;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    Certificates certificates = new Certificates(directory);
    Certificates.Identity authority = certificates.authority("shops");
    Certificates.Identity identity = certificates.forLocalhost(authority);
    Tls tls = Tls.builder().identity(identity.certificate(), identity.key()).build();
    server = OrderServer.start(Config.builder(), tls, KEY, "jdbc:none:");
    Tls trusting = Tls.builder().authorities(authority.certificate()).build();
    client = HttpClient.start(ClientSettings.builder().tls(trusting).build());
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private static String token(String audience) {
    long end = Instant.now().getEpochSecond() + 3600;
    return Jwt.create(Map.of("sub", "ann", "aud", audience, "exp", end), KEY).token();
  }

  private static Request order(String body) {
    return Request.post("/orders", Body.of(body))
        .withHeader("Content-Type", "application/json")
        .withHeader("Authorization", "Bearer " + token("orders"))
        .withHeader(OrderService.KEY, "" + UUID.randomUUID());
  }

  private Response send(Request request) {
    Url url = Url.of("https", "localhost", server.node().address().port());
    return Expect.ready(client.send(url.withTarget(request.target()), request));
  }

  private String answer(Request request) {
    Response response = send(request);
    return response.status().code() + " " + response.text();
  }

  @Test
  void requests_withoutAToken_areRefused() {
    assertEquals(401, send(Request.post("/orders", Body.of(ORDER))).status().code());
    Request forOthers = order(ORDER).withHeader("Authorization", "Bearer " + token("others"));
    assertEquals(401, send(forOthers).status().code());
  }

  @Test
  void orders_thatMakeNoSense_areRefused() {
    String none = answer(order(ORDER.replace("2", "0")));
    assertTrue(none.startsWith("400") && none.contains("quantity not in 1..1000: 0"), none);
    assertEquals(
        "400 Idempotency-Key: must be a UUID",
        answer(order(ORDER).withHeader(OrderService.KEY, "1")));
    assertEquals(400, send(order("{\"item\":\"tea\"}")).status().code());
    assertEquals(413, send(order(" ".repeat(5000) + ORDER)).status().code());
  }

  @Test
  void orders_areAnsweredWith503_whileThereIsNoDatabase() throws Exception {
    try (LogCapture log = new LogCapture()) {
      Response response = send(order(ORDER));
      assertEquals(503, response.status().code());
      assertEquals("1", response.headers().first("Retry-After", ""));
      String id = response.headers().first("X-Request-Id").orElseThrow();
      String line = log.text(log.await(id));
      assertTrue(line.contains("\"status\":503"), line);
    }
    assertTrue(answer(Request.get("/health")).startsWith("503 {\"status\":\"down\""));
    Map<String, Double> metrics = Expect.ready(server.node().metrics().snapshot());
    assertEquals(1, metrics.get("server/orders/requests").longValue());
    assertTrue(metrics.get("client/database/attempts/requests").longValue() >= 0);
  }
}
