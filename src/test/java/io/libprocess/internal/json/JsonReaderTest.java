package io.libprocess.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static JsonNumber number(String text) {
    return new JsonNumber(text);
  }

  private static String problem(String text) {
    return assertThrows(JsonException.class, () -> Json.parse(text), text).getMessage();
  }

  @Test
  void values_ofAllKinds() {
    assertNull(Json.parse("null"));
    assertEquals(true, Json.parse(" true\t"));
    assertEquals(false, Json.parse("\r\nfalse"));
    assertEquals("text", Json.parse("\"text\""));
    assertEquals(number("-0.5e+10"), Json.parse("-0.5e+10"));
    assertEquals(List.of(), Json.parse("[ ]"));
    assertEquals(Map.of(), Json.parse("{ }"));
    assertEquals(
        Map.of("a", List.of(number("1"), Map.of("", "x")), "b", false),
        Json.parse("{ \"a\" : [ 1 , { \"\" : \"x\" } ] , \"b\" : false }"));
  }

  @Test
  void members_keepTheirOrder() {
    Map<?, ?> object = (Map<?, ?>) Json.parse("{\"z\":1,\"a\":2,\"m\":3}");
    assertEquals("[z, a, m]", object.keySet().toString());
  }

  @Test
  void strings_undoEscapes() {
    assertEquals("\"\\/\b\f\n\r\t", Json.parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""));
    assertEquals("aé€😀\0", Json.parse("\"a\\u00e9\\u20AC\\ud83d\\uDE00\\u0000\""));
    assertEquals("\ud800 alone", Json.parse("\"\\ud800 alone\""));
    assertEquals("\u007f\u2028ü", Json.parse("\"\u007f\u2028ü\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "10",
        "1.0",
        "1.50",
        "1e5",
        "1E-5",
        "1.5e+5",
        "123456789012345678901234567890"
      })
  void numbers_areKeptAsWritten(String text) {
    assertEquals(number(text), Json.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1.e5",
        "1e",
        "1e+",
        "--1",
        "0x10",
        "NaN",
        "Infinity",
        "-Infinity",
        "1 2",
        "١",
        "1_000",
        "-01"
      })
  void numbers_otherwiseWritten_areRefused(String text) {
    problem(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "'a'",
        "a",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1",
        "[",
        "]",
        "[1}",
        "{",
        "}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\"",
        "\"a",
        "\"\\",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u123g\"",
        "\"\\u١٢٣٤\"",
        "\"\t\"",
        "\"a\nb\"",
        "\"\u0000\"",
        "[] []",
        "// c\n1",
        "/* c */1",
        "\ufeff1",
        "\u00a01",
        "\f1",
        "1;"
      })
  void whatTheGrammarHasNot_isRefused(String text) {
    problem(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,]|']' where a value is due, at line 1, column 4",
        "{\"a\":1|the text ends where ',' or '}' is due, at line 1, column 7",
        "`[1,\n  2 3]`|'3' where ',' or ']' is due, at line 2, column 5",
        "`\"a\tb\"`|U+0009 where the rest of a string is due, at line 1, column 3",
        "{\"a\":1,\"a\":2}|a member with the name of another, at line 1, column 8",
        "1.x|'x' where a digit is due, at line 1, column 3",
      })
  void errors_saySomethingAndWhere(String text, String problem) {
    assertEquals(problem, problem(text));
  }

  @Test
  void sameMemberTwice_isRefused_alsoIfEscaped() {
    assertTrue(problem("{\"a\":1,\"\\u0061\":1}").startsWith("a member with the name of another"));
  }

  @Test
  void depth_isLimited() {
    Json.parse("[".repeat(128) + "]".repeat(128));
    assertTrue(problem("[".repeat(129) + "]".repeat(129)).startsWith("nested more than 128 deep"));
    problem("{\"a\":".repeat(1_000_000));
    JsonLimits flat = new JsonLimits(100, 1, 100);
    Json.parse("{\"a\":1}", flat);
    assertThrows(JsonException.class, () -> Json.parse("{\"a\":[]}", flat));
  }

  @Test
  void depth_countsWhatIsOpen() {
    Json.parse("[" + "[],{},".repeat(1000) + "[]]");
  }

  @Test
  void size_isLimited() {
    assertEquals(
        "a text of 5 characters; at most 4 may be",
        assertThrows(JsonException.class, () -> Json.parse("\"abc\"", JsonLimits.ofSize(4)))
            .getMessage());
    assertEquals("abc", Json.parse("\"abc\"", JsonLimits.ofSize(5)));
  }

  @Test
  void numbers_haveALimitedLength() {
    Json.parse("1".repeat(1000));
    assertEquals(
        "a number of over 1000 characters, at line 1, column 2",
        problem("[" + "1".repeat(1001) + "]"));
  }

  @Test
  void bytes_areUtf8() {
    assertEquals("é", Json.parse("\"é\"".getBytes(StandardCharsets.UTF_8)));
    byte[] latin = "\"é\"".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "not UTF-8", assertThrows(JsonException.class, () -> Json.parse(latin)).getMessage());
  }

  @Test
  void results_cannotBeChanged() {
    Map<?, ?> object = (Map<?, ?>) Json.parse("{\"a\":[1]}");
    assertThrows(UnsupportedOperationException.class, object::clear);
    assertThrows(UnsupportedOperationException.class, ((List<?>) object.get("a"))::clear);
  }

  @Test
  void numbers_asJavaTypes() {
    assertEquals(1000, number("1e3").integer(0, 1000));
    assertEquals(1, number("1.000").integer(0, 1));
    assertEquals(Long.MIN_VALUE, number("-9223372036854775808").integer(Long.MIN_VALUE, 0));
    assertEquals(0, number("0e999999999").integer(0, 0));
    assertEquals(0.1, number("0.1").floating());
    assertEquals("1E+3", number("1e3").decimal().toString());
    assertEquals("1000", number("1e3").bigInteger().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "1e19",
        "9223372036854775808",
        "1e-999999999",
        "1e999999999",
        "1e99999999999"
      })
  void numbers_thatAreNoLong_areRefusedAtOnce(String text) {
    JsonNumber number = number(text);
    assertThrows(JsonException.class, () -> number.integer(Long.MIN_VALUE, Long.MAX_VALUE));
  }

  @Test
  void integers_outsideTheRangeThatIsAskedFor_areRefused() {
    assertThrows(JsonException.class, () -> number("1001").integer(0, 1000));
    assertThrows(JsonException.class, () -> number("-1").integer(0, 1000));
  }

  @Test
  void integers_haveAThousandDigitsAtTheMost() {
    assertEquals("1" + "0".repeat(999), number("1e999").bigInteger().toString());
    assertEquals("-" + "9".repeat(999), number("-" + "9".repeat(999)).bigInteger().toString());
    for (String text : new String[] {"1e1000", "-1e1000", "10e999", "0.1e1001"}) {
      String problem =
          assertThrows(JsonException.class, () -> number(text).bigInteger()).getMessage();
      assertEquals("an integer of over 1000 digits: " + text, problem);
    }
  }

  @Test
  void numbers_beyondReason_areRefusedAtOnce() {
    assertThrows(JsonException.class, () -> number("1e400").floating());
    assertThrows(JsonException.class, () -> number("1e99999999999").decimal());
    assertThrows(JsonException.class, () -> number("1e999999999").bigInteger());
    assertThrows(JsonException.class, () -> number("1e-999999999").bigInteger());
    assertThrows(JsonException.class, () -> number("0.5").bigInteger());
  }

  @Test
  @Timeout(20) // Many times what it takes, if nothing of the size of the number is made.
  void number_ofHugeExponentCostsNothing() {
    for (int i = 0; i < 1000; i++) {
      assertThrows(JsonException.class, () -> number("1e-10000000").bigInteger());
      assertThrows(JsonException.class, () -> number("-1.5e-100000000").bigInteger());
      assertThrows(JsonException.class, () -> number("1e10000000").bigInteger());
      assertEquals(BigInteger.ZERO, number("0e-10000000").bigInteger());
      assertEquals(BigInteger.ZERO, number("0e10000000").bigInteger());
    }
    assertEquals(BigInteger.TEN, number("100e-1").bigInteger());
    assertEquals(BigInteger.ONE, number("0.1e1").bigInteger());
  }
}
