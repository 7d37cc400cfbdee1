package io.libprocess.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonWriterTest {

  @Test
  void values_areSeparatedAsTheyMustBe() {
    String text =
        new JsonWriter()
            .beginObject()
            .name("a")
            .value(1)
            .name("b")
            .beginArray()
            .value("x")
            .beginArray()
            .endArray()
            .beginObject()
            .endObject()
            .value(true)
            .value(42.0)
            .any(null)
            .endArray()
            .name("c")
            .beginObject()
            .name("d")
            .any(List.of())
            .name("e")
            .json("{\"f\":0}")
            .name("g")
            .json("1")
            .endObject()
            .endObject()
            .text();
    assertEquals(
        "{\"a\":1,\"b\":[\"x\",[],{},true,42.0,null],\"c\":{\"d\":[],\"e\":{\"f\":0},\"g\":1}}",
        text);
  }

  @Test
  void strings_areEscaped() {
    assertEquals(
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\\u0085é€😀\\u2028\\u2029\"",
        Json.text("\"\\/\b\f\n\r\t\0\u001f\u007f\u0085é€😀\u2028\u2029"));
  }

  @Test
  void surrogates_withoutTheirOtherHalf_areEscaped() {
    assertEquals("\"\\ud83d\"", Json.text("\ud83d"));
    assertEquals("\"a\\ude00\\ud83db\"", Json.text("a\ude00\ud83db"));
    assertEquals("\"\\ud83d😀\"", Json.text("\ud83d😀"));
  }

  @Test
  void javaValues() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", 1L);
    map.put("a", null);
    map.put(
        "list",
        Arrays.asList(
            (byte) 1,
            (short) 2,
            3,
            1.5f,
            2.5,
            new BigDecimal("1e3"),
            BigInteger.TEN,
            "x",
            true,
            new JsonNumber("1.00")));
    assertEquals(
        "{\"z\":1,\"a\":null,\"list\":[1,2,3,1.5,2.5,1E+3,10,\"x\",true,1.00]}", Json.text(map));
  }

  @Test
  void floatingNumbers_showThatTheyAre() {
    assertEquals(
        "[42.0,1.0E10,-0.0,0.001]",
        new JsonWriter()
            .beginArray()
            .value(42.0)
            .value(1e10)
            .value(-0.0)
            .value(0.001)
            .endArray()
            .text());
  }

  @Test
  void whatJsonHasNot_isRefused() {
    for (Object value : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, 'c', this)) {
      assertThrows(JsonException.class, () -> Json.text(value));
    }
    assertThrows(JsonException.class, () -> new JsonWriter().value(Double.NEGATIVE_INFINITY));
  }

  @Test
  void depth_isLimited() {
    List<Object> self = new ArrayList<>();
    self.add(self);
    assertEquals(
        "nested more than 128 deep",
        assertThrows(JsonException.class, () -> Json.text(self)).getMessage());
  }

  @Test
  void text_ofWhatIsStillOpen_isRefused() {
    assertThrows(IllegalStateException.class, new JsonWriter().beginObject()::text);
  }
}
