package io.libprocess.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {

  private enum Fruit {
    APPLE,
    PEAR,
    PLUM
  }

  private static void assertRefuses(Syntax<?> form, String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> form.parse(text)).getMessage();
    assertTrue(message.startsWith("not "), message);
    assertTrue(message.contains("'" + text + "'"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "8192, 8192",
    "8k, 8192",
    "8K, 8192",
    "8KB, 8192",
    "5B, 5",
    "64M, 67108864",
    "3G, 3221225472",
    "1T, 1099511627776",
    "8388607T, 9223370937343148032",
  })
  void bytes_haveUnits(String text, long size) {
    assertEquals(size, Syntax.bytes(0, Long.MAX_VALUE).parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "K",
        "-1",
        "1.5K",
        "8X",
        "8 K",
        "8KK",
        "8388608T",
        "9007199254740992K",
        "999999999999999999G",
        "99999999999999999999",
        "18446744073709551617"
      })
  void bytes_neverOverflow(String text) {
    assertRefuses(Syntax.bytes(0, Long.MAX_VALUE), text);
  }

  @Test
  void bytes_haveBounds() {
    Syntax<Long> form = Syntax.bytes(16, 1024);
    assertEquals(16, form.parse("16"));
    assertEquals(1024, form.parse("1K"));
    assertRefuses(form, "15");
    assertRefuses(form, "1025");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "-5", "4294967297", "5 ", "0x5", "", "9999999999999999999"})
  void count_outsideItsBoundsIsRefused(String text) {
    assertRefuses(Syntax.count(1, 10), text);
  }

  @Test
  void count_insideItsBounds() {
    assertEquals(1, Syntax.count(1, 10).parse("1"));
    assertEquals(10, Syntax.count(1, 10).parse("0010"));
    assertEquals(-3, Syntax.count(-3, 3).parse("-3"));
  }

  @Test
  void oneOf_takesAnyCaseAndNamesAll() {
    Syntax<Fruit> form = Syntax.oneOf(Fruit.class);
    assertEquals(Fruit.PEAR, form.parse("Pear"));
    assertEquals("apple, pear or plum", form.rule());
    assertRefuses(form, "fig");
  }

  @Test
  void list_hasNoEmptyItems() {
    assertEquals(List.of("a", "b"), Syntax.list(':').parse("a:b"));
    assertEquals(List.of("a"), Syntax.list('|').parse("a"));
    assertRefuses(Syntax.list(':'), "a::b");
    assertRefuses(Syntax.list(':'), "");
  }

  @Test
  void bool_isYesOrNo() {
    assertEquals(true, Syntax.bool().parse("1"));
    assertEquals(false, Syntax.bool().parse("false"));
    assertRefuses(Syntax.bool(), "yes");
  }

  @Test
  void positiveDuration_isNotZero() {
    assertEquals(Duration.ofMillis(5), Syntax.positiveDuration().parse("5ms"));
    assertEquals(Duration.ZERO, Syntax.duration().parse("0s"));
    assertRefuses(Syntax.positiveDuration(), "0s");
    assertRefuses(Syntax.positiveDuration(), "soon");
  }
}
