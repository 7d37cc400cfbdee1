package io.libprocess.json;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The types that have a JSON form: those of {@link JsonType}, and those with adapters. Immutable,
 * for any thread, and meant to be kept: it remembers what it has found out about types.
 *
 * <pre>{@code
 * static final JsonForms FORMS =
 *     JsonForms.standard()
 *         .with(
 *             Currency.class,
 *             JsonAdapter.ofText(Currency::getInstance, Currency::getCurrencyCode));
 * static final JsonType<Price> PRICE = FORMS.type(Price.class);
 * }</pre>
 */
public final class JsonForms {

  private static final JsonForms STANDARD = new JsonForms(Map.of(JsonValue.class, new Tree()));

  /** Of the standard forms, which must not keep classes alive. */
  private static final ClassValue<JsonMapping> KNOWN =
      new ClassValue<>() {
        @Override
        protected JsonMapping computeValue(Class<?> type) {
          return STANDARD.made(type);
        }
      };

  private final Map<Class<?>, JsonMapping> adapters;
  private final Map<Class<?>, JsonMapping> known = new ConcurrentHashMap<>();

  private JsonForms(Map<Class<?>, JsonMapping> adapters) {
    this.adapters = adapters;
  }

  /** A tree as it is. */
  private static final class Tree implements JsonMapping {

    @Override
    public Object read(Object json) {
      return new JsonValue(json);
    }

    @Override
    public Object absent(String problem) {
      if (problem.equals(NULL)) {
        return JsonValue.NULL;
      }
      throw new JsonException(problem);
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.any(((JsonValue) value).raw());
    }
  }

  private record Adapted<T>(Class<T> type, JsonAdapter<T> adapter) implements JsonMapping {

    @Override
    public Object read(Object json) {
      T value;
      try {
        value = adapter.read(new JsonValue(json));
      } catch (JsonException e) {
        throw e;
      } catch (RuntimeException e) {
        throw new JsonException("refused: " + e, e);
      }
      if (value == null) {
        throw new JsonException("the adapter of " + type.getSimpleName() + " made null of it");
      }
      return value;
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.any(adapter.write(type.cast(value)).raw());
    }
  }

  /** Those that {@code Codec.json}, {@code Request.json} and {@code Response.json} know. */
  public static JsonForms standard() {
    return STANDARD;
  }

  /** These and one more, in place of that which the type has. */
  public <T> JsonForms with(Class<T> type, JsonAdapter<T> adapter) {
    Map<Class<?>, JsonMapping> more = new HashMap<>(adapters);
    more.put(requireNonNull(type, "type"), new Adapted<>(type, requireNonNull(adapter, "adapter")));
    return new JsonForms(more);
  }

  /**
   * The form of a class.
   *
   * @throws IllegalArgumentException if it has none: the text says which part of it
   */
  public <T> JsonType<T> type(Class<T> type) {
    JsonMapping mapping;
    if (this == STANDARD) {
      mapping = KNOWN.get(type);
    } else {
      mapping = known.get(type);
      if (mapping == null) { // Made twice if two threads come first; they are the same.
        mapping = made(type);
        known.put(type, mapping);
      }
    }
    return new JsonType<>(mapping, type.getSimpleName());
  }

  private JsonMapping made(Class<?> type) {
    return new JsonTypes(adapters).of(type);
  }
}
