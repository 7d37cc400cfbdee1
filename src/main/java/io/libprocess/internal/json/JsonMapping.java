package io.libprocess.internal.json;

/** How the values of one Java type stand in JSON. */
interface JsonMapping {

  /**
   * The Java value of a JSON value.
   *
   * @param json not null
   * @throws JsonException if it is none of the type
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
   * What stands for a member that is null or not there.
   *
   * @throws JsonException if the type has nothing for that
   */
  default Object absent(String problem) {
    throw new JsonException(problem);
  }

  /** Whether a member with this value, not null, is left out. */
  default boolean isAbsent(Object value) {
    return false;
  }

  /** Does the same as {@link #read}, for an element that may be null. */
  default Object readElement(Object json) {
    return json == null ? absent("is null") : read(json);
  }

  /** Does the same as {@link #write}, for an element that may be null or stand for it. */
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

  /** What a JSON value is, for error texts. */
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

  /** A JSON value of a kind. */
  static <T> T expect(Class<T> kind, String due, Object json) {
    if (kind.isInstance(json)) {
      return kind.cast(json);
    }
    throw new JsonException(kindOf(json) + " where " + due + " is due");
  }
}
