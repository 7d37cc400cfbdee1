package io.libprocess.json;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonNumber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Any JSON value: null, a boolean, a number, a string, an array or an object. Immutable. What is
 * asked for something that it is not throws an {@link IllegalArgumentException} that says what it
 * is.
 *
 * <p>Two are equal if they have the same content; the order of members does not matter, but numbers
 * must be written alike: {@code 1} is not {@code 1.0}.
 */
public final class JsonValue {

  /** The null of JSON. */
  public static final JsonValue NULL = new JsonValue(null);

  private final Object raw; // As the reader makes it.

  JsonValue(Object raw) {
    this.raw = raw;
  }

  Object raw() {
    return raw;
  }

  /* ------ Making values ------ */

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException if it is no JSON, with the line and column
   */
  public static JsonValue parse(String text) {
    return new JsonValue(Json.parse(text));
  }

  /**
   * The value of a text in UTF-8.
   *
   * @throws IllegalArgumentException if it is no JSON, with the line and column
   */
  public static JsonValue parse(byte[] utf8) {
    return new JsonValue(Json.parse(utf8));
  }

  /** A string. */
  public static JsonValue of(String text) {
    return new JsonValue(requireNonNull(text, "text"));
  }

  /** A number. */
  public static JsonValue of(long number) {
    return new JsonValue(new JsonNumber(Long.toString(number)));
  }

  /** A number. */
  public static JsonValue of(BigDecimal number) {
    return new JsonValue(new JsonNumber(number.toString()));
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if it is infinite or not a number
   */
  public static JsonValue of(double number) {
    return new JsonValue(Json.parse(Json.text(number)));
  }

  /** A boolean. */
  public static JsonValue of(boolean truth) {
    return new JsonValue(truth);
  }

  /** An array. */
  public static JsonValue array(List<JsonValue> elements) {
    List<Object> raw = new ArrayList<>(elements.size());
    elements.forEach(element -> raw.add(element.raw));
    return new JsonValue(Collections.unmodifiableList(raw));
  }

  /** An object, with the members in the order of the map. */
  public static JsonValue object(Map<String, JsonValue> members) {
    Map<String, Object> raw = new LinkedHashMap<>();
    members.forEach((name, member) -> raw.put(requireNonNull(name, "name"), member.raw));
    return new JsonValue(Collections.unmodifiableMap(raw));
  }

  /* ------ What it is ------ */

  /** Whether it is what JSON calls null. */
  public boolean isNull() {
    return raw == null;
  }

  /** Whether it is a string. */
  public boolean isString() {
    return raw instanceof String;
  }

  /** Whether it is a number. */
  public boolean isNumber() {
    return raw instanceof JsonNumber;
  }

  /** Whether it is a boolean. */
  public boolean isBoolean() {
    return raw instanceof Boolean;
  }

  /** Whether it is an array. */
  public boolean isArray() {
    return raw instanceof List;
  }

  /** Whether it is an object. */
  public boolean isObject() {
    return raw instanceof Map;
  }

  private <T> T expect(Class<T> kind, String due) {
    if (raw == null) {
      throw new JsonException("null where " + due + " is due");
    }
    return JsonMapping.expect(kind, due, raw);
  }

  /** The string. */
  public String asString() {
    return expect(String.class, "a string");
  }

  /** The boolean. */
  public boolean asBoolean() {
    return expect(Boolean.class, "a boolean");
  }

  private JsonNumber number() {
    return expect(JsonNumber.class, "a number");
  }

  /** The number, which must be an integer in the range. */
  public int asInt() {
    return (int) number().integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** The number, which must be an integer in the range. */
  public long asLong() {
    return number().integer(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The number that is nearest. */
  public double asDouble() {
    return number().floating();
  }

  /** The number as it was written. */
  public BigDecimal asDecimal() {
    return number().decimal();
  }

  /** The elements of the array. */
  public List<JsonValue> elements() {
    List<?> listed = expect(List.class, "an array");
    List<JsonValue> elements = new ArrayList<>(listed.size());
    listed.forEach(element -> elements.add(new JsonValue(element)));
    return Collections.unmodifiableList(elements);
  }

  /** The members of the object, in their order. */
  public Map<String, JsonValue> members() {
    Map<?, ?> named = expect(Map.class, "an object");
    Map<String, JsonValue> members = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : named.entrySet()) {
      members.put((String) entry.getKey(), new JsonValue(entry.getValue()));
    }
    return Collections.unmodifiableMap(members);
  }

  /** A member of the object; empty if there is none, and {@link #NULL} if it is null. */
  public Optional<JsonValue> member(String name) {
    Map<?, ?> members = expect(Map.class, "an object");
    return members.containsKey(name)
        ? Optional.of(new JsonValue(members.get(name)))
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JsonValue value && Objects.equals(raw, value.raw);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(raw);
  }

  /** The text, without blanks. */
  @Override
  public String toString() {
    return Json.text(raw);
  }
}
