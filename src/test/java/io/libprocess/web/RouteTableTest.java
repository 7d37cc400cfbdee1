package io.libprocess.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class RouteTableTest {

  private final RouteTable table = new RouteTable();

  private void add(Route... routes) {
    for (Route route : routes) {
      table.add(BoundRoute.of(route, request -> Future.of(Response.ok(route.toString()))));
    }
  }

  /** The answer to a request, with the allowed methods if its own is not. */
  private String answer(String method, String path) {
    BoundRoute found = table.find(path, Request.of(method, "/"));
    if (found == null) {
      return "nothing";
    }
    Response response = found.call(Request.of(method, "/p" + path), Optional.empty()).get();
    String allowed = response.headers().first("Allow").map(methods -> " " + methods).orElse("");
    return response.status().code() == 200 ? response.text() : response.status().code() + allowed;
  }

  @ParameterizedTest
  @CsvSource({
    "'', nothing",
    "/books, GET /books",
    "/books/1, /books/{isbn}",
    "/books/new, /books/new",
    "/books/new/x, /books/new",
    "/books/1/x, nothing",
    "/books/1/pages, nothing",
    "/books/1/pages/2, '/books/{isbn}/pages/{page}'",
    "/books/new/pages/2, '/books/{isbn}/pages/{page}'",
    "/books/1/pages/2/x, '/books/{isbn}/pages/{page}'",
    "/a/b, /a/b",
    "/a/c, /a",
    "/a/c/d/e, /a",
    "/exact, /exact",
    "/exact/below, nothing",
    "/b, nothing",
    "/A, nothing",
  })
  void mostSegmentsWin_andLiteralOnesBeforeVariables(String path, String route) {
    add(
        Route.get("/books").exactly(),
        Route.at("/books/{isbn}"),
        Route.at("/books/new"),
        Route.at("/books/{isbn}/pages/{page}").withBelow(),
        Route.at("/a"),
        Route.at("/a/b"),
        Route.at("/exact").exactly());
    assertEquals(route, answer("GET", path));
  }

  @Test
  void root_isNoFallback_unlessItSaysSo() {
    add(Route.at("/"));
    assertEquals("/", answer("GET", ""));
    assertEquals("nothing", answer("GET", "/a"));
    add(Route.at("/").withBelow());
    assertEquals("/", answer("GET", "/a/b"));
  }

  @Test
  void methods_ofOnePath_haveRoutesOfTheirOwn() {
    add(Route.get("/a"), Route.at("/a").methods("POST", "PUT"));
    assertEquals("GET /a", answer("GET", "/a"));
    assertEquals("GET /a", answer("HEAD", "/a"));
    assertEquals("POST,PUT /a", answer("PUT", "/a/below"));
    assertEquals("405 GET, HEAD, POST, PUT, OPTIONS", answer("DELETE", "/a"));
    assertEquals("405 GET, HEAD, POST, PUT, OPTIONS", answer("DELETE", "/a/below"));
    assertEquals("405 GET, HEAD, POST, PUT, OPTIONS", answer("get", "/a"));
    assertEquals("204 GET, HEAD, POST, PUT, OPTIONS", answer("OPTIONS", "/a"));
  }

  @Test
  void head_andOptions_mayHaveRoutesOfTheirOwn() {
    add(Route.get("/a"), Route.at("/a").methods("HEAD"), Route.at("/a").methods("OPTIONS"));
    assertEquals("HEAD /a", answer("HEAD", "/a"));
    assertEquals("OPTIONS /a", answer("OPTIONS", "/a"));
    assertEquals("405 GET, HEAD, OPTIONS", answer("POST", "/a"));
  }

  @Test
  void methods_thatAreAnsweredBelow_areAllowedThere_andNoOthers() {
    add(Route.get("/a"), Route.post("/a").exactly());
    assertEquals("405 GET, HEAD, POST, OPTIONS", answer("PUT", "/a"));
    assertEquals("405 GET, HEAD, OPTIONS", answer("POST", "/a/below"));
  }

  @Test
  void route_forAllMethods_answersWhatOthersDoNotName_andReplacesThem() {
    add(Route.at("/a"), Route.get("/a"));
    assertEquals("GET /a", answer("GET", "/a"));
    assertEquals("/a", answer("POST", "/a"));
    add(Route.at("/a"));
    assertEquals("/a", answer("GET", "/a"));
  }

  @Test
  void variables_haveTheirValues_decoded() {
    add(Route.at("/{a}/x/{b}"));
    BoundRoute found = table.find("/1%2F2/x/3 4", Request.get("/"));
    assertEquals(Map.of("a", "1/2", "b", "3 4"), RouteTable.variables(found, "/1%2F2/x/3 4"));
  }

  @Test
  void assets_areForPathsWithoutARoute() {
    table.provide("files", new Asset(Path.of("root").toAbsolutePath(), null));
    table.provide("", new Asset(Path.of("index").toAbsolutePath(), null));
    add(Route.at("/files/routed"));
    assertTrue(table.find("/files/a/b", Request.get("/")).isAsset());
    assertTrue(table.find("/files", Request.get("/")).isAsset());
    assertTrue(table.find("", Request.get("/")).isAsset());
    assertFalse(table.find("/files/routed/a", Request.get("/")).isAsset());
    assertNull(table.find("/other", Request.get("/")));
  }

  @Test
  void version_changesWithEveryRoute_andAsset() {
    int empty = table.version();
    add(Route.at("/a"));
    int one = table.version();
    table.provide("b", new Asset(Path.of("b").toAbsolutePath(), null));
    assertNotEquals(empty, one);
    assertNotEquals(one, table.version());
  }

  /** The requests that the fault took milliseconds for take nanoseconds for each character. */
  @Test
  void deepPaths_takeLinearTime() {
    add(Route.at("/a"), Route.at("/{x}/{y}/z"));
    for (int i = 0; i < 100; i++) {
      assertEquals("/a", answer("GET", "/a".repeat(10_000)));
      assertEquals("nothing", answer("GET", "/b".repeat(10_000)));
    }
  }

  @Test
  void handler_mayThrowAnything_andReturnNull() {
    BoundRoute throwing =
        BoundRoute.of(
            Route.at("/a"),
            request -> {
              throw new StackOverflowError();
            });
    Future<Response> thrown = throwing.call(Request.get("/p/a"), Optional.empty());
    assertThrows(StackOverflowError.class, () -> rethrow(thrown.failure()));
    BoundRoute none = BoundRoute.of(Route.at("/a"), request -> null);
    assertTrue(none.call(Request.get("/p/a"), Optional.empty()).isFailed());
  }

  private static void rethrow(Throwable thrown) throws Throwable {
    throw thrown;
  }
}
