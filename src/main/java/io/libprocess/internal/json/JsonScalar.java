package io.libprocess.internal.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The mappings of truth values, numbers, strings and enums. */
final class JsonScalar {

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
  }

  private JsonScalar() {}

  /** The mapping of one kind of JSON values, with a conversion. */
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

  private record EnumMapping(Class<? extends Enum<?>> type) implements JsonMapping {

    @Override
    public Object read(Object json) {
      String name = JsonMapping.expect(String.class, "a string", json);
      for (Enum<?> constant : type.getEnumConstants()) {
        if (constant.name().equals(name)) {
          return constant;
        }
      }
      throw new JsonException("no constant of " + type.getSimpleName() + " has this name");
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.value(((Enum<?>) value).name());
    }
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
  @SuppressWarnings("unchecked") // The type is an enum.
  static Optional<JsonMapping> of(Class<?> type) {
    return type.isEnum()
        ? Optional.of(new EnumMapping((Class<? extends Enum<?>>) type))
        : Optional.ofNullable(MAPPINGS.get(type));
  }
}
