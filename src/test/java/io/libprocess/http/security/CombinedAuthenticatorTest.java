package io.libprocess.http.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.jwt.JwtAuthenticator;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.http.security.AuthenticationResult.Forbidden;
import io.libprocess.http.security.AuthenticationResult.Unauthorized;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CombinedAuthenticatorTest {

  private static final Request REQUEST = Request.get("/");
  private static final AuthenticationResult ANN = AuthenticationResult.of(Principal.of("ann"));

  private final List<String> asked = new ArrayList<>();

  private Authenticator saying(String scheme, Future<AuthenticationResult> result) {
    return Authenticator.of(
        scheme,
        request -> {
          asked.add(scheme);
          return result;
        });
  }

  private Authenticator saying(String scheme, AuthenticationResult result) {
    return saying(scheme, Future.of(result));
  }

  private static Future<AuthenticationResult> ask(Authenticator... authenticators) {
    return new CombinedAuthenticator(List.of(authenticators)).authenticate(REQUEST);
  }

  private static AuthenticationResult unauthorized(String challenge, String text) {
    return new Unauthorized(List.of(challenge), text);
  }

  @Test
  void firstPrincipal_wins() {
    Future<AuthenticationResult> result =
        ask(
            saying("A", Future.failed("down")),
            saying("B", AuthenticationResult.unauthorized("B realm=\"b\"")),
            saying("C", AuthenticationResult.forbidden()),
            saying("D", ANN),
            saying("E", AuthenticationResult.of(Principal.of("bob"))));
    assertEquals(ANN, result.get());
    assertEquals(List.of("A", "B", "C", "D"), asked);
  }

  @Test
  void challenges_areMerged_beforeAllElse() {
    Future<AuthenticationResult> result =
        ask(
            saying("A", AuthenticationResult.forbidden()),
            saying("B", unauthorized("B realm=\"b\"", "bad")),
            saying("C", Future.failed("down")),
            saying("D", unauthorized("D realm=\"d\"", "worse")));
    assertEquals(
        unauthorized(
            "B realm=\"b\",D realm=\"d\"",
            "\"B\" authenticator returned:\nbad\n\n\"D\" authenticator returned:\nworse"),
        result.get());
  }

  @Test
  void refusals_areMerged_beforeFailures() {
    Future<AuthenticationResult> result =
        ask(
            saying("A", new Forbidden("no")),
            saying("B", Future.failed("down")),
            saying("C", new Forbidden("never")));
    assertEquals(
        new Forbidden("\"A\" authenticator returned:\nno\n\n\"C\" authenticator returned:\nnever"),
        result.get());
  }

  @Test
  void failures_areJoined() {
    Authenticator throwing =
        Authenticator.of(
            "C",
            request -> {
              throw new Failure("thrown");
            });
    Future<AuthenticationResult> result =
        ask(
            saying("A", Future.failed("down")),
            saying("B", (AuthenticationResult) null),
            throwing,
            saying("D", Future.discarded()),
            saying("E", Future.abandoned()));
    assertEquals(
        "\"A\" authenticator returned:\ndown\n\n"
            + "\"B\" authenticator returned:\nthe result is null\n\n"
            + "\"C\" authenticator returned:\nthrown\n\n"
            + "\"D\" authenticator returned:\ndiscarded\n\n"
            + "\"E\" authenticator returned:\nabandoned",
        result.failure().getMessage());
  }

  /** Without a cause the client would get the failure's message. */
  @Test
  void failures_thatClientsMustNotBeToldOf_areTheCause() {
    IllegalStateException secret = new IllegalStateException("ldap://secret");
    assertNull(ask(saying("A", Future.failed("down"))).failure().getCause());
    Throwable failure =
        ask(saying("A", Future.failed("down")), saying("B", Future.failed(secret))).failure();
    assertSame(secret, failure.getCause());
    Throwable inner = ask(saying("A", Future.failed(new Failure("x", secret)))).failure();
    assertSame(secret, inner.getCause().getCause());
  }

  @Test
  void discard_reachesTheOneThatIsAsked_andNobodyElseIs() {
    Promise<AuthenticationResult> promise = new Promise<>();
    Future<AuthenticationResult> result = ask(saying("A", promise.future()), saying("B", ANN));
    assertTrue(result.isPending());
    result.discard();
    assertTrue(promise.future().hasDiscard());
    promise.discard();
    assertTrue(result.isDiscarded());
    assertEquals(List.of("A"), asked);
  }

  @Test
  void basicAndBearer_challengeTogether() {
    Authenticator both =
        new CombinedAuthenticator(
            List.of(
                new BasicAuthenticator("r", Map.of("ann", "a")),
                new JwtAuthenticator("r", JwtKey.hs256("s"))));
    assertEquals("Basic Bearer", both.scheme());
    Unauthorized refused = (Unauthorized) both.authenticate(REQUEST).get();
    assertEquals(List.of("Basic realm=\"r\",Bearer realm=\"r\""), refused.challenges());
    assertEquals(
        ANN, both.authenticate(REQUEST.withHeader("Authorization", "Basic YW5uOmE=")).get());
  }

  @Test
  void nobodyToAsk_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new CombinedAuthenticator(List.of()));
  }
}
