package io.libprocess.internal.json;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the mappings of types; remembers the records it has met, so that these may be recursive.
 */
final class JsonTypes {

  final Map<Class<?>, JsonRecord<?>> records = new HashMap<>();

  JsonMapping of(Type type) {
    if (type instanceof Class<?> plain) {
      if (plain.isRecord()) {
        return record(plain.asSubclass(Record.class));
      }
      return JsonScalar.of(plain).orElseThrow(() -> unknown(type));
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
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapMapping(of(arguments[1]));
      }
    }
    throw unknown(type);
  }

  private JsonMapping record(Class<? extends Record> type) {
    JsonRecord<?> known = records.get(type);
    return known != null ? known : new JsonRecord<>(type, this);
  }

  private static JsonException unknown(Type type) {
    return new JsonException(
        "has no JSON form: "
            + type.getTypeName()
            + "; there are booleans, numbers, String, enums, records, Optional, List, and Map with"
            + " String keys");
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

  private record ListMapping(JsonMapping element) implements JsonMapping {

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
      out.beginArray();
      int i = 0;
      for (Object written : (List<?>) value) {
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

  private record MapMapping(JsonMapping member) implements JsonMapping {

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
