package io.libprocess.http.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.grammar.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthenticatorTest {

  private static final AuthenticationResult REFUSED =
      AuthenticationResult.unauthorized("Basic realm=\"r\"");

  private final BasicAuthenticator authenticator =
      new BasicAuthenticator("r", Map.of("ann", "se:cret", "bob", "", "müller", "straße"));

  private static String encoded(String credentials) {
    return Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  private static Request request(String authorization) {
    return Request.get("/").withHeader("Authorization", authorization);
  }

  private AuthenticationResult result(String authorization) {
    return authenticator.authenticate(request(authorization)).get();
  }

  private static AuthenticationResult user(String name) {
    return AuthenticationResult.of(Principal.of(name));
  }

  @Test
  void rightPassword_givesTheUser() {
    assertEquals(user("ann"), result("Basic " + encoded("ann:se:cret")));
    assertEquals(user("bob"), result("Basic " + encoded("bob:")));
    assertEquals(user("müller"), result("Basic " + encoded("müller:straße")));
    assertEquals(user("ann"), result("bAsIC   " + encoded("ann:se:cret")));
  }

  @Test
  void noCredentials_areRefusedWithAChallenge() {
    assertEquals(REFUSED, authenticator.authenticate(Request.get("/")).get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ann:wrong",
        "ann:",
        "ann:se:cre",
        "ann:se:crett",
        "ANN:se:cret",
        "eve:se:cret",
        "ann",
        "",
        ":",
        ":se:cret",
        "bob: ",
        "ann:se:cret\n"
      })
  void wrongCredentials_areRefused(String credentials) {
    assertEquals(REFUSED, result("Basic " + encoded(credentials)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Basic",
        "Basic ",
        "Basic !!!!",
        "Bearer YW5uOnNlOmNyZXQ=",
        "YW5uOnNlOmNyZXQ=",
        "Basic YW5uOnNlOmNyZXQ= x",
        "Basic\tYW5uOnNlOmNyZXQ=",
        "Basic \u00ff",
        "Basic /////w=="
      })
  void malformedHeaders_areRefused(String authorization) {
    assertEquals(REFUSED, result(authorization));
  }

  @Test
  void twoHeaders_areRefused() {
    Headers headers =
        Headers.of(
            "Authorization", "Basic " + encoded("ann:se:cret"),
            "authorization", "Basic " + encoded("ann:se:cret"));
    assertEquals(REFUSED, authenticator.authenticate(Request.get("/").withHeaders(headers)).get());
  }

  @Test
  void endlessCredentials_areRefused() {
    assertEquals(REFUSED, result("Basic " + encoded("ann:se:cret" + "t".repeat(10_000))));
  }

  @Test
  void verifier_isAskedAboutUserAndPassword() {
    Promise<Boolean> answer = new Promise<>();
    BasicAuthenticator asking =
        new BasicAuthenticator(
            "r",
            (user, password) -> {
              assertEquals("eve a:b", user + " " + password);
              return answer.future();
            });
    Future<AuthenticationResult> result =
        asking.authenticate(request("Basic " + encoded("eve:a:b")));
    answer.set(true);
    assertEquals(user("eve"), result.get());
    assertEquals(REFUSED, asking.authenticate(request("Basic " + encoded("eve"))).get());
  }

  @Test
  void verifier_saysNo_orFails() {
    Request request = request("Basic " + encoded("eve:a"));
    BasicAuthenticator no = new BasicAuthenticator("r", (user, password) -> Future.of(false));
    assertEquals(REFUSED, no.authenticate(request).get());
    Failure failure = new Failure("down");
    BasicAuthenticator failing =
        new BasicAuthenticator(
            "r",
            (user, password) -> {
              throw failure;
            });
    assertSame(failure, failing.authenticate(request).failure());
  }

  @Test
  void texts_holdNoPassword() {
    String text =
        authenticator.toString()
            + Credentials.of(request("Basic c2VjcmV0").headers().all("Authorization"));
    assertFalse(text.contains("cret") || text.contains("c2Vjc"), text);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BasicAuthenticator("r", Map.of("a:b", "secret")));
    assertEquals("a user name with a colon: 'a:b'", refused.getMessage());
  }

  @Test
  void realm_isQuoted() {
    assertEquals(
        AuthenticationResult.unauthorized("Basic realm=\"a \\\"b\\\"\""),
        new BasicAuthenticator("a \"b\"", Map.of()).authenticate(Request.get("/")).get());
    assertThrows(IllegalArgumentException.class, () -> new BasicAuthenticator("a\r\nb", Map.of()));
  }
}
