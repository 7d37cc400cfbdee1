package io.libprocess.json;

import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Records as JSON objects, whose members are named like the components. Each component must be
 * there and not null, but for an {@code Optional}, which is empty then, and is left out if it is
 * empty. Members that the record does not know are ignored, so that peers may add some.
 */
final class JsonRecord implements JsonMapping {

  private record Component(String name, Method accessor, JsonMapping mapping) {}

  private final Constructor<?> constructor;
  private final List<Component> components = new ArrayList<>();

  JsonRecord(Class<?> type, JsonTypes types) {
    types.records.put(type, this);
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
        String name = JsonNames.of(component);
        if (has(name)) {
          throw new JsonException("has no JSON form: another component has the name " + name);
        }
        components.add(new Component(name, component.getAccessor(), mapping));
      } catch (JsonException e) {
        throw e.in(component.getName()).in(type.getSimpleName());
      }
    }
    if (!accessible) {
      throw new JsonException(
          type.getName() + " is out of reach: its module has to say '" + opening(type) + "'");
    }
  }

  /** The declaration that the module of a record needs. */
  private static String opening(Class<?> type) {
    Module own = JsonRecord.class.getModule();
    String to = own.isNamed() ? " to " + own.getName() : ""; // Nothing names the class path.
    return "opens " + type.getPackageName() + to + ";";
  }

  private boolean has(String name) {
    return components.stream().anyMatch(component -> component.name.equals(name));
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
                    members.containsKey(component.name) ? NULL : "is missing");
      } catch (JsonException e) {
        throw e.in(component.name);
      }
    }
    return make(values);
  }

  private Object make(Object[] values) {
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
    writeMembers(value, out);
    out.endObject();
  }

  /** Writes what is between the brackets. */
  void writeMembers(Object value, JsonWriter out) {
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
