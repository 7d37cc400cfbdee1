package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.AuthenticationResult;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a principal may do. */
@Timeout(60)
class HttpAuthorizationTest {

  private final Node node =
      Node.start(Config.builder().workers(2).openRealm(Guarded.REALM).build());
  private final Guarded process = new Guarded("p");
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

  HttpAuthorizationTest() {
    node.spawn(process);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>> saying(
      Future<Boolean> answer) {
    return (request, principal) -> {
      asked.add(request.target() + " by " + principal.map(Principal::toString).orElse("nobody"));
      return answer;
    };
  }

  private Reply fetch(String target) throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      return client.fetch(target);
    }
  }

  @Test
  void callback_isAskedAboutTheRouteAndWhatIsBelow_withThePrincipal() throws Exception {
    node.security()
        .setAuthenticator(
            Guarded.REALM, Guarded.saying(AuthenticationResult.of(Principal.of("ann"))));
    node.security().setAuthorization(Map.of("/p/auth", saying(Future.of(true))));

    assertEquals("ann", fetch("/p/auth/x?y=z").text());
    assertEquals("ann", fetch("/p/auth/below").text());
    assertEquals(List.of("/p/auth/x?y=z by ann"), new ArrayList<>(asked));
  }

  @Test
  void callback_ofARouteWithoutARealm_isAskedAboutNobody() throws Exception {
    node.security()
        .setAuthorization(
            Map.of("/p/open", saying(Future.of(false)), "/p/", saying(Future.of(false))));

    assertEquals(403, fetch("/p/open").status());
    assertEquals("403 Forbidden.", fetch("/p").text());
    assertEquals(403, fetch("/p/").status());
    assertEquals(
        List.of("/p/open by nobody", "/p by nobody", "/p/ by nobody"), new ArrayList<>(asked));
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void callback_isNotAsked_ifTheAuthenticationFails() throws Exception {
    node.security()
        .setAuthenticator(Guarded.REALM, Guarded.saying(AuthenticationResult.unauthorized("Test")));
    node.security().setAuthorization(Map.of("/p/auth", saying(Future.of(true))));

    assertEquals(401, fetch("/p/auth").status());
    assertTrue(asked.isEmpty());
  }

  @Test
  void callback_thatFails_isA500() throws Exception {
    node.security()
        .setAuthorization(
            Map.of(
                "/p/open",
                saying(Future.failed("who knows")),
                "/p/auth",
                (request, principal) -> {
                  throw new Failure("thrown");
                },
                "/p/",
                saying(Future.abandoned()),
                "/p/auth/below",
                saying(Future.of(null))));

    assertEquals("500 who knows", fetch("/p/open").status() + " " + fetch("/p/open").text());
    assertEquals("500 thrown", fetch("/p/auth").status() + " " + fetch("/p/auth").text());
    assertEquals(500, fetch("/p").status());
    assertEquals(403, fetch("/p/auth/below").status());
    assertTrue(process.handled.isEmpty());
  }

  @Test
  void callbackThatTakesTime_holdsUpWhatComesAfter() throws Exception {
    Promise<Boolean> first = new Promise<>();
    node.security()
        .setAuthorization(
            Map.of("/p/auth", saying(first.future()), "/p/open", saying(Future.of(true))));
    try (RawClient client = new RawClient(node.address().port());
        RawClient other = new RawClient(node.address().port())) {
      client.send(RawClient.get("/p/auth"));
      assertEquals("/p/auth by nobody", asked.poll(30, TimeUnit.SECONDS));
      other.send(RawClient.get("/p/open"));
      client.send(RawClient.get("/p"));
      assertTrue(process.handled.isEmpty());
      assertTrue(asked.isEmpty());
      first.set(true);
      assertEquals(200, client.reply().status());
      assertEquals(200, client.reply().status());
      assertEquals(200, other.reply().status());
      assertEquals("/p/auth", process.handled.poll());
    }
  }

  @Test
  void unsetAuthorization_asksNobody() throws Exception {
    node.security().setAuthorization(Map.of("/p/open", saying(Future.of(false))));
    assertEquals(403, fetch("/p/open").status());
    node.security().unsetAuthorization();
    assertEquals(200, fetch("/p/open").status());
  }
}
