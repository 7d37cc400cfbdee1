package io.libprocess.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/**
 * Writes a JSON text without blanks, in the order of the calls. Text is escaped so that the result
 * is valid JavaScript as well, and has no unpaired surrogates. Not thread-safe.
 */
public final class JsonWriter {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();

  private int depth;
  private boolean behindValue; // Whether a comma is due before the next value or name.

  /** Makes a writer that has written nothing. */
  public JsonWriter() {}

  /** Opens an object; {@link #name} and a value for each member follow. */
  public JsonWriter beginObject() {
    return begin('{');
  }

  /** Closes the object. */
  public JsonWriter endObject() {
    return end('}');
  }

  /** Opens an array; its elements follow. */
  public JsonWriter beginArray() {
    return begin('[');
  }

  /** Closes the array. */
  public JsonWriter endArray() {
    return end(']');
  }

  private JsonWriter begin(char bracket) {
    if (depth == JsonLimits.DEFAULTS.depth()) {
      throw new JsonException("nested more than " + depth + " deep");
    }
    separate();
    depth++;
    behindValue = false;
    out.append(bracket);
    return this;
  }

  private JsonWriter end(char bracket) {
    depth--;
    behindValue = true;
    out.append(bracket);
    return this;
  }

  /** Writes the name of the next member. */
  public JsonWriter name(String name) {
    value(name);
    behindValue = false;
    out.append(':');
    return this;
  }

  /** Writes a string. */
  public JsonWriter value(String text) {
    separate();
    behindValue = true;
    quote(text);
    return this;
  }

  /** Writes an integer. */
  public JsonWriter value(long number) {
    return raw(Long.toString(number));
  }

  /**
   * Writes a number that shows a fraction or an exponent even if it is an integer.
   *
   * @throws JsonException if it is infinite or not a number
   */
  public JsonWriter value(double number) {
    return raw(finite(number, Double.toString(number)));
  }

  /** Writes a truth value. */
  public JsonWriter value(boolean truth) {
    return raw(Boolean.toString(truth));
  }

  /**
   * Writes any JSON value, given as a Java value.
   *
   * @param value may be null
   * @throws JsonException if it is or contains something that JSON cannot express
   */
  public JsonWriter any(Object value) {
    if (value instanceof String text) {
      return value(text);
    }
    if (value instanceof Map<?, ?> members) {
      beginObject();
      members.forEach((name, member) -> name((String) name).any(member));
      return endObject();
    }
    if (value instanceof Iterable<?> elements) {
      beginArray();
      elements.forEach(this::any);
      return endArray();
    }
    if (value == null || value instanceof Boolean || value instanceof JsonNumber) {
      return raw(String.valueOf(value));
    }
    return number(value);
  }

  /** Writes a value that is already JSON, for instance from another writer. */
  public JsonWriter json(String text) {
    return raw(text);
  }

  private JsonWriter number(Object value) {
    if (value instanceof Double || value instanceof Float) {
      return raw(finite(((Number) value).doubleValue(), value.toString()));
    }
    if (value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger
        || value instanceof BigDecimal) {
      return raw(value.toString());
    }
    throw new JsonException("JSON has no " + value.getClass().getName());
  }

  private static String finite(double number, String text) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new JsonException("JSON has no " + text);
    }
    return text;
  }

  private JsonWriter raw(String token) {
    separate();
    behindValue = true;
    out.append(token);
    return this;
  }

  private void separate() {
    if (behindValue) {
      out.append(',');
    }
  }

  private void quote(String text) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      out.append(text, done, i);
      escape(c);
      done = i + 1;
    }
    out.append(text, done, text.length()).append('"');
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 127 && c != '"' && c != '\\'
        || c > 0x9F && !Character.isSurrogate(c) && c != 0x2028 && c != 0x2029;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> out.append('\\').append(c);
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append("\\u")
              .append(HEX.charAt(c >> 12))
              .append(HEX.charAt(c >> 8 & 15))
              .append(HEX.charAt(c >> 4 & 15))
              .append(HEX.charAt(c & 15));
    }
  }

  /**
   * The text written so far.
   *
   * @throws IllegalStateException if an object or array is still open
   */
  public String text() {
    if (depth != 0) {
      throw new IllegalStateException(depth + " objects or arrays are open: " + out);
    }
    return out.toString();
  }
}
