package io.libprocess.json;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;

/**
 * The JSON form of a type that has none by itself. It is asked by several threads at once.
 *
 * @param <T> the type
 */
public interface JsonAdapter<T> {

  /**
   * The value that some JSON stands for.
   *
   * @param json not {@code null} in JSON
   * @throws RuntimeException anything, if it stands for none: what was to be read is then refused,
   *     with the text of the exception
   */
  T read(JsonValue json);

  /** The JSON for a value. */
  JsonValue write(T value);

  /**
   * An adapter of strings: {@code JsonAdapter.ofText(Currency::getInstance,
   * Currency::getCurrencyCode)}.
   *
   * @param parse may throw anything
   */
  static <T> JsonAdapter<T> ofText(Function<String, T> parse, Function<T, String> text) {
    requireNonNull(parse, "parse");
    requireNonNull(text, "text");
    return new JsonAdapter<>() {
      @Override
      public T read(JsonValue json) {
        return parse.apply(json.asString());
      }

      @Override
      public JsonValue write(T value) {
        return JsonValue.of(text.apply(value));
      }
    };
  }
}
