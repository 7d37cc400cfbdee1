package io.libprocess.json;

import io.libprocess.internal.json.Json;
import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonWriter;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the mappings of types; remembers the records it has met, so that these may be recursive.
 */
final class JsonTypes {

  final Map<Class<?>, JsonMapping> records = new HashMap<>(); // And sealed types.
  private final Map<Class<?>, JsonMapping> adapters;

  JsonTypes(Map<Class<?>, JsonMapping> adapters) {
    this.adapters = adapters;
  }

  JsonMapping of(Type type) {
    if (type instanceof Class<?> plain) {
      return ofClass(plain);
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        JsonMapping content = of(arguments[0]);
        if (content instanceof OptionalMapping) {
          throw unknown(type); // Its two kinds of absence would look the same.
        }
        return new OptionalMapping(content);
      }
      if (generic.getRawType() == List.class) {
        return new ListMapping(of(arguments[0]));
      }
      if (generic.getRawType() == Set.class) {
        return new SetMapping(of(arguments[0]));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapMapping(of(arguments[1]));
      }
    }
    throw unknown(type);
  }

  private JsonMapping ofClass(Class<?> type) {
    JsonMapping adapter = adapters.get(type);
    if (adapter != null) {
      return adapter;
    }
    JsonMapping known = records.get(type);
    if (known != null) {
      return known;
    }
    if (type.isRecord()) {
      return new JsonRecord(type, this);
    }
    if (type.isSealed() && !type.isEnum()) { // As enums are whose constants have bodies.
      return new JsonSealed(type, this);
    }
    return JsonScalar.of(type)
        .orElseGet(
            () -> {
              if (!type.isArray()) {
                throw unknown(type);
              }
              return new ArrayMapping(type.getComponentType(), ofClass(type.getComponentType()));
            });
  }

  private static JsonException unknown(Type type) {
    return new JsonException(
        "has no JSON form: "
            + type.getTypeName()
            + "; there are booleans, numbers, String, enums, times and durations, UUID, URI,"
            + " JsonValue, records, sealed types of records, arrays, Optional, List, Set, and Map"
            + " with String keys, and what JsonForms.with adds");
  }

  /** An optional value: an absent one is left out of objects, and null in arrays. */
  private record OptionalMapping(JsonMapping content) implements JsonMapping {

    @Override
    public Object read(Object json) {
      return Optional.of(content.read(json));
    }

    @Override
    public void write(Object value, JsonWriter out) {
      content.write(((Optional<?>) value).orElseThrow(), out);
    }

    @Override
    public Object absent(String problem) {
      return Optional.empty();
    }

    @Override
    public boolean isAbsent(Object value) {
      return ((Optional<?>) value).isEmpty();
    }
  }

  record ListMapping(JsonMapping element) implements JsonMapping {

    @Override
    public Object read(Object json) {
      List<?> elements = JsonMapping.expect(List.class, "an array", json);
      List<Object> values = new ArrayList<>(elements.size());
      for (Object value : elements) {
        try {
          values.add(element.readElement(value));
        } catch (JsonException e) {
          throw e.in("[" + values.size() + "]");
        }
      }
      return Collections.unmodifiableList(values);
    }

    @Override
    public void write(Object value, JsonWriter out) {
      writeAll((Iterable<?>) value, out);
    }

    void writeAll(Iterable<?> values, JsonWriter out) {
      out.beginArray();
      int i = 0;
      for (Object written : values) {
        try {
          element.writeElement(written, out);
        } catch (JsonException e) {
          throw e.in("[" + i + "]");
        }
        i++;
      }
      out.endArray();
    }
  }

  /** An array without repetitions. */
  private record SetMapping(ListMapping elements) implements JsonMapping {

    SetMapping(JsonMapping element) {
      this(new ListMapping(element));
    }

    @Override
    public Object read(Object json) {
      Set<Object> values = new LinkedHashSet<>();
      for (Object value : (List<?>) elements.read(json)) {
        if (!values.add(value)) {
          throw new JsonException("has an element twice").in("[" + values.size() + "]");
        }
      }
      return Collections.unmodifiableSet(values);
    }

    @Override
    public void write(Object value, JsonWriter out) {
      elements.writeAll((Set<?>) value, out);
    }
  }

  private record ArrayMapping(Class<?> type, ListMapping elements) implements JsonMapping {

    ArrayMapping(Class<?> type, JsonMapping element) {
      this(type, new ListMapping(element));
    }

    @Override
    public Object read(Object json) {
      List<?> values = (List<?>) elements.read(json);
      Object array = Array.newInstance(type, values.size());
      for (int i = 0; i < values.size(); i++) {
        Array.set(array, i, values.get(i));
      }
      return array;
    }

    @Override
    public void write(Object value, JsonWriter out) {
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        values.add(Array.get(value, i));
      }
      elements.writeAll(values, out);
    }
  }

  record MapMapping(JsonMapping member) implements JsonMapping {

    @Override
    public Object read(Object json) {
      Map<?, ?> members = JsonMapping.expect(Map.class, "an object", json);
      Map<String, Object> values = new LinkedHashMap<>();
      for (Map.Entry<?, ?> entry : members.entrySet()) {
        String name = (String) entry.getKey();
        try {
          values.put(name, member.readElement(entry.getValue()));
        } catch (JsonException e) {
          throw e.in("[" + Json.text(name) + "]");
        }
      }
      return Collections.unmodifiableMap(values);
    }

    @Override
    public void write(Object value, JsonWriter out) {
      out.beginObject();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        if (entry.getKey() == null) {
          throw new JsonException("has a null key");
        }
        String name = (String) entry.getKey();
        try {
          out.name(name);
          member.writeElement(entry.getValue(), out);
        } catch (JsonException e) {
          throw e.in("[" + Json.text(name) + "]");
        }
      }
      out.endObject();
    }
  }
}
