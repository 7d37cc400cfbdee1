package io.libprocess.json;

import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonNumber;
import io.libprocess.internal.json.JsonWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Truth values, numbers, strings, enums, and what has a text of a standard form. */
final class JsonScalar {

  private static final int LONGEST = 64; // Text of a time.
  private static final int LONGEST_URI = 16_384;
  private static final int UUID_LENGTH = 36;

  private static final Map<Class<?>, JsonMapping> MAPPINGS = new HashMap<>();

  static {
    integer(Byte.class, byte.class, Byte.MIN_VALUE, Byte.MAX_VALUE, value -> (byte) (long) value);
    integer(
        Short.class, short.class, Short.MIN_VALUE, Short.MAX_VALUE, value -> (short) (long) value);
    integer(
        Integer.class,
        int.class,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        value -> (int) (long) value);
    integer(Long.class, long.class, Long.MIN_VALUE, Long.MAX_VALUE, value -> value);
    number(Double.class, double.class, JsonNumber::floating);
    number(Float.class, float.class, JsonScalar::floatOf);
    number(BigDecimal.class, BigDecimal.class, JsonNumber::decimal);
    number(BigInteger.class, BigInteger.class, JsonNumber::bigInteger);
    JsonMapping truth = new Plain<>(Boolean.class, "a boolean", value -> value);
    MAPPINGS.put(Boolean.class, truth);
    MAPPINGS.put(boolean.class, truth);
    MAPPINGS.put(String.class, new Plain<>(String.class, "a string", value -> value));
    text(Instant.class, "a time such as 2026-11-28T12:00:00Z", LONGEST, Instant::parse);
    text(Duration.class, "a duration such as PT1H30M or PT0.5S", LONGEST, Duration::parse);
    text(LocalDate.class, "a date such as 2026-11-28", LONGEST, LocalDate::parse);
    text(LocalTime.class, "a time such as 12:00:00", LONGEST, LocalTime::parse);
    text(LocalDateTime.class, "a time such as 2026-11-28T12:00", LONGEST, LocalDateTime::parse);
    text(
        OffsetDateTime.class,
        "a time such as 2026-11-28T12:00+01:00",
        LONGEST,
        OffsetDateTime::parse);
    text(UUID.class, "a UUID", UUID_LENGTH, JsonScalar::uuid);
    text(URI.class, "a URI", LONGEST_URI, URI::create);
    text(
        byte[].class,
        "Base64",
        Integer.MAX_VALUE,
        Base64.getDecoder()::decode,
        Base64.getEncoder()::encodeToString);
  }

  private JsonScalar() {}

  /** One JSON kind, and what becomes of it. */
  private record Plain<T>(Class<T> kind, String due, Function<T, ?> convert)
      implements JsonMapping {

    @Override
    public Object read(Object json) {
      return convert.apply(JsonMapping.expect(kind, due, json));
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.any(value);
    }
  }

  /** A value written as a string in a form that its type reads and writes itself. */
  private record Text(
      String due, int most, Function<String, ?> parse, Function<Object, String> text)
      implements JsonMapping {

    @Override
    public Object read(Object json) {
      String given = JsonMapping.expect(String.class, "a string", json);
      if (given.length() <= most) {
        try {
          return parse.apply(given);
        } catch (RuntimeException e) {
          // Falls through. The text is not repeated: it may be secret.
        }
      }
      throw new JsonException("not " + due);
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.value(text.apply(value));
    }
  }

  private static final class EnumMapping implements JsonMapping {

    private final Class<?> type;
    private final Map<String, Object> constants = new HashMap<>();
    private final Map<Object, String> names = new HashMap<>();

    EnumMapping(Class<?> type) {
      this.type = type;
      for (Object constant : type.getEnumConstants()) {
        String name = JsonNames.ofConstant((Enum<?>) constant);
        if (constants.put(name, constant) != null) {
          throw new JsonException(
              "has no JSON form: two constants of " + type.getSimpleName() + " are called " + name);
        }
        names.put(constant, name);
      }
    }

    @Override
    public Object read(Object json) {
      Object constant = constants.get(JsonMapping.expect(String.class, "a string", json));
      if (constant == null) {
        throw new JsonException("no constant of " + type.getSimpleName() + " has this name");
      }
      return constant;
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.value(names.get(value));
    }
  }

  private static <T> void text(
      Class<T> type, String due, int most, Function<String, T> parse, Function<T, String> text) {
    MAPPINGS.put(type, new Text(due, most, parse, value -> text.apply(type.cast(value))));
  }

  private static <T> void text(Class<T> type, String due, int most, Function<String, T> parse) {
    text(type, due, most, parse, Object::toString);
  }

  private static UUID uuid(String text) {
    UUID parsed = UUID.fromString(text);
    if (text.length() != UUID_LENGTH) {
      throw new IllegalArgumentException("a part of a UUID is too short");
    }
    return parsed;
  }

  private static void integer(
      Class<?> type, Class<?> primitive, long lowest, long highest, Function<Long, ?> narrow) {
    number(type, primitive, number -> narrow.apply(number.integer(lowest, highest)));
  }

  private static void number(Class<?> type, Class<?> primitive, Function<JsonNumber, ?> convert) {
    JsonMapping mapping = new Plain<>(JsonNumber.class, "a number", convert);
    MAPPINGS.put(type, mapping);
    MAPPINGS.put(primitive, mapping);
  }

  private static float floatOf(JsonNumber number) {
    float value = Float.parseFloat(number.text());
    if (Float.isInfinite(value)) {
      throw new JsonException("beyond the range of a float: " + number);
    }
    return value;
  }

  /** The mapping of a scalar type. */
  static Optional<JsonMapping> of(Class<?> type) {
    return type.isEnum()
        ? Optional.of(new EnumMapping(type))
        : Optional.ofNullable(MAPPINGS.get(type));
  }
}
