package io.libprocess.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.json.JsonException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonRecordTest {

  private enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  private record Numbers(
      byte b,
      short s,
      int i,
      long l,
      float f,
      double d,
      Integer boxed,
      BigInteger big,
      BigDecimal decimal) {}

  private record Line(String item, int count) {}

  private record Order(
      String id,
      boolean paid,
      Color color,
      Optional<String> note,
      List<Line> lines,
      Map<String, List<Integer>> sizes) {}

  private record Tree(String name, List<Tree> children) {}

  private record Holes(List<Optional<Integer>> list, Map<String, Optional<Integer>> map) {}

  private record Percentage(int value) {
    Percentage {
      if (value < 0 || value > 100) {
        throw new IllegalArgumentException("not in 0..100: " + value);
      }
    }
  }

  private record Empty() {}

  private static <R extends Record> R parse(Class<R> type, String text) {
    return JsonType.of(type).parse(text.getBytes(StandardCharsets.UTF_8));
  }

  private static <R extends Record> void both(Class<R> type, R value, String text) {
    assertEquals(text, JsonType.of(type).text(value));
    assertEquals(value, parse(type, text));
  }

  private static String problem(Class<? extends Record> type, String text) {
    return assertThrows(JsonException.class, () -> parse(type, text), text).getMessage();
  }

  @Test
  void everyKindOfComponent_goesThereAndBack() {
    Map<String, List<Integer>> sizes = new LinkedHashMap<>();
    sizes.put("s", List.of(1, 2));
    sizes.put("", List.of());
    both(
        Order.class,
        new Order("a\"b", true, Color.GREEN, Optional.of("n"), List.of(new Line("pen", 2)), sizes),
        "{\"id\":\"a\\\"b\",\"paid\":true,\"color\":\"GREEN\",\"note\":\"n\","
            + "\"lines\":[{\"item\":\"pen\",\"count\":2}],\"sizes\":{\"s\":[1,2],\"\":[]}}");
    both(Empty.class, new Empty(), "{}");
  }

  @Test
  void numbers_goThereAndBack() {
    both(
        Numbers.class,
        new Numbers(
            Byte.MIN_VALUE,
            Short.MAX_VALUE,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            1.5f,
            Double.MIN_VALUE,
            7,
            BigInteger.TWO.pow(100),
            new BigDecimal("1.10")),
        "{\"b\":-128,\"s\":32767,\"i\":-2147483648,\"l\":9223372036854775807,\"f\":1.5,"
            + "\"d\":4.9E-324,\"boxed\":7,\"big\":1267650600228229401496703205376,"
            + "\"decimal\":1.10}");
  }

  @Test
  void recursiveRecord_goesThereAndBack() {
    both(
        Tree.class,
        new Tree("a", List.of(new Tree("b", List.of()))),
        "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}");
  }

  @Test
  void emptyOptional_isLeftOut_andMayBeNull() {
    Order order = new Order("i", false, Color.RED, Optional.empty(), List.of(), Map.of());
    both(
        Order.class,
        order,
        "{\"id\":\"i\",\"paid\":false,\"color\":\"RED\",\"lines\":[],\"sizes\":{}}");
    assertEquals(
        order,
        parse(
            Order.class,
            "{\"id\":\"i\",\"paid\":false,\"color\":\"RED\",\"note\":null,\"lines\":[],"
                + "\"sizes\":{}}"));
  }

  @Test
  void emptyOptional_isNullInListsAndMaps() {
    both(
        Holes.class,
        new Holes(
            List.of(Optional.of(1), Optional.empty()),
            new LinkedHashMap<>(Map.of("a", Optional.empty()))),
        "{\"list\":[1,null],\"map\":{\"a\":null}}");
  }

  @Test
  void unknownMembers_areIgnored() {
    assertEquals(
        new Line("x", 1), parse(Line.class, "{\"more\":{},\"item\":\"x\",\"count\":1,\"z\":null}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"item\":\"x\"}|Line.count: is missing",
        "{\"item\":null,\"count\":1}|Line.item: is null",
        "{\"item\":5,\"count\":1}|Line.item: a number where a string is due",
        "{\"item\":\"x\",\"count\":\"1\"}|Line.count: a string where a number is due",
        "{\"item\":\"x\",\"count\":1.5}"
            + "|Line.count: not an integer in -2147483648..2147483647: 1.5",
        "[]|Line: an array where an object is due",
        "null|Line: is null",
        "{|the text ends where the name of a member is due, at line 1, column 2",
      })
  void whatDoesNotFit_isRefusedWithItsPlace(String text, String problem) {
    assertEquals(problem, problem(Line.class, text));
  }

  @Test
  void whatDoesNotFitDeepInside_isRefusedWithItsPlace() {
    String text =
        "{\"id\":\"i\",\"paid\":false,\"color\":\"RED\",\"lines\":[{\"item\":\"x\",\"count\":1},"
            + "%s],\"sizes\":{\"a b\":[1,%s]}}";
    assertEquals(
        "Order.lines[1].count: a boolean where a number is due",
        problem(Order.class, String.format(text, "{\"item\":\"x\",\"count\":true}", "2")));
    assertEquals("Order.lines[1]: is null", problem(Order.class, String.format(text, "null", "2")));
    assertEquals(
        "Order.sizes[\"a b\"][1]: an object where a number is due",
        problem(Order.class, String.format(text, "{\"item\":\"x\",\"count\":2}", "{}")));
    assertEquals(
        "Order.color: no constant of Color has this name",
        problem(Order.class, "{\"id\":\"i\",\"paid\":false,\"color\":\"green\"}"));
  }

  @Test
  void constructorThatRefuses_isTheProblem() {
    assertEquals(
        "Percentage: refused: java.lang.IllegalArgumentException: not in 0..100: 101",
        problem(Percentage.class, "{\"value\":101}"));
  }

  @Test
  void whatJsonHasNot_isNotWritten() {
    Map<String, List<Integer>> hole = Map.of("k", Arrays.asList(1, null));
    Order order = new Order("i", true, Color.RED, Optional.empty(), List.of(), hole);
    assertEquals(
        "Order.sizes[\"k\"][1]: is null",
        assertThrows(JsonException.class, () -> JsonType.of(Order.class).text(order)).getMessage());
    assertEquals(
        "Line.item: is null",
        assertThrows(JsonException.class, () -> JsonType.of(Line.class).text(new Line(null, 1)))
            .getMessage());
    Numbers numbers =
        new Numbers((byte) 0, (short) 0, 0, 0, 0f, Double.NaN, 0, BigInteger.ZERO, BigDecimal.ZERO);
    assertEquals(
        "Numbers.d: JSON has no NaN",
        assertThrows(JsonException.class, () -> JsonType.of(Numbers.class).text(numbers))
            .getMessage());
  }

  private record Wrong(Line line, Object any) {}

  private record DeepWrong(List<Optional<Wrong>> list) {}

  private record Twice(Optional<Optional<String>> twice) {}

  private record Keys(Map<Integer, String> map) {}

  private record Generic<T>(T value) {}

  @Test
  void typesWithoutAForm_areRefusedBeforeUse() {
    for (Class<? extends Record> type :
        List.of(Wrong.class, Twice.class, Keys.class, Generic.class)) {
      String problem = assertThrows(JsonException.class, () -> JsonType.of(type)).getMessage();
      assertTrue(problem.startsWith(type.getSimpleName() + "."), problem);
      assertTrue(problem.contains(": has no JSON form: "), problem);
    }
    String problem =
        assertThrows(JsonException.class, () -> JsonType.of(DeepWrong.class)).getMessage();
    assertTrue(problem.startsWith("DeepWrong.list.Wrong.any: has no JSON form"), problem);
  }
}
