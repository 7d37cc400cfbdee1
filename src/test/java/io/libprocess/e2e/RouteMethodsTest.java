package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.security.AuthenticationResult;
import io.libprocess.testing.Await;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes with methods, variables and realms, as clients see them and processes make them. */
@Timeout(60)
class RouteMethodsTest {

  private final Node node = Node.start(Config.builder().delegate("shop").build());

  private static final class Shop extends Process<Shop> {
    final AtomicInteger handled = new AtomicInteger();

    Shop() {
      super("shop");
    }

    @Override
    protected void initialize() {
      route(
          Route.get("/books/{isbn}").help("One book."),
          request -> {
            handled.incrementAndGet();
            return Future.of(Response.ok(request.segment("isbn")));
          });
      route(
          Route.post("/books").exactly().help("Adds a book."),
          request -> Future.of(Response.ok("added " + request.text())));
      route(
          Route.get("/books").exactly().help("All books."),
          request -> Future.of(Response.ok("all")));
    }

    void add(Route route) {
      route(route, request -> Future.of(Response.ok("added")));
    }

    void addShort(String path, String help) {
      route(path, help, request -> Future.of(Response.ok("added")));
    }
  }

  private final Shop shop = new Shop();
  private final PID<Shop> pid = node.spawn(shop);

  @AfterEach
  void close() {
    node.close();
  }

  private Reply send(String method, String target, String body) throws IOException {
    try (RawClient client = new RawClient(node.address().port())) {
      client.send(
          method
              + " "
              + target
              + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      return method.equals("HEAD") ? client.replyToHead() : client.reply();
    }
  }

  private static String describe(Reply reply) {
    return reply.comparable();
  }

  @Test
  void variable_isFoundInTheRequest_decoded() throws Exception {
    assertEquals("123", send("GET", "/shop/books/123", "").text());
    assertEquals("123", send("GET", "/shop//books/%31%32%33/", "").text());
    assertEquals("a/b c+d", send("GET", "/shop/books/a%2Fb%20c+d?x=y", "").text());
    assertEquals("123", send("GET", "/books/123", "").text(), "through the delegate");
    assertEquals(404, send("GET", "/shop/books/123/pages", "").status());
    assertEquals(404, send("GET", "/shop/books/%zz", "").status());
  }

  @Test
  void otherMethods_areNotAllowed() throws Exception {
    assertEquals(
        "HTTP/1.1 405 Method Not Allowed\n"
            + "Allow: GET, HEAD, OPTIONS\n"
            + "Content-Length: 93\n"
            + "Content-Type: text/plain; charset=utf-8\n"
            + "Date:\n\n"
            + "405 Method Not Allowed. Expecting one of { 'GET', 'HEAD', 'OPTIONS' }, but received"
            + " 'DELETE'.",
        describe(send("DELETE", "/shop/books/1", "")));
    assertEquals(405, send("POST", "/shop/books/1", "a body").status());
    assertEquals(0, shop.handled.get());
  }

  @Test
  void options_areTheMethods() throws Exception {
    assertEquals(
        "HTTP/1.1 204 No Content\nAllow: POST, GET, HEAD, OPTIONS\nDate:\n\n",
        describe(send("OPTIONS", "/shop/books", "")));
  }

  @Test
  void head_isThatOfGet() throws Exception {
    Reply reply = send("HEAD", "/shop/books/12345", "");
    assertEquals(200, reply.status());
    assertEquals("5", reply.header("Content-Length").orElseThrow());
    assertEquals("", reply.text());
    assertEquals(1, shop.handled.get());
  }

  @Test
  void methodsOfOnePath_haveHandlersOfTheirOwn_andHelp() throws Exception {
    assertEquals("all", send("GET", "/shop/books", "").text());
    assertEquals("added it", send("POST", "/shop/books", "it").text());
    Reply help = send("GET", "/help/shop/books", "");
    assertTrue(
        help.text().contains("/shop/books\\n\\nGET All books.\\n\\nPOST Adds a book.\\n"),
        help.text());
    Reply one = send("GET", "/help/shop/books/%7Bisbn%7D", "");
    assertTrue(one.text().contains("/shop/books/{isbn}\\n\\nOne book.\\n"), one.text());
  }

  /* ------ How routes are made ------ */

  private void refuses(Class<? extends Exception> type, String message, Runnable call) {
    Exception refused = assertThrows(type, call::run);
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void pathAndHelp_cannotBeTakenForEachOther() throws Exception {
    Future<Integer> done =
        pid.call(
            process -> {
              process.addShort("/size", "How many items wait.");
              process.addShort("/none", "");
              refuses(
                  IllegalArgumentException.class,
                  "begins with '/'",
                  () -> process.addShort("How many items wait.", "/size"));
              refuses(
                  IllegalArgumentException.class,
                  "begins with '/'",
                  () -> process.addShort("/size", "/count says it too."));
              return 1;
            });
    Await.awaitReady(done);
    assertEquals("added", send("GET", "/shop/size", "").text());
  }

  @Test
  void realm_thatNobodyHasConfigured_isRefused() throws Exception {
    Route gold = Route.at("/gold").realm("staff");
    Future<Integer> refused =
        pid.call(
            process -> {
              refuses(IllegalStateException.class, "the realm 'staff'", () -> process.add(gold));
              return 1;
            });
    Await.awaitReady(refused);
    assertEquals(404, send("GET", "/shop/gold", "").status());

    node.security().openRealm("staff");
    Await.awaitReady(
        pid.call(
            process -> {
              process.add(gold);
              return 1;
            }));
    assertEquals("added", send("GET", "/shop/gold", "").text());

    node.security().setAuthenticator("staff", Guarded.saying(AuthenticationResult.forbidden()));
    assertEquals(403, send("GET", "/shop/gold", "").status());
  }

  @Test
  void realmsOfBuiltInEndpoints_areOpen() throws Exception {
    Await.awaitReady(
        pid.call(
            process -> {
              process.add(Route.at("/r").realm("libprocess-readonly"));
              process.add(Route.at("/w").realm("libprocess-readwrite"));
              return 1;
            }));
    assertEquals(200, send("GET", "/shop/r", "").status());
    assertEquals(200, send("GET", "/shop/w", "").status());
  }
}
