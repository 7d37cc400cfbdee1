package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.jwt.Jwt;
import io.libprocess.http.jwt.JwtAuthenticator;
import io.libprocess.http.jwt.JwtKey;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.BasicAuthenticator;
import io.libprocess.testing.Await;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The authentication for routes with a realm. */
@Timeout(60)
class HttpAuthenticationTest extends AuthenticatedNode {

  /* ------ What the original pins ------ */

  @Test
  void noAuthenticator_principalIsEmpty() throws Exception {
    reply(200, "nobody", fetch("/p/auth"));
  }

  @Test
  void unauthorized_carriesTheChallenge() throws Exception {
    authenticate(Guarded.saying(AuthenticationResult.unauthorized("Basic realm=\"r\"", "Other")));
    Reply reply = fetch("/p/auth");
    reply(401, "401 Unauthorized.", reply);
    assertEquals("Basic realm=\"r\", Other", reply.header("WWW-Authenticate").orElseThrow());
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void forbidden() throws Exception {
    authenticate(Guarded.saying(AuthenticationResult.forbidden()));
    reply(403, "403 Forbidden.", fetch("/p/auth"));
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void authenticated_handlerGetsThePrincipal() throws Exception {
    authenticate(Guarded.saying(principal("ann")));
    reply(200, "ann", fetch("/p/auth"));
    reply(200, "ann", fetch("/p/auth/below/and/below"));
    reply(200, "nobody", fetch("/p/open"));
    reply(200, "nobody", fetch("/p"));
  }

  @Test
  void invalidPrincipal_isAnError() throws Exception {
    authenticate(
        Authenticator.of(
            "Test",
            request ->
                Future.of(AuthenticationResult.of(new Principal(Optional.empty(), Map.of())))));
    Reply reply = fetch("/p/auth");
    assertEquals(500, reply.status());
    assertTrue(reply.text().startsWith("500 Internal Server Error. See the log"), reply.text());
  }

  @Test
  void pipelining_authenticationsInReverse_handlersInOrder() throws Exception {
    authenticateLater();
    try (RawClient client = connect()) {
      client.send(
          RawClient.get("/p/auth?1") + RawClient.get("/p/auth?2") + RawClient.get("/p/auth?3"));
      Promise<AuthenticationResult> first = nextAsked();
      Promise<AuthenticationResult> second = nextAsked();
      Promise<AuthenticationResult> third = nextAsked();
      third.set(principal("three"));
      second.set(principal("two"));
      Await.awaitReady(pid.call(p -> p.handled.size()));
      assertTrue(process.handled.isEmpty());
      first.set(principal("one"));
      reply(200, "one", client.reply());
      reply(200, "two", client.reply());
      reply(200, "three", client.reply());
      assertEquals(
          List.of("/p/auth?1", "/p/auth?2", "/p/auth?3"), new ArrayList<>(process.handled));
    }
  }

  @Test
  void basic_onlyTheRightPassword() throws Exception {
    authenticate(new BasicAuthenticator("r", Map.of("ann", "secret")));
    for (Reply refused :
        List.of(
            fetch("/p/auth"),
            fetch("/p/auth", basic("ann:wrong")),
            fetch("/p/auth", basic("bob:secret")))) {
      assertEquals(401, refused.status());
      assertEquals("Basic realm=\"r\"", refused.header("WWW-Authenticate").orElseThrow());
    }
    reply(200, "ann", fetch("/p/auth", basic("ann:secret")));
  }

  @Test
  void jwt_onlyTokensOfTheKey() throws Exception {
    JwtKey key = JwtKey.hs256("secret");
    authenticate(new JwtAuthenticator("r", key));
    Map<String, ?> claims = Map.of("foo", 1234, "sub", "user");
    String wrong = Jwt.create(claims, JwtKey.hs256("other")).token();
    assertEquals("Bearer realm=\"r\"", fetch("/p/auth").header("WWW-Authenticate").orElseThrow());
    assertEquals(401, fetch("/p/auth").status());
    assertEquals(401, fetch("/p/auth", basic("user:secret")).status());
    assertEquals(401, fetch("/p/auth", "Bearer " + wrong).status());
    reply(
        200,
        "{\"claims\":{\"foo\":\"1234\",\"sub\":\"user\"}}",
        fetch("/p/auth", "Bearer " + Jwt.create(claims, key).token()));
  }

  /* ------ Beyond ------ */

  @Test
  void jwt_goesByTheClockOfTheNode() throws Exception {
    JwtKey key = JwtKey.hs256("secret");
    Instant start = Instant.parse("2030-01-01T00:00:00Z");
    Clock clock = Clock.paused(start);
    Config config =
        Config.builder()
            .clock(clock)
            .authenticator(Guarded.REALM, new JwtAuthenticator("r", key))
            .build();
    String token = Jwt.create(Map.of("sub", "a", "exp", start.getEpochSecond() + 60), key).token();
    try (Node paused = Node.start(config);
        RawClient client = new RawClient(paused.address().port())) {
      paused.spawn(new Guarded("p"));
      assertEquals(200, client.send(authorized("/p/auth", "Bearer " + token)).reply().status());
      clock.advance(Duration.ofSeconds(60));
      Reply late = client.send(authorized("/p/auth", "Bearer " + token)).reply();
      assertEquals(401, late.status());
      assertEquals(
          "Bearer realm=\"r\", error=\"invalid_token\","
              + " error_description=\"Invalid JWT: expired\"",
          late.header("WWW-Authenticate").orElseThrow());
    }
  }

  @Test
  void openRealm_letsEverybodyIn() throws Exception {
    authenticate(Guarded.saying(AuthenticationResult.forbidden()));
    assertEquals(403, fetch("/p/auth").status());
    node.security().openRealm(Guarded.REALM);
    reply(200, "nobody", fetch("/p/auth"));
  }

  @Test
  void authenticatorsOfOtherRealms_areNotAsked() throws Exception {
    node.security().setAuthenticator("other", Guarded.saying(AuthenticationResult.forbidden()));
    reply(200, "nobody", fetch("/p/auth"));
  }

  @Test
  void failedAuthentication_isA500WithItsText() throws Exception {
    authenticate(Authenticator.of("Test", request -> Future.failed("no such directory")));
    reply(500, "no such directory", fetch("/p/auth"));
    authenticate(
        Authenticator.of(
            "Test",
            request -> {
              throw new Failure("thrown");
            }));
    reply(500, "thrown", fetch("/p/auth"));
    authenticate(Authenticator.of("Test", request -> null));
    assertEquals(500, fetch("/p/auth").status());
    authenticate(Authenticator.of("Test", request -> Future.of(null)));
    assertEquals(500, fetch("/p/auth").status());
    authenticate(Authenticator.of("Test", request -> Future.discarded()));
    assertEquals(500, fetch("/p/auth").status());
    authenticate(Authenticator.of("Test", request -> Future.abandoned()));
    assertEquals(500, fetch("/p/auth").status());
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void authenticationAbandonedLater_isA500_andHoldsNobodyUp() throws Exception {
    authenticateLater();
    try (RawClient client = connect()) {
      client.send(RawClient.get("/p/auth") + RawClient.get("/p/open"));
      nextAsked().abandon();
      assertEquals(500, client.reply().status());
      reply(200, "nobody", client.reply());
    }
  }

  @Test
  void authenticatorThatThrowsAnError_harmsNobodyElse() throws Exception {
    for (boolean needsBody : new boolean[] {true, false}) {
      for (Error error : List.of(new StackOverflowError(), new AssertionError("hidden"))) {
        CheckedFunction<Request, Future<AuthenticationResult>> function =
            request -> {
              throw error;
            };
        authenticate(
            needsBody ? Authenticator.of("T", function) : Authenticator.ofHead("T", function));
        try (RawClient client = connect()) {
          client.send(RawClient.post("/p/auth", "body") + RawClient.get("/p/open"));
          Reply reply = client.reply();
          assertEquals(500, reply.status());
          assertFalse(reply.text().contains("hidden"), reply.text());
          reply(200, "nobody", client.reply());
        }
      }
    }
  }

  @Test
  void authenticatorThatCannotSayWhatItNeeds_harmsNobodyElse() throws Exception {
    Authenticator unsound =
        new Authenticator() {
          @Override
          public Future<AuthenticationResult> authenticate(Request request) {
            return Future.of(principal("ann"));
          }

          @Override
          public String scheme() {
            return "Test";
          }

          @Override
          public boolean needsBody() {
            throw new StackOverflowError("hidden");
          }
        };
    authenticate(unsound);
    try (RawClient client = connect()) {
      client.send("POST /p/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
      assertEquals(500, client.reply().status());
    }
    reply(200, "nobody", fetch("/p/open"));
    reply(200, "ann", fetch("/p/auth"));
  }

  @Test
  void otherSpellings_areNoWayPastTheRealm() throws Exception {
    authenticate(Guarded.saying(AuthenticationResult.forbidden()));
    for (String target :
        List.of("/p//auth", "//p/auth", "/p/%61uth", "/%70/auth/", "/p/auth//below", "/p/auth/x")) {
      assertEquals(403, fetch(target).status(), target);
    }
    assertTrue(process.handled.isEmpty());
  }
}
