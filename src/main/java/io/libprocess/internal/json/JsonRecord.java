package io.libprocess.internal.json;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Maps records to JSON objects, whose members are named like the components.
 *
 * <p>A component is a boolean, a number, a string, an enum (the name of its constant), a record, or
 * an {@code Optional}, {@code List} or {@code Map} with string keys of these. Each must be present
 * and not null, except an {@code Optional}, which is then empty, and which is left out if it is
 * empty. Members that the record does not know are ignored, so that peers may add some.
 *
 * @param <R> the record
 */
public final class JsonRecord<R extends Record> implements JsonMapping {

  private static final ClassValue<JsonRecord<?>> KNOWN =
      new ClassValue<>() {
        @Override
        protected JsonRecord<?> computeValue(Class<?> type) {
          return new JsonRecord<>(type.asSubclass(Record.class), new JsonTypes());
        }
      };

  private record Component(String name, Method accessor, JsonMapping mapping) {}

  private final Class<R> type;
  private final Constructor<R> constructor;
  private final List<Component> components = new ArrayList<>();

  JsonRecord(Class<R> type, JsonTypes types) {
    types.records.put(type, this);
    this.type = type;
    RecordComponent[] declared = type.getRecordComponents();
    try {
      constructor =
          type.getDeclaredConstructor(
              Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every record has a canonical constructor", e);
    }
    boolean accessible = constructor.trySetAccessible();
    for (RecordComponent component : declared) {
      accessible &= component.getAccessor().trySetAccessible();
      try {
        JsonMapping mapping = types.of(component.getGenericType());
        components.add(new Component(component.getName(), component.getAccessor(), mapping));
      } catch (JsonException e) {
        throw e.in(component.getName()).in(type.getSimpleName());
      }
    }
    if (!accessible) {
      throw new JsonException(
          type.getName() + " is out of reach: open its package to the module io.libprocess");
    }
  }

  /**
   * The mapping of a record type.
   *
   * @throws JsonException if a component has a type that has no JSON form, or the record's package
   *     is not open to this module
   */
  @SuppressWarnings("unchecked") // The mapping is of that type.
  public static <R extends Record> JsonRecord<R> of(Class<R> type) {
    return (JsonRecord<R>) KNOWN.get(type);
  }

  /**
   * Parses a record from text in UTF-8.
   *
   * @throws JsonException if the text is not JSON or does not fit; the message names the component
   */
  public R parse(byte[] utf8) {
    Object json = Json.parse(utf8);
    try {
      return type.cast(readElement(json));
    } catch (JsonException e) {
      throw e.in(type.getSimpleName());
    }
  }

  /**
   * The text for a record.
   *
   * @throws JsonException if a component is null or a number that JSON cannot express
   */
  public String text(R value) {
    JsonWriter out = new JsonWriter();
    try {
      write(value, out);
    } catch (JsonException e) {
      throw e.in(type.getSimpleName());
    }
    return out.text();
  }

  /** The text for a record; see {@link #text(Record)}. */
  @SuppressWarnings("unchecked") // The mapping is that of the value's class.
  public static String textOf(Record value) {
    return ((JsonRecord<Record>) of(value.getClass())).text(value);
  }

  @Override
  public Object read(Object json) {
    Map<?, ?> members = JsonMapping.expect(Map.class, "an object", json);
    Object[] values = new Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i);
      Object member = members.get(component.name);
      try {
        values[i] =
            member != null
                ? component.mapping.read(member)
                : component.mapping.absent(
                    members.containsKey(component.name) ? "is null" : "is missing");
      } catch (JsonException e) {
        throw e.in(component.name);
      }
    }
    return make(values);
  }

  private R make(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new JsonException("refused: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(constructor + " is accessible and not abstract", e);
    }
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginObject();
    for (Component component : components) {
      try {
        Object member = valueOf(component, value);
        if (member == null) {
          throw new JsonException("is null");
        }
        if (!component.mapping.isAbsent(member)) {
          out.name(component.name);
          component.mapping.write(member, out);
        }
      } catch (JsonException e) {
        throw e.in(component.name);
      }
    }
    out.endObject();
  }

  private static Object valueOf(Component component, Object value) {
    try {
      return component.accessor.invoke(value);
    } catch (InvocationTargetException e) {
      throw new JsonException("cannot be read: " + e.getCause(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(component.accessor + " is accessible", e);
    }
  }
}
