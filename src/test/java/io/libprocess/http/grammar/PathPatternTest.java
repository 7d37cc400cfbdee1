package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @Test
  void segment_isAVariableOnlyInBothBraces() {
    assertEquals(Map.of("a", "x"), PathPattern.parse("/{a}", "/x"));
    assertEquals(Map.of("{a", "{a", "b}", "b}"), PathPattern.parse("/{a/b}", "/{a/b}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/{a", "/a}", "/a", "/"})
  void pathThatDoesNotMatch_isRefused(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> PathPattern.parse(pattern, "/x"));
  }
}
