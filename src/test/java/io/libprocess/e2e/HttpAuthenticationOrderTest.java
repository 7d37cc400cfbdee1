package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.http.security.Authenticator;
import io.libprocess.http.security.BasicAuthenticator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The requests that wait for authentication, their bodies, and the order in which they go on. */
@Timeout(60)
class HttpAuthenticationOrderTest extends AuthenticatedNode {

  @Test
  void pendingAuthentication_holdsUpOtherRoutesAndConnections_butNotOtherProcesses()
      throws Exception {
    node.spawn(new Guarded("q"));
    authenticateLater();
    try (RawClient first = connect();
        RawClient second = connect()) {
      first.send(RawClient.get("/p/auth?1"));
      Promise<AuthenticationResult> authentication = nextAsked();
      second.send(RawClient.get("/p/open?2") + RawClient.get("/q/open"));
      reply(200, "nobody", fetch("/q/open"));
      assertTrue(second.isQuiet());
      authentication.set(principal("ann"));
      reply(200, "ann", first.reply());
      reply(200, "nobody", second.reply());
      reply(200, "nobody", second.reply());
      assertEquals(List.of("/p/auth?1", "/p/open?2"), new ArrayList<>(process.handled));
    }
  }

  @Test
  void bodyIsReadBeforeTheAuthentication_unlessTheRouteStreams() throws Exception {
    authenticateLater();
    String head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel";
    try (RawClient client = connect()) {
      client.send("POST /p/auth" + head);
      reply(200, "nobody", fetch("/p/open"));
      assertTrue(asked.isEmpty());
      client.send("lo");
      nextAsked().set(principal("ann"));
      reply(200, "ann", client.reply());
    }
    try (RawClient client = connect()) {
      client.send("POST /p/stream" + head);
      nextAsked().set(AuthenticationResult.forbidden());
      assertEquals(403, client.reply().status());
    }
  }

  /** A body of 1 GB to which not a byte more is taken than a connection reads ahead. */
  @Test
  void bodyIsNotCollected_beforeTheRequesterIsKnown() throws Exception {
    authenticate(new BasicAuthenticator("r", Map.of("ann", "secret")));
    try (RawClient client = connect()) {
      client.send("POST /p/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\nhello");
      assertEquals(401, client.reply().status());
    }
    try (RawClient client = connect()) {
      client.send(
          "POST /p/auth HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertEquals(401, client.reply().status(), "and it is not asked for");
    }
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void bodyIsCollected_onceTheRequesterIsKnown() throws Exception {
    authenticate(
        Authenticator.ofHead(
            "Later",
            request -> {
              Promise<AuthenticationResult> promise = new Promise<>();
              asked.add(promise);
              return promise.future();
            }));
    try (RawClient client = connect()) {
      client.send("POST /p/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
      Promise<AuthenticationResult> authentication = nextAsked();
      reply(200, "nobody", fetch("/p/open")); // Nobody waits behind it.
      authentication.set(principal("ann"));
      reply(200, "nobody", fetch("/p/open"));
      client.send("lo");
      reply(200, "ann", client.reply());
      assertEquals(List.of("/p/open", "/p/open", "/p/auth"), new ArrayList<>(process.handled));
      assertTrue(asked.isEmpty(), "asked once");
    }
  }

  @Test
  void processThatEnds_answersWhoseBodyIsNotCollectedYet() throws Exception {
    authenticate(
        Authenticator.ofHead(
            "Later",
            request -> {
              Promise<AuthenticationResult> promise = new Promise<>();
              asked.add(promise);
              return promise.future();
            }));
    try (RawClient client = connect()) {
      client.send("POST /p/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
      Promise<AuthenticationResult> authentication = nextAsked();
      node.terminate(pid);
      assertEquals(500, client.reply().status());
      assertTrue(authentication.future().hasDiscard());
      authentication.set(principal("late"));
    }
  }

  @Test
  void orderIsThatOfCompleteBodies() throws Exception {
    authenticateLater();
    try (RawClient slow = connect();
        RawClient fast = connect()) {
      slow.send("POST /p/auth?slow HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
      reply(200, "nobody", fetch("/p/open?0"));
      fast.send(RawClient.get("/p/auth?fast"));
      Promise<AuthenticationResult> fastOne = nextAsked();
      slow.send("lo");
      nextAsked().set(principal("slow"));
      fastOne.set(principal("fast"));
      reply(200, "fast", fast.reply());
      reply(200, "slow", slow.reply());
      assertEquals(
          List.of("/p/open?0", "/p/auth?fast", "/p/auth?slow"), new ArrayList<>(process.handled));
    }
  }

  @Test
  void handlersRunAtOnce_whenTheyAreLetIn() throws Exception {
    Promise<Response> answer = new Promise<>();
    Guarded slow =
        new Guarded(
            "slow",
            (request, principal) ->
                request.target().endsWith("1") ? answer.future() : Future.of(Response.ok("quick")));
    node.spawn(slow);
    authenticate(Guarded.saying(principal("ann")));
    try (RawClient first = connect();
        RawClient second = connect()) {
      first.send(RawClient.get("/slow/auth?1"));
      assertEquals("/slow/auth?1", slow.handled.poll(30, TimeUnit.SECONDS));
      reply(200, "quick", second.fetch("/slow/auth?2"));
      answer.set(Response.ok("slow"));
      reply(200, "slow", first.reply());
    }
  }

  @Test
  void clientThatIsGone_isADiscardRequestToTheAuthenticator() throws Exception {
    CountDownLatch discarded = new CountDownLatch(1);
    authenticateLater();
    Promise<AuthenticationResult> authentication;
    try (RawClient client = connect()) {
      client.send(RawClient.get("/p/auth"));
      authentication = nextAsked();
      authentication.future().onDiscard(discarded::countDown);
      client.reset();
    }
    assertTrue(discarded.await(30, TimeUnit.SECONDS));
    authentication.discard();
    reply(200, "nobody", fetch("/p/open"));
    assertFalse(process.handled.contains("/p/auth"));
  }

  @Test
  void processThatEnds_answersWhoWaits() throws Exception {
    authenticateLater();
    try (RawClient client = connect()) {
      client.send(RawClient.get("/p/auth") + RawClient.get("/p/open"));
      Promise<AuthenticationResult> authentication = nextAsked();
      node.terminate(pid);
      assertEquals(500, client.reply().status());
      assertTrue(List.of(500, 404).contains(client.reply().status()));
      assertTrue(node.await(pid, Duration.ofSeconds(30)));
      assertTrue(authentication.future().hasDiscard());
      authentication.set(principal("late"));
    }
  }
}
