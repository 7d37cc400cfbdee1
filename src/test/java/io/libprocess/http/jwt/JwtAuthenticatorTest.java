package io.libprocess.http.jwt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.Credentials;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtAuthenticatorTest {

  private static final JwtKey KEY = JwtKey.hs256("top secret");

  private final Clock clock = Clock.paused(Instant.ofEpochSecond(1000));
  private final JwtAuthenticator authenticator = new JwtAuthenticator("r", KEY, clock);

  @AfterEach
  void close() {
    clock.close();
  }

  private AuthenticationResult result(String authorization) {
    return authenticator
        .authenticate(Request.get("/").withHeader("Authorization", authorization))
        .get();
  }

  private static AuthenticationResult refused(String description) {
    return AuthenticationResult.unauthorized(
        "Bearer realm=\"r\", error=\"invalid_token\", error_description=\"" + description + "\"");
  }

  @Test
  void noHeader_isChallenged_withoutAnError() {
    assertEquals(
        AuthenticationResult.unauthorized("Bearer realm=\"r\""),
        authenticator.authenticate(Request.get("/")).get());
  }

  @Test
  void validToken_givesItsClaims() {
    String token = Jwt.create(Map.of("foo", 1234, "sub", "user", "ok", true), KEY).token();
    AuthenticationResult expected =
        AuthenticationResult.of(Principal.of(Map.of("foo", "1234", "sub", "user", "ok", "true")));
    assertEquals(expected, result("Bearer " + token));
    assertEquals(expected, result("bearer  " + token));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Bearer|Malformed 'Authorization' header",
        "Bearer a b|Malformed 'Authorization' header",
        "B(earer a|Malformed 'Authorization' header",
        "\"|Malformed 'Authorization' header",
        "Basic YTpi|Scheme 'Basic' unsupported",
        "Bearer a.b|Invalid JWT: not three parts with dots between them",
        "Bearer a.b.c|Invalid JWT: the header is not Base64 for URLs",
      })
  void otherHeaders_areRefusedWithTheReason(String authorization, String description) {
    assertEquals(refused(description), result(authorization));
  }

  @Test
  void tokenOfAnotherKey_isRefused() {
    String token = Jwt.create(Map.of("sub", "root"), JwtKey.hs256("other")).token();
    assertEquals(refused("Invalid JWT: the signature is wrong"), result("Bearer " + token));
    String unsecured = Jwt.createUnsecured(Map.of("sub", "root")).token();
    assertEquals(refused("Invalid JWT: the algorithm is not HS256"), result("Bearer " + unsecured));
  }

  @Test
  void tokenWithoutClaims_isRefused() {
    assertEquals(
        refused("JWT claims missing"), result("Bearer " + Jwt.create(Map.of(), KEY).token()));
  }

  @Test
  void token_isValidInItsTime() {
    String token = Jwt.create(Map.of("nbf", 1010, "exp", 1020), KEY).token();
    assertEquals(refused("Invalid JWT: not valid yet"), result("Bearer " + token));
    clock.advance(Duration.ofSeconds(10));
    assertEquals(
        AuthenticationResult.of(Principal.of(Map.of("nbf", "1010", "exp", "1020"))),
        result("Bearer " + token));
    clock.advance(Duration.ofSeconds(10));
    assertEquals(refused("Invalid JWT: expired"), result("Bearer " + token));
  }

  @Test
  void texts_holdNoSecret() {
    assertEquals("JwtAuthenticator Bearer realm=\"r\" HS256", authenticator.toString());
    Request request = Request.get("/").withHeader("Authorization", "Bearer hush.hush.hush");
    String texts =
        request
            + " "
            + request.headers()
            + " "
            + Credentials.of(request.headers().all("Authorization"));
    assertFalse(texts.contains("hush"), texts);
  }
}
