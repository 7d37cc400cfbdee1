package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CanonicalPathTest {

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "'', /",
    "//, /",
    "/a, /a",
    "a, /a",
    "/a/, /a",
    "/a//, /a",
    "//a, /a",
    "/a//b, /a/b",
    "/%61, /a",
    "/a/%62//, /a/b",
    "/a+b, /a+b",
    "/a%20b, /a b",
    "/a%2Bb, /a+b",
    "/a%2fb, /a%2Fb",
    "/a%252Fb, /a%252Fb",
    "/100%25, /100%25",
    "/%25a, /%25a",
    "/%C3%A9, /é",
    "/é, /é",
    "/%2e%2E, /..",
    "/%2F, /%2F",
  })
  void path_hasOneSpelling_whichIsItsOwn(String path, String canonical) {
    assertEquals(canonical, CanonicalPath.of(path));
    assertEquals(canonical, CanonicalPath.of(canonical));
  }

  @Test
  void path_thatIsSpeltSo_isTheSameString() {
    String path = "/a/b-c/d.e";
    assertSame(path, CanonicalPath.of(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%1", "/%zz", "/a/%2", "/%²0", "/%+1", "/%-1/a"})
  void malformedEscape_isRefused(String path) {
    assertThrows(IllegalArgumentException.class, () -> CanonicalPath.of(path));
  }

  @Test
  void segments_areDecoded() {
    assertEquals(List.of(), CanonicalPath.segments("/"));
    assertEquals(List.of(), CanonicalPath.segments(""));
    assertEquals(
        List.of("a", "b/c", "50%", "x y"),
        CanonicalPath.segments(CanonicalPath.of("//a/b%2Fc/50%25/x%20y/")));
  }

  @Test
  void segments_thatDiffer_haveDifferentSpellings() {
    assertFalse(CanonicalPath.of("/a%2Fb").equals(CanonicalPath.of("/a/b")));
    assertFalse(CanonicalPath.of("/a%2Fb").equals(CanonicalPath.of("/a%252Fb")));
    assertEquals("a%252Fb%2Fc", CanonicalPath.encoded("a%2Fb/c"));
  }

  @ParameterizedTest
  @CsvSource({
    "/.., true",
    "/a/.., true",
    "/a/../b, true",
    "/..a, true",
    "/., true",
    "/./a, true",
    "/a/., true",
    "/a/.b, false",
    "/.b/a, false",
    "/a.., false",
    "/a./b, false",
    "/.b/.., true",
    "/, false",
  })
  void dots(String canonical, boolean has) {
    assertEquals(has, CanonicalPath.hasDots(canonical));
  }

  /** Quadratic work on a million characters would take hours. */
  @Test
  void long_paths_takeLinearTime() {
    int many = 1_000_000;
    assertEquals("/", CanonicalPath.of("/".repeat(many)));
    assertEquals("/a", CanonicalPath.of("/".repeat(many) + "a" + "/".repeat(many)));
    String deep = "/a".repeat(many);
    assertSame(deep, CanonicalPath.of(deep));
    assertEquals(many, CanonicalPath.segments(deep).size());
    assertEquals("/" + "a".repeat(many), CanonicalPath.of("/" + "%61".repeat(many)));
    assertFalse(CanonicalPath.hasDots("/.a".repeat(many)));
    assertTrue(CanonicalPath.hasDots("/.a".repeat(many) + "/.."));
  }
}
