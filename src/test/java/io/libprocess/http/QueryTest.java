package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryTest {

  @Test
  void encode_backslashesAndEscapes() {
    assertEquals("foo=C%3A%5Cfoo%5Cbar%253Abaz", Query.encode(Map.of("foo", "C:\\foo\\bar%3Abaz")));
  }

  private static void assertBothWays(String text, Map<String, String> query) {
    assertEquals(query, Query.decode(text));
    assertEquals(text, Query.encode(query));
  }

  @Test
  void decodeAndEncode_inverse() {
    assertBothWays("", Map.of());
    assertBothWays("foo=bar", Map.of("foo", "bar"));
    assertBothWays("a%26b%3Dc=d%26e%3Df", Map.of("a&b=c", "d&e=f"));
    assertBothWays("foo", Map.of("foo", ""));
  }

  @Test
  void decode_separators() {
    Map<String, String> query = Query.decode("&a=1;;b=2=3&&c&d=&=e;");

    assertEquals(Map.of("a", "1", "b", "2=3", "c", "", "d", "", "", "e"), query);
    assertEquals(List.of("a", "b", "c", "d", ""), List.copyOf(query.keySet()));
  }

  @Test
  void decode_lastOfARepeatedKey() {
    assertEquals(Map.of("a", "2"), Query.decode("a=1&a=2"));
  }

  @Test
  void decode_malformed() {
    assertThrows(IllegalArgumentException.class, () -> Query.decode("%x=%y"));
  }

  @Test
  void decode_isImmutable() {
    assertThrows(UnsupportedOperationException.class, () -> Query.decode("a").put("b", "c"));
  }
}
