package io.libprocess.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {

  private static final String RESERVED = "$&+,/:;=?@ \"<>#%{}|\\^~[]`";
  private static final String ENCODED =
      "%24%26%2B%2C%2F%3A%3B%3D%3F%40%20%22%3C%3E%23%25%7B%7D%7C%5C%5E%7E%5B%5D%60";

  @Test
  void encode_allThatIsReserved() {
    assertEquals(ENCODED, Percent.encode(RESERVED));
    assertEquals(RESERVED, Percent.decode(ENCODED));
  }

  @Test
  void encode_leavesTheRest() {
    String rest = "abcXYZ019-_.!*'()\u007f";

    assertEquals(rest, Percent.encode(rest));
    assertEquals(rest, Percent.decode(rest));
  }

  @Test
  void encode_bytesBeyondText() {
    byte[] bytes = {0x19, (byte) 0x80, (byte) 0xFF, 0, 'a'};

    assertEquals("%19%80%FF%00a", Percent.encode(bytes));
    assertArrayEquals(bytes, Percent.decodeBytes("%19%80%FF%00a"));
  }

  @Test
  void encode_textAsUtf8() {
    assertEquals("%C3%A9%E2%82%AC", Percent.encode("\u00e9\u20ac"));
    assertEquals("\u00e9\u20ac", Percent.decode("%C3%A9%e2%82%ac"));
  }

  @Test
  void encode_additionalCharacters() {
    assertEquals("foo%2Ebar", Percent.encode("foo.bar", "."));
  }

  @Test
  void decode_plusIsABlank() {
    assertEquals("a b c", Percent.decode("a+b%20c"));
    assertEquals("a b", Percent.decode("a+b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%1", "%;1", "%1;", "a%zz", "%4", "abc%2", "%\0\0"})
  void decode_malformed(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Percent.decode(text)).getMessage();
    assertTrue(message.contains("'" + text + "'"), message);
  }
}
