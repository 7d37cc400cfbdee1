package io.libprocess.json;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * How values of a type stand in JSON. Immutable, and for any thread.
 *
 * <pre>{@code
 * JsonType<List<Order>> orders = JsonType.of(Order.class).list();
 * List<Order> read = request.json(orders);
 * }</pre>
 *
 * <p><b>Which types.</b> Booleans, numbers and {@code String}; enums, by the names of their
 * constants; {@code Instant}, {@code Duration}, {@code LocalDate}, {@code LocalTime}, {@code
 * LocalDateTime} and {@code OffsetDateTime} in their forms of ISO 8601, {@code UUID} and {@code
 * URI}, as strings; {@code byte[]} in Base64; other arrays, {@code List} and {@code Set}; {@code
 * Map} with {@code String} keys; {@code Optional}; records; sealed types all of whose leaves are
 * records, with a member {@code type} that names the record ({@link JsonDiscriminator}, {@link
 * JsonName}); {@link JsonValue}, which is any JSON; and what {@link JsonForms#with} adds. Members
 * of objects are named like the components of the record, or as {@link JsonName} says.
 *
 * <p><b>What does not fit.</b> Everything must be there and not null, but an {@code Optional},
 * which is empty then, and is left out if it is empty. Members that a record does not know are
 * ignored, so that peers may send more. Text that is no JSON, with a member twice, nested over 128
 * deep or with numbers of over 1,000 characters, and what does not fit the type, is refused with an
 * {@link IllegalArgumentException} that names the place, and does not repeat the content but for
 * numbers and names, or what a constructor or adapter says.
 *
 * @param <T> the type
 */
public final class JsonType<T> {

  private final JsonMapping mapping;
  private final String name; // For texts; may be empty.

  JsonType(JsonMapping mapping, String name) {
    this.mapping = mapping;
    this.name = name;
  }

  /**
   * The form of a class.
   *
   * @throws IllegalArgumentException if it has none, with a text that says which part of it; also
   *     if it is a record in a named module and not open to {@code io.libprocess}
   */
  public static <T> JsonType<T> of(Class<T> type) {
    return JsonForms.standard().type(type);
  }

  /** Lists of such values, as arrays. */
  public JsonType<List<T>> list() {
    return new JsonType<>(new JsonTypes.ListMapping(mapping), "");
  }

  /** Such values by names, as objects. */
  public JsonType<Map<String, T>> map() {
    return new JsonType<>(new JsonTypes.MapMapping(mapping), "");
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public T parse(String text) {
    return read(Json.parse(text));
  }

  /**
   * The value that a text in UTF-8 stands for.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public T parse(byte[] utf8) {
    return read(Json.parse(utf8));
  }

  /**
   * The value that a tree stands for.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public T from(JsonValue tree) {
    return read(tree.raw());
  }

  @SuppressWarnings("unchecked") // The mapping is that of the type.
  private T read(Object json) {
    return placed(value -> (T) mapping.readElement(value), json);
  }

  private <A, B> B placed(Function<A, B> step, A from) {
    try {
      return step.apply(from);
    } catch (JsonException e) {
      throw name.isEmpty() ? e : e.in(name);
    }
  }

  /**
   * The text of a value, without blanks, with the members in the order of the components.
   *
   * @throws IllegalArgumentException if something in it is null, or a number that JSON does not
   *     have
   */
  public String text(T value) {
    return placed(
        written -> {
          JsonWriter out = new JsonWriter();
          mapping.writeElement(written, out);
          return out.text();
        },
        requireNonNull(value, "value"));
  }

  /**
   * The tree of a value.
   *
   * @throws IllegalArgumentException as {@link #text}
   */
  public JsonValue tree(T value) {
    return JsonValue.parse(text(value));
  }

  /** The name of the type. */
  @Override
  public String toString() {
    return "JsonType " + name;
  }
}
