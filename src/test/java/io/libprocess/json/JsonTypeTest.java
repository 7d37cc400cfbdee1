package io.libprocess.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JsonTypeTest {

  private record Times(
      Instant instant,
      Duration duration,
      LocalDate date,
      OffsetDateTime offset,
      UUID id,
      URI uri) {}

  private enum Size {
    @JsonName("small")
    SMALL,
    LARGE
  }

  private record Box(@JsonName("box_size") Size size, Set<Integer> marks, JsonValue rest) {}

  private sealed interface Shape {}

  private record Circle(double radius) implements Shape {}

  @JsonName("group")
  private record Group(List<Shape> shapes) implements Shape {}

  private sealed interface Corner extends Shape {}

  private record Square(int side) implements Corner {}

  @JsonDiscriminator("kind")
  private sealed interface Event {}

  private record Added(Shape shape) implements Event {}

  private record Removed(Optional<String> why) implements Event {}

  private record Arrays2(int[] ints, String[] texts, byte[] bytes, double[][] table) {}

  private record Price(Currency currency, long cents) {}

  private static <T> void both(JsonType<T> type, T value, String text) {
    assertEquals(text, type.text(value));
    assertEquals(value, type.parse(text));
    assertEquals(value, type.parse(text.getBytes(StandardCharsets.UTF_8)));
    assertEquals(value, type.from(type.tree(value)));
  }

  private static String problem(JsonType<?> type, String text) {
    return assertThrows(IllegalArgumentException.class, () -> type.parse(text), text).getMessage();
  }

  @Test
  void timesIdsAndPlaces_haveTheirStandardForms() {
    UUID id = new UUID(1, 2);
    both(
        JsonType.of(Times.class),
        new Times(
            Instant.ofEpochSecond(1, 5_000_000),
            Duration.ofMillis(90_500),
            LocalDate.of(2026, 11, 28),
            OffsetDateTime.parse("2026-11-28T12:00+01:00"),
            id,
            URI.create("https://a.example/b?c")),
        "{\"instant\":\"1970-01-01T00:00:01.005Z\",\"duration\":\"PT1M30.5S\","
            + "\"date\":\"2026-11-28\",\"offset\":\"2026-11-28T12:00+01:00\",\"id\":\""
            + id
            + "\",\"uri\":\"https://a.example/b?c\"}");
    assertEquals(
        "Instant: not a time such as 2026-11-28T12:00:00Z",
        problem(JsonType.of(Instant.class), "\"yesterday\""));
    assertEquals("UUID: not a UUID", problem(JsonType.of(UUID.class), "\"1-1-1-1-1\""));
    assertEquals("URI: not a URI", problem(JsonType.of(URI.class), "\"a b\""));
    assertEquals(
        "Duration: a number where a string is due", problem(JsonType.of(Duration.class), "5"));
    String long1 = "\"PT0." + "0".repeat(100) + "S\"";
    assertTrue(problem(JsonType.of(Duration.class), long1).contains("not a duration"));
  }

  @Test
  void names_areThoseOfAnnotations() {
    both(
        JsonType.of(Box.class),
        new Box(
            Size.SMALL,
            new LinkedHashSet<>(List.of(2, 1)),
            JsonValue.object(Map.of("a", JsonValue.array(List.of(JsonValue.NULL))))),
        "{\"box_size\":\"small\",\"marks\":[2,1],\"rest\":{\"a\":[null]}}");
    assertEquals(
        "Box.box_size: no constant of Size has this name",
        problem(JsonType.of(Box.class), "{\"box_size\":\"SMALL\",\"marks\":[],\"rest\":1}"));
    assertEquals(
        "Box.marks[1]: has an element twice",
        problem(JsonType.of(Box.class), "{\"box_size\":\"LARGE\",\"marks\":[1,1],\"rest\":1}"));
    assertEquals(
        JsonValue.NULL,
        JsonType.of(Box.class).parse("{\"box_size\":\"LARGE\",\"marks\":[],\"rest\":null}").rest());
    assertEquals(
        "Box.rest: is missing",
        problem(JsonType.of(Box.class), "{\"box_size\":\"LARGE\",\"marks\":[]}"));
  }

  @Test
  void sealedTypes_areToldApartByAMember() {
    both(
        JsonType.of(Event.class).list(),
        List.of(
            new Added(new Group(List.of(new Circle(1.5), new Square(2)))),
            new Removed(Optional.empty())),
        "[{\"kind\":\"Added\",\"shape\":{\"type\":\"group\",\"shapes\":["
            + "{\"type\":\"Circle\",\"radius\":1.5},{\"type\":\"Square\",\"side\":2}]}},"
            + "{\"kind\":\"Removed\"}]");
    JsonType<Shape> shape = JsonType.of(Shape.class);
    assertEquals("Shape.type: is missing", problem(shape, "{}"));
    assertEquals("Shape.type: is null", problem(shape, "{\"type\":null}"));
    assertEquals(
        "Shape.type: none of Circle, group, Square", problem(shape, "{\"type\":\"Thread\"}"));
    assertEquals("Shape.side: is missing", problem(shape, "{\"type\":\"Square\"}"));
    assertEquals("Shape: a string where an object is due", problem(shape, "\"Square\""));
  }

  @Test
  void listsAndMaps_standAtTheTop() {
    JsonType<List<Circle>> circles = JsonType.of(Circle.class).list();
    both(circles, List.of(new Circle(1)), "[{\"radius\":1.0}]");
    assertEquals("[1].radius: is missing", problem(circles, "[{\"radius\":1},{}]"));
    Map<String, List<Circle>> map = new LinkedHashMap<>();
    map.put("b", List.of());
    map.put("a", List.of(new Circle(2)));
    both(circles.map(), map, "{\"b\":[],\"a\":[{\"radius\":2.0}]}");
    assertEquals("[\"a\"][0]: is null", problem(circles.map(), "{\"a\":[null]}"));
    both(JsonType.of(String.class).list(), List.of("x"), "[\"x\"]");
  }

  @Test
  void arrays_areArrays_andBytesBase64() {
    JsonType<Arrays2> type = JsonType.of(Arrays2.class);
    String text = "{\"ints\":[1,2],\"texts\":[\"a\"],\"bytes\":\"AQI=\",\"table\":[[1.0],[]]}";
    Arrays2 read = type.parse(text);
    assertArrayEquals(new int[] {1, 2}, read.ints());
    assertArrayEquals(new byte[] {1, 2}, read.bytes());
    assertArrayEquals(new double[][] {{1}, {}}, read.table());
    assertEquals(text, type.text(read));
    assertEquals(
        "Arrays2.ints[1]: a string where a number is due",
        problem(type, "{\"ints\":[1,\"2\"],\"texts\":[],\"bytes\":\"\",\"table\":[]}"));
    assertEquals(
        "Arrays2.bytes: not Base64",
        problem(type, "{\"ints\":[],\"texts\":[],\"bytes\":\"%\",\"table\":[]}"));
  }

  @Test
  void adapters_addTypes() {
    JsonForms forms =
        JsonForms.standard()
            .with(
                Currency.class,
                JsonAdapter.ofText(Currency::getInstance, Currency::getCurrencyCode));
    JsonType<List<Price>> prices = forms.type(Price.class).list();
    both(
        prices,
        List.of(new Price(Currency.getInstance("EUR"), 5)),
        "[{\"currency\":\"EUR\",\"cents\":5}]");
    String problem = problem(prices, "[{\"currency\":\"?\",\"cents\":5}]");
    assertTrue(problem.startsWith("[0].currency: refused: "), problem);
    assertEquals(
        "[0].currency: a number where a string is due",
        problem(prices, "[{\"currency\":1,\"cents\":5}]"));
    assertThrows(IllegalArgumentException.class, () -> JsonType.of(Price.class));
  }

  private sealed interface Wrong {}

  private record Clash(String type) implements Wrong {}

  private sealed interface Open {}

  private static final class Plain implements Open {}

  private sealed interface Twins {}

  @JsonName("one")
  private record First() implements Twins {}

  @JsonName("one")
  private record Second() implements Twins {}

  private record Same(@JsonName("b") int a, int b) {}

  @Test
  void typesThatCannotBeTold_areRefusedBeforeUse() {
    for (Class<?> type :
        List.of(Wrong.class, Open.class, Twins.class, Same.class, Thread.class, Object[].class)) {
      String problem =
          assertThrows(IllegalArgumentException.class, () -> JsonType.of(type)).getMessage();
      assertTrue(problem.contains("has no JSON form: "), problem);
    }
    assertTrue(new Plain() instanceof Open);
  }

  @Test
  void nestingAndNumbers_areLimited() {
    JsonType<Shape> shape = JsonType.of(Shape.class);
    Shape deep = new Square(1);
    for (int i = 0; i < 200; i++) {
      deep = new Group(List.of(deep));
    }
    Shape tooDeep = deep;
    assertThrows(IllegalArgumentException.class, () -> shape.text(tooDeep));
    String text = "{\"type\":\"group\",\"shapes\":[".repeat(100) + "]}".repeat(100);
    assertTrue(problem(shape, text).contains("nested more than 128 deep"));
    assertThrows(IllegalArgumentException.class, () -> JsonValue.parse("1".repeat(1001)));
  }

  @Test
  void trees_areLookedInto() {
    JsonValue tree = JsonValue.parse("{\"a\":[1,true,\"x\",null,1.5],\"b\":{}}");
    List<JsonValue> elements = tree.member("a").orElseThrow().elements();
    assertEquals(1, elements.get(0).asInt());
    assertTrue(elements.get(1).asBoolean());
    assertEquals("x", elements.get(2).asString());
    assertTrue(elements.get(3).isNull());
    assertEquals(1.5, elements.get(4).asDouble());
    assertEquals(Optional.empty(), tree.member("c"));
    assertEquals("{\"a\":[1,true,\"x\",null,1.5],\"b\":{}}", tree.toString());
    assertEquals(tree, JsonValue.parse("{\"b\":{},\"a\":[1,true,\"x\",null,1.5]}"));
    assertEquals(
        "an array where a string is due",
        assertThrows(
                IllegalArgumentException.class, () -> tree.member("a").orElseThrow().asString())
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> JsonValue.NULL.asLong());
    assertThrows(IllegalArgumentException.class, () -> JsonValue.of(Double.NaN));
    assertEquals(
        "[1.0,2,\"a\",false]",
        JsonValue.array(
                List.of(JsonValue.of(1.0), JsonValue.of(2), JsonValue.of("a"), JsonValue.of(false)))
            .toString());
  }

  /** Whatever is put into a text, it is refused with a text or read. */
  @Test
  void mutatedTexts_areReadOrRefused() {
    JsonType<List<Event>> type = JsonType.of(Event.class).list();
    String seed =
        type.text(
            List.of(
                new Added(new Group(List.of(new Circle(1.5), new Square(2)))),
                new Removed(Optional.of("why"))));
    Random random = new Random(7);
    List<Character> alphabet = new ArrayList<>();
    "{}[]\",:\\0123eE.-+nulltrue \u0000\u00e9kindtype".chars().forEach(c -> alphabet.add((char) c));
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      StringBuilder text = new StringBuilder(seed);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        text.setCharAt(
            random.nextInt(text.length()), alphabet.get(random.nextInt(alphabet.size())));
      }
      try {
        type.text(type.parse(text.toString()));
      } catch (IllegalArgumentException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
        refused++;
      }
    }
    assertTrue(refused > 1000 && refused < 3000, "refused " + refused);
  }
}
