package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

  @Test
  void route_hasWhatItWasGiven_andLeavesOthersAlone() {
    Route plain = Route.at("/gold");
    Route full = plain.realm("staff").help("Gold.").streaming().methods("GET", "PUT");

    assertEquals("/gold", full.path());
    assertEquals(Optional.of("staff"), full.realm());
    assertEquals("Gold.", full.help());
    assertTrue(full.isStreaming());
    assertEquals(List.of("GET", "PUT"), List.copyOf(full.methods()));
    assertEquals("GET,PUT /gold", full.toString());
    assertEquals(Optional.empty(), plain.realm());
    assertEquals("", plain.help());
    assertFalse(plain.isStreaming());
    assertEquals(Set.of(), plain.methods());
    assertEquals("/gold", plain.toString());
  }

  @Test
  void methods_byName() {
    assertEquals(Set.of("GET"), Route.get("/a").methods());
    assertEquals(Set.of("POST"), Route.post("/a").methods());
    assertEquals(Set.of("PUT"), Route.put("/a").methods());
    assertEquals(Set.of("PATCH"), Route.patch("/a").methods());
    assertEquals(Set.of("DELETE"), Route.delete("/a").methods());
    assertThrows(IllegalArgumentException.class, () -> Route.at("/a").methods(new String[0]));
    assertThrows(IllegalArgumentException.class, () -> Route.at("/a").methods("G T"));
  }

  @Test
  void below_isAnswered_unlessThePathIsTheRootOrHasVariables() {
    assertTrue(Route.at("/a").answersBelow());
    assertFalse(Route.at("/a").exactly().answersBelow());
    assertFalse(Route.at("/").answersBelow());
    assertTrue(Route.at("/").withBelow().answersBelow());
    assertFalse(Route.at("/a/{b}").answersBelow());
    assertTrue(Route.at("/a/{b}").withBelow().answersBelow());
  }

  @Test
  void variables_areWholeSegments() {
    Route route = Route.get("/books/{isbn}/a%20b/{page}");
    assertEquals(List.of("books", "{isbn}", "a b", "{page}"), route.segments());
    assertEquals(List.of("isbn", "page"), route.variables());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "/a/",
        "//",
        "/a//b",
        "/a?b",
        "/a#b",
        "/a/../b",
        "/./a",
        "/%2e%2e",
        "/%zz",
        "/{",
        "/{}",
        "/a{b}",
        "/{a}b",
        "/{a}{b}",
        "/{{a}}",
        "/}",
        "/{a}/{a}",
        "How many items wait."
      })
  void path_thatCannotBeARoutes_isRefused(String path) {
    assertThrows(IllegalArgumentException.class, () -> Route.at(path));
  }

  @Test
  void segment_isThatOfTheRoute() {
    Request request = Request.get("/books/1").withSegments(Map.of("isbn", "1"));
    assertEquals("1", request.segment("isbn"));
    assertEquals("1", request.withHeader("A", "b").segment("isbn"));
    assertEquals("1", request.withBody(Body.of("x")).segment("isbn"));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> request.segment("title"));
    assertEquals("the route of GET /books/1 has no variable {title}", refused.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> request.withTarget("/books/2").segment("isbn"));
  }
}
