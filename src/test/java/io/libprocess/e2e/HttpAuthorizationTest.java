package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.security.AuthenticationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** The authorization of principals. */
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
    return RawClient.fetch(node, target);
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
  void callback_isAsked_howeverThePathIsSpelt() throws Exception {
    node.security()
        .setAuthorization(
            Map.of("/p/%6Fpen/", saying(Future.of(false)), "/p", saying(Future.of(false))));
    for (String target : List.of("/p/open", "/p//open/", "/p/op%65n/x", "//p", "/p/")) {
      assertEquals(403, fetch(target).status(), target);
    }
    assertEquals(200, fetch("/p/auth").status());
  }

  @Test
  void callback_ofThePathAtTheDelegate_andOfProvidedFiles(@TempDir Path directory)
      throws Exception {
    Files.writeString(directory.resolve("file"), "file");
    try (Node delegating = Node.start(Config.builder().delegate("main").build());
        RawClient client = new RawClient(delegating.address().port())) {
      delegating
          .security()
          .setAuthorization(
              Map.of("/open", saying(Future.of(false)), "/main/files", saying(Future.of(false))));
      delegating.spawn(new Provider(directory));
      for (String target :
          List.of("/open", "/main/open", "/main/open/x", "/files/file", "/main//%66iles/file")) {
        assertEquals(403, client.fetch(target).status(), target);
      }
      delegating.security().unsetAuthorization();
      assertEquals("file", client.fetch("/files/file").text());
    }
  }

  private static final class Provider extends Process<Provider> {
    private final Path provided;

    Provider(Path provided) {
      super("main");
      this.provided = provided;
    }

    @Override
    protected void initialize() {
      provide("files", provided);
      route("/open", "Open.", request -> Future.of(Response.ok()));
    }
  }

  @Test
  void callbacks_thatAreNone_areRefused() {
    for (Map<String, CheckedBiFunction<Request, Optional<Principal>, Future<Boolean>>> callbacks :
        List.of(
            Map.of("p/open", saying(Future.of(true))),
            Map.of("/p/%zz", saying(Future.of(true))),
            Map.of("/p", saying(Future.of(true)), "/p/", saying(Future.of(true))))) {
      assertThrows(
          IllegalArgumentException.class, () -> node.security().setAuthorization(callbacks));
    }
  }

  @Test
  void callback_thatThrowsAnError_isA500() throws Exception {
    node.security()
        .setAuthorization(
            Map.of(
                "/p/open",
                (request, principal) -> {
                  throw new StackOverflowError();
                }));
    assertEquals(500, fetch("/p/open").status());
    assertEquals(200, fetch("/p").status());
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
