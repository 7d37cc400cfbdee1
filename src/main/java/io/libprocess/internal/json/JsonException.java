package io.libprocess.internal.json;

/**
 * A text that is not the JSON it should be, or a value that JSON cannot express. It has no stack
 * trace. Its message never repeats the content of a text except numbers and names.
 */
public final class JsonException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String place; // Such as `Order.lines[2].count`; may be empty.
  private final String problem;

  /** Makes a failure of the whole text, or at a position that the message gives. */
  public JsonException(String problem) {
    this(problem, null);
  }

  /** Makes a failure with a message and a cause. */
  public JsonException(String problem, Throwable cause) {
    this("", problem, cause);
  }

  private JsonException(String place, String problem, Throwable cause) {
    super(place.isEmpty() ? problem : place + ": " + problem, cause);
    this.place = place;
    this.problem = problem;
  }

  /** The same problem, seen from the value around the one that has it. */
  public JsonException in(String step) {
    String inner = place.isEmpty() || place.startsWith("[") ? place : "." + place;
    return new JsonException(step + inner, problem, getCause());
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
