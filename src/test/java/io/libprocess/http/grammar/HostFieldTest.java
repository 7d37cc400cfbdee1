package io.libprocess.http.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFieldTest {

  /** Looks at a text alone, and within others that must make no difference. */
  private static void check(boolean legal, String host) {
    for (String before : new String[] {"", ":", "[", "]"}) {
      for (String after : new String[] {"", "]", "a]", ":1", "[", "?"}) {
        byte[] bytes = (before + host + after).getBytes(StandardCharsets.ISO_8859_1);
        int from = before.length();
        assertEquals(
            legal, HostField.isLegal(bytes, from, from + host.length()), before + host + after);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a.b-c_d~",
        "1.2.3.4",
        "a:80",
        "a:",
        ":80",
        "%41",
        "[::1]",
        "[1]",
        "[::1]:80",
        "[v1.a]:"
      })
  void host_thatIsLegal(String host) {
    check(true, host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?", "a b", "a/", "a:b", "a:8/", "a:8:", "a[", "[", "[]", "[:", "[::1", "[?]", "[1?]",
        "[1?", "[::1]x", "[::1]]", "[[::1]]", "\u00e9"
      })
  void host_thatIsNot(String host) {
    check(false, host);
  }
}
