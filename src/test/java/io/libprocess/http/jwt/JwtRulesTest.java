package io.libprocess.http.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpListener;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.net.Address;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rules for claims, keys with ids, in PEM and in key sets. */
@Timeout(60)
class JwtRulesTest {

  private static final Instant NOW = Instant.ofEpochSecond(1000);
  private static final JwtKey KEY = JwtKey.hs256("secret");

  private static String problem(Map<String, ?> claims, JwtRules rules) {
    String token = Jwt.create(claims, KEY).token();
    try {
      Jwt.parse(token, JwtKeys.of(KEY), rules, NOW);
      return "";
    } catch (JwtException e) {
      return e.getMessage();
    }
  }

  @Test
  void issuerAndAudience_mustBeTheRightOnes() {
    JwtRules issuer = JwtRules.standard().issuer("a");
    assertEquals("", problem(Map.of("iss", "a"), issuer));
    assertEquals("it is of another issuer", problem(Map.of("iss", "b"), issuer));
    assertEquals("it is of another issuer", problem(Map.of("iss", List.of("a")), issuer));
    assertEquals("it is of another issuer", problem(Map.of(), issuer));
    JwtRules audience = JwtRules.standard().audience("shop");
    assertEquals("", problem(Map.of("aud", "shop"), audience));
    assertEquals("", problem(Map.of("aud", List.of("bank", "shop")), audience));
    assertEquals("it is for another audience", problem(Map.of("aud", "shops"), audience));
    assertEquals("it is for another audience", problem(Map.of("aud", List.of()), audience));
    assertEquals("it is for another audience", problem(Map.of("x", 1), audience));
    assertEquals("", problem(Map.of("iss", "b", "aud", "c"), JwtRules.standard()));
  }

  @Test
  void clockSkew_letsTimesBeWrongByThatMuch() {
    JwtRules rules = JwtRules.standard().clockSkew(Duration.ofSeconds(5));
    assertEquals("expired", problem(Map.of("exp", 1000), JwtRules.standard()));
    assertEquals("", problem(Map.of("exp", 996), rules));
    assertEquals("expired", problem(Map.of("exp", 995), rules));
    assertEquals("not valid yet", problem(Map.of("nbf", 1001), JwtRules.standard()));
    assertEquals("", problem(Map.of("nbf", 1005), rules));
    assertEquals("not valid yet", problem(Map.of("nbf", 1006), rules));
    assertEquals("it never expires", problem(Map.of("nbf", 1), rules.expiring()));
    assertEquals("", problem(Map.of("exp", 1001), rules.expiring()));
    assertThrows(IllegalArgumentException.class, () -> rules.clockSkew(Duration.ofSeconds(-1)));
  }

  @Test
  void key_isThatWhichTheTokenNames() {
    JwtKey one = JwtKey.hs256("one").withId("1");
    JwtKey two = JwtKey.hs256("two").withId("2");
    Jwt token = Jwt.create(Map.of("a", 1), two);
    assertTrue(token.header().contains("\"kid\":\"2\""), token::header);
    JwtKeys both = JwtKeys.of(one, two);
    assertEquals(
        token.payload(), Jwt.parse(token.token(), both, JwtRules.standard(), NOW).payload());
    String forged = Jwt.create(Map.of("a", 1), JwtKey.hs256("two").withId("1")).token();
    assertEquals("the signature is wrong", refusal(forged, both));
    String unknown = Jwt.create(Map.of("a", 1), two.withId("3")).token();
    assertEquals("no key is known by which it could be signed", refusal(unknown, both));
    String unnamed = Jwt.create(Map.of("a", 1), JwtKey.hs256("two")).token();
    assertEquals("no key is known by which it could be signed", refusal(unnamed, both));
    assertEquals(
        "{\"a\":1}", Jwt.parse(unnamed, JwtKeys.of(two), JwtRules.standard(), NOW).payload());
  }

  private static String refusal(String token, JwtKeys keys) {
    return assertThrows(JwtException.class, () -> Jwt.parse(token, keys, JwtRules.standard(), NOW))
        .getMessage();
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  @Test
  void pem_holdsEitherHalf() {
    for (KeyPair pair : List.of(Keys.RSA, Keys.EC)) {
      JwtKey signs = JwtKey.pem("text\n" + pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
      JwtKey checks = JwtKey.pem(pem("PUBLIC KEY", pair.getPublic().getEncoded()));
      String token = Jwt.create(Map.of("a", 1), signs).token();
      assertEquals("{\"a\":1}", Jwt.parse(token, checks, NOW).payload());
      assertThrows(IllegalStateException.class, () -> Jwt.create(Map.of(), checks));
    }
    for (String bad :
        List.of("", pem("PUBLIC KEY", new byte[] {1}), pem("OTHER", new byte[] {1}))) {
      assertThrows(IllegalArgumentException.class, () -> JwtKey.pem(bad));
    }
  }

  private static String number(BigInteger number, int bytes) {
    byte[] raw = number.toByteArray();
    byte[] fixed = new byte[bytes];
    for (int i = 1; i <= Math.min(raw.length, fixed.length); i++) {
      fixed[fixed.length - i] = raw[raw.length - i];
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
  }

  private static String rsa(KeyPair pair, String id) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return "{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\""
        + id
        + "\",\"n\":\""
        + number(key.getModulus(), 256)
        + "\",\"e\":\"AQAB\"}";
  }

  private static String ec(KeyPair pair, String id) {
    ECPublicKey key = (ECPublicKey) pair.getPublic();
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\""
        + id
        + "\",\"x\":\""
        + number(key.getW().getAffineX(), 32)
        + "\",\"y\":\""
        + number(key.getW().getAffineY(), 32)
        + "\"}";
  }

  private static String set(String... keys) {
    return "{\"keys\":[" + String.join(",", keys) + "]}";
  }

  private static String signed(JwtKey key, String id) {
    return Jwt.create(Map.of("sub", "ann"), key.withId(id)).token();
  }

  @Test
  void keySet_holdsKeysOfBothKinds_andSkipsOthers() {
    String others =
        "{\"kty\":\"oct\",\"k\":\"AQAB\"},{\"kty\":\"RSA\",\"use\":\"enc\"},"
            + "{\"kty\":\"EC\",\"crv\":\"P-521\"},{\"kty\":\"RSA\",\"alg\":\"RS512\"}";
    JwtKeys keys = JwtKeys.parse(set(rsa(Keys.RSA, "r"), others, ec(Keys.EC, "e")));
    assertEquals(2, keys.size());
    for (String token :
        List.of(signed(Keys.rsaPrivate(Keys.RSA), "r"), signed(Keys.ecPrivate(Keys.EC), "e"))) {
      assertEquals("{\"sub\":\"ann\"}", Jwt.parse(token, keys, JwtRules.standard(), NOW).payload());
    }
    assertEquals("the algorithm is not RS256", refusal(signed(JwtKey.hs256("AQAB"), "r"), keys));
    for (String bad :
        List.of(
            "[]",
            "{}",
            "{\"keys\":[1]}",
            set("{\"kty\":\"RSA\",\"n\":\"AQAB\"}"),
            set("{\"kty\":\"RSA\",\"n\":\"%\",\"e\":\"AQAB\"}"),
            set("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"),
            set("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}"))) {
      assertThrows(IllegalArgumentException.class, () -> JwtKeys.parse(bad), bad);
    }
  }

  @Test
  void keySource_fetchesWhatIsOldOrUnknown_butNotTooOften() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    String[] answer = {set(rsa(Keys.RSA, "1"))};
    Clock clock = Clock.paused(NOW);
    try (HttpListener issuer =
            HttpListener.builder()
                .route(
                    Route.get("/jwks"),
                    request -> {
                      asked.incrementAndGet();
                      return answer[0].isEmpty()
                          ? Future.of(Response.serviceUnavailable())
                          : Future.of(Response.json(answer[0]));
                    })
                .start(Address.loopback(0));
        HttpClient client = HttpClient.start(ClientSettings.defaults())) {
      Url url = Url.of(issuer.address().inet().orElseThrow()).withTarget("/jwks");
      JwtAuthenticator authenticator =
          new JwtAuthenticator(
                  "r", JwtKeySource.at(client, url).refreshedAfter(Duration.ofMinutes(1)).by(clock))
              .named("sub");
      answer[0] = "";
      String first = signed(Keys.rsaPrivate(Keys.RSA), "1");
      String second = signed(Keys.rsaPrivate(Keys.OTHER_RSA), "2");
      assertEquals(
          "the keys of the issuer could not be fetched",
          Expect.failureText(authenticate(authenticator, first)));
      answer[0] = set(rsa(Keys.RSA, "1"));
      Expect.failure(authenticate(authenticator, first));
      assertEquals(1, asked.get());
      clock.advance(Duration.ofSeconds(30));
      assertEquals("ann", name(authenticator, first));
      assertEquals("ann", name(authenticator, first));
      assertEquals(2, asked.get());
      assertEquals("", name(authenticator, second)); // Not again within half a minute.
      assertEquals(2, asked.get());
      answer[0] = set(rsa(Keys.RSA, "1"), rsa(Keys.OTHER_RSA, "2"));
      clock.advance(Duration.ofSeconds(30));
      assertEquals("ann", name(authenticator, second));
      assertEquals(3, asked.get());
      answer[0] = "";
      clock.advance(Duration.ofMinutes(1));
      assertEquals("ann", name(authenticator, second)); // The issuer is down.
      assertEquals(4, asked.get());
      answer[0] = set(rsa(Keys.RSA, "1"));
      clock.advance(Duration.ofMinutes(1));
      assertEquals("ann", name(authenticator, first));
      assertEquals("", name(authenticator, second)); // Its key was taken away.
      int before = asked.get();
      JwtAuthenticator once =
          new JwtAuthenticator(
                  "r",
                  JwtKeySource.at(client, url)
                      .refreshedAfter(ChronoUnit.FOREVER.getDuration())
                      .by(clock))
              .named("sub");
      assertEquals("ann", name(once, first));
      assertEquals("ann", name(once, first));
      assertEquals(before + 1, asked.get());
    }
    clock.close();
  }

  private static Future<AuthenticationResult> authenticate(
      JwtAuthenticator authenticator, String token) {
    return authenticator.authenticate(
        Request.get("/").withHeader("Authorization", "Bearer " + token));
  }

  /** The name of who is let in; empty if nobody is. */
  private static String name(JwtAuthenticator authenticator, String token) {
    AuthenticationResult result = Expect.ready(authenticate(authenticator, token));
    return result instanceof AuthenticationResult.Authenticated known
        ? known.principal().value().orElseThrow()
        : "";
  }

  @Test
  void namedPrincipal_hasTheClaim_orIsRefused() {
    JwtAuthenticator authenticator = new JwtAuthenticator("r", KEY).named("sub");
    String token = Jwt.create(Map.of("sub", "ann", "role", "x"), KEY).token();
    AuthenticationResult known = Expect.ready(authenticate(authenticator, token));
    assertEquals(
        new Principal(Optional.of("ann"), Map.of("role", "x", "sub", "ann")),
        ((AuthenticationResult.Authenticated) known).principal());
    assertEquals("", name(authenticator, Jwt.create(Map.of("role", "x"), KEY).token()));
    assertEquals(
        "",
        name(
            authenticator.rules(JwtRules.standard().audience("b")),
            Jwt.create(Map.of("sub", "ann", "aud", "a"), KEY).token()));
  }
}
