package io.libprocess.internal.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Parses JSON values from text and writes them. */
public final class Json {

  private Json() {}

  /**
   * Parses a text, within the {@linkplain JsonLimits#DEFAULTS default limits}.
   *
   * @return null for {@code null}
   * @throws JsonException if the text is not JSON, or has a member twice
   */
  public static Object parse(String text) {
    return parse(text, JsonLimits.DEFAULTS);
  }

  /** Parses a text like {@link #parse(String)}, within given limits. */
  public static Object parse(String text, JsonLimits limits) {
    return new JsonReader(text, limits).read();
  }

  /**
   * Like {@link #parse(String)}, for text in UTF-8.
   *
   * @throws JsonException also if the text is not UTF-8
   */
  public static Object parse(byte[] utf8) {
    return parse(utf8, JsonLimits.DEFAULTS);
  }

  /** Like {@link #parse(byte[])}, within given limits. */
  public static Object parse(byte[] utf8, JsonLimits limits) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(utf8);
      return parse(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), limits);
    } catch (CharacterCodingException e) {
      throw new JsonException("not UTF-8", e);
    }
  }

  /**
   * The text of a value: without blanks, members in the order of their map.
   *
   * @throws JsonException if it is or contains anything other than a JSON value or a number
   */
  public static String text(Object value) {
    return new JsonWriter().any(value).text();
  }
}
