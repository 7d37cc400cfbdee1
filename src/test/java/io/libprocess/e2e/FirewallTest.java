package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.security.FirewallRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that reach no process at all. */
@Timeout(60)
class FirewallTest {

  private final Node node = Node.start(Config.builder().workers(2).delegate("main").build());
  private final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

  @TempDir private Path directory;

  private static final class Provider extends Process<Provider> {
    private final Path provided;

    Provider(Path provided) {
      super("files");
      this.provided = provided;
    }

    @Override
    protected void initialize() {
      provide("d", provided);
    }
  }

  private final class Paths extends Process<Paths> {
    Paths(String id) {
      super(id);
    }

    @Override
    protected void initialize() {
      for (String path :
          List.of("/", "/handler1", "/handler2", "/handler2/nested", "/handler2/nested/path")) {
        route(path, "Here.", this::handle);
      }
      install("handler1", (from, body) -> handled.add("message"));
    }

    private Future<Response> handle(Request request) {
      handled.add(request.target());
      return Future.of(Response.ok());
    }
  }

  FirewallTest() {
    node.spawn(new Paths("p"));
    node.spawn(new Paths("main"));
    node.spawn(new Paths("a b"));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void disable(String... paths) {
    node.security().setFirewall(List.of(node.security().disabledEndpoints(paths)));
  }

  private Reply fetch(String target) throws IOException {
    return RawClient.fetch(node, target);
  }

  private void passes(String target) throws IOException {
    assertEquals(200, fetch(target).status(), target);
  }

  private void isDisabled(String target, String path) throws IOException {
    Reply reply = fetch(target);
    assertEquals(403, reply.status(), target);
    assertEquals("Endpoint '" + path + "' is disabled", reply.text());
  }

  @Test
  void disabledPaths_areForbidden_andNotWhatIsAboveOrBelow() throws Exception {
    disable("/p/handler1", "/p/handler2/nested", "/p/*", "/p/handler2/*");
    isDisabled("/p/handler1", "/p/handler1");
    isDisabled("/p/handler1?query", "/p/handler1");
    isDisabled("/p/handler2/nested", "/p/handler2/nested");
    assertTrue(handled.isEmpty());
    passes("/p");
    passes("/p/handler2");
    passes("/p/handler2/nested/path");
    isDisabled("/p/handler1/below", "/p/handler1");
  }

  @Test
  void emptyList_enablesEverything() throws Exception {
    disable("/p/handler1", "/p/handler2");
    isDisabled("/p/handler1", "/p/handler1");
    isDisabled("/p/handler2", "/p/handler2");
    node.security().setFirewall(List.of());
    passes("/p/handler1");
    passes("/p/handler2");
  }

  @Test
  void otherSpellings_areDisabled_too() throws Exception {
    disable("/p/handler1", "/p/", "/a b/handler1");
    isDisabled("/p/handler1/", "/p/handler1");
    isDisabled("/%70/handler1", "/p/handler1");
    isDisabled("/p", "/p");
    isDisabled("/p//", "/p");
    isDisabled("/a%20b/handler1", "/a b/handler1");
    isDisabled("//p///handler1//", "/p/handler1");
    isDisabled("/p/%68andler1", "/p/handler1");
    isDisabled("/p/%68andler1//below", "/p/handler1");
    assertTrue(handled.isEmpty());
  }

  @Test
  void pathsOfTheDelegate_areMeantWithoutItsName() throws Exception {
    disable("/handler1");
    isDisabled("/handler1", "/main/handler1");
    isDisabled("/main/handler1", "/main/handler1");
    passes("/p/handler1");
    disable("/");
    isDisabled("/", "/main");
    isDisabled("/main", "/main");
    passes("/handler1");
  }

  @Test
  void ruleForAProcess_holdsWhetherItLivesOrNot() throws Exception {
    disable("/late/handler1", "/main/handler2");
    isDisabled("/late/handler1", "/main/late/handler1");
    isDisabled("/handler2", "/main/handler2");
    node.spawn(new Paths("late"));
    isDisabled("/late/handler1", "/late/handler1");
    isDisabled("/late/%68andler1/x", "/late/handler1");
    passes("/late/handler2");
    assertEquals(List.of("/late/handler2"), new ArrayList<>(handled));
  }

  @Test
  void ruleForAProvidedDirectory_holdsForWhatIsInIt() throws Exception {
    Files.createDirectories(directory.resolve("open"));
    Files.createDirectories(directory.resolve("secret/deep"));
    Files.writeString(directory.resolve("open/file"), "open");
    Files.writeString(directory.resolve("secret/deep/file"), "secret");
    node.spawn(new Provider(directory));
    disable("/files/d/secret");
    passes("/files/d/open/file");
    isDisabled("/files/d/secret", "/files/d/secret");
    isDisabled("/files/d/secret/deep/file", "/files/d/secret");
    isDisabled("/files/d/%73ecret//deep/file", "/files/d/secret");
    isDisabled("//files/d/secret/nothing", "/files/d/secret");
    disable("/files/d");
    isDisabled("/files/d/open/file", "/files/d");
    disable("/files/d/open/file");
    isDisabled("/files/d//open/%66ile", "/files/d/open/file");
    passes("/files/d/secret/deep/file");
  }

  @Test
  void ruleForAnEndpointOfTheNode_holdsForItsPages() throws Exception {
    disable("/help");
    isDisabled("/help", "/help");
    isDisabled("/help/p", "/help");
    isDisabled("/help/p/handler1", "/help");
    disable("/metrics/snapshot");
    isDisabled("/metrics/snapshot/x", "/metrics/snapshot");
    passes("/help/p");
  }

  @Test
  void ruleOfAUser_isAskedAboutTheRoute_ifThePathIsBelow() throws Exception {
    FirewallRule own =
        (request, path) ->
            path.equals("/p/handler1") ? Optional.of(Response.of(418, "no")) : Optional.empty();
    node.security().setFirewall(List.of(own));
    assertEquals(418, fetch("/p/handler1").status());
    assertEquals(418, fetch("/p/handler1/below/it").status());
    passes("/p/handler2");
  }

  @Test
  void ruleThatThrowsAnError_letsNobodyThrough() throws Exception {
    for (Error error : List.of(new StackOverflowError(), new AssertionError("hidden"))) {
      node.security()
          .setFirewall(
              List.of(
                  (request, path) -> {
                    throw error;
                  }));
      assertEquals("500 Internal Server Error.", fetch("/p/handler1").text());
    }
    node.security().setFirewall(List.of());
    passes("/p/handler1");
  }

  @Test
  void rulesAreAsked_inOrder_aboutPathsThatNameNoProcess_too() throws Exception {
    List<String> asked = new ArrayList<>();
    FirewallRule lets =
        (request, path) -> {
          asked.add(path);
          return Optional.empty();
        };
    FirewallRule stops = (request, path) -> Optional.of(Response.of(418, "stop"));
    node.security().setFirewall(List.of(lets, stops, lets));

    assertEquals(418, fetch("/nobody/there?x").status());
    assertEquals(418, fetch("/p/handler1/").status());
    assertEquals(List.of("/main/nobody/there", "/p/handler1"), asked);
  }

  @Test
  void ruleThatThrows_letsNobodyThrough() throws Exception {
    node.security()
        .setFirewall(
            List.of(
                (request, path) -> {
                  throw new IllegalStateException("hidden");
                }));
    Reply reply = fetch("/p/handler1");
    assertEquals("500 500 Internal Server Error.", reply.status() + " " + reply.text());
    assertTrue(handled.isEmpty());
  }

  @Test
  void messages_areNotAskedAbout() throws Exception {
    disable("/p/handler1");
    try (RawClient client = new RawClient(node.address().port())) {
      Reply reply =
          client
              .send(
                  "POST /p/handler1 HTTP/1.1\r\nHost: a\r\nLibprocess-From: a@127.0.0.1:1\r\n"
                      + "Content-Length: 0\r\n\r\n")
              .reply();
      assertEquals(202, reply.status());
    }
  }

  @Test
  void pathsWithoutASlash_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> disable("p/handler1"));
  }
}
