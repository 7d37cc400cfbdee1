package io.libprocess.json;

import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonNumber;
import io.libprocess.internal.json.JsonWriter;

/** Converts the values of one Java type from and to JSON. */
interface JsonMapping {

  /** The problem of a value that is null. */
  String NULL = "is null";

  /**
   * Converts a JSON value to a Java value.
   *
   * @param json not null
   * @throws JsonException if it is not a value of the type
   */
  Object read(Object json);

  /**
   * Writes a Java value of the type.
   *
   * @param value not null
   * @throws JsonException if JSON cannot express it
   */
  void write(Object value, JsonWriter out);

  /**
   * The value of a member that is null or missing.
   *
   * @throws JsonException if the type has no such value
   */
  default Object absent(String problem) {
    throw new JsonException(problem);
  }

  /** Whether a member with this value, not null, is left out. */
  default boolean isAbsent(Object value) {
    return false;
  }

  /** Like {@link #read}, for an element that may be null. */
  default Object readElement(Object json) {
    return json == null ? absent(NULL) : read(json);
  }

  /** Like {@link #write}, for an element that may be null or represent null. */
  default void writeElement(Object value, JsonWriter out) {
    if (value == null) {
      throw new JsonException("is null");
    }
    if (isAbsent(value)) {
      out.any(null);
    } else {
      write(value, out);
    }
  }

  /** The kind of a JSON value, for error texts. */
  static String kindOf(Object json) {
    if (json instanceof String) {
      return "a string";
    }
    if (json instanceof JsonNumber) {
      return "a number";
    }
    if (json instanceof Boolean) {
      return "a boolean";
    }
    return json instanceof Iterable ? "an array" : "an object";
  }

  /** Casts a JSON value to a kind, or throws. */
  static <T> T expect(Class<T> kind, String due, Object json) {
    if (kind.isInstance(json)) {
      return kind.cast(json);
    }
    throw new JsonException(kindOf(json) + " where " + due + " is due");
  }
}
