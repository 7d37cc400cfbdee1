package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MediaTypesTest {

  @Test
  void type_isThatOfAnyOfItsExtensions() {
    assertEquals("text/html", MediaTypes.DEFAULTS.get("html"));
    assertEquals("text/html", MediaTypes.DEFAULTS.get("htm"));
    assertEquals("application/msword", MediaTypes.DEFAULTS.get("doc"));
    assertNull(MediaTypes.DEFAULTS.get("text/html"));
  }

  @Test
  void extension_isWhatFollowsTheLastDot() {
    assertEquals("gz", MediaTypes.extension(Path.of("/a.b/c.tar.gz")));
    assertEquals("html", MediaTypes.extension(Path.of(".html")));
    assertEquals("b", MediaTypes.extension(Path.of("a.b")));
    assertEquals("", MediaTypes.extension(Path.of("a.b/c")));
    assertEquals("", MediaTypes.extension(Path.of("a.")));
    assertEquals("", MediaTypes.extension(Path.of("/")));
  }
}
