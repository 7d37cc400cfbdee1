package io.libprocess.json;

import io.libprocess.internal.json.JsonException;
import io.libprocess.internal.json.JsonWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A sealed type as a JSON object with a member that says which of its records it is, and behind it
 * the members of that record.
 */
final class JsonSealed implements JsonMapping {

  private final String discriminator;
  private final Map<String, Class<?>> types = new LinkedHashMap<>(); // By their names.
  private final Map<Class<?>, String> names = new LinkedHashMap<>();
  private final Map<Class<?>, JsonRecord> records = new LinkedHashMap<>();

  JsonSealed(Class<?> type, JsonTypes mappings) {
    mappings.records.put(type, this);
    discriminator = JsonNames.discriminator(type);
    addPermitted(type, mappings);
  }

  private void addPermitted(Class<?> type, JsonTypes mappings) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        addPermitted(permitted, mappings);
      } else if (!permitted.isRecord()) {
        throw new JsonException(
            "has no JSON form: " + permitted.getTypeName() + " of a sealed type is no record");
      } else if (!records.containsKey(permitted)) {
        add(permitted, mappings);
      }
    }
  }

  private void add(Class<?> type, JsonTypes mappings) {
    String name = JsonNames.ofType(type);
    if (types.put(name, type) != null) {
      throw new JsonException("has no JSON form: two of its types are called " + name);
    }
    if (!(mappings.of(type) instanceof JsonRecord mapping)) {
      throw new JsonException(
          "has no JSON form: " + type.getTypeName() + " of a sealed type has an adapter");
    }
    if (Arrays.stream(type.getRecordComponents())
        .map(JsonNames::of)
        .anyMatch(discriminator::equals)) {
      throw new JsonException(
          "has no JSON form: "
              + type.getTypeName()
              + " has a component with the name of the member that tells the types apart, "
              + discriminator);
    }
    names.put(type, name);
    records.put(type, mapping);
  }

  @Override
  public Object read(Object json) {
    Map<?, ?> members = JsonMapping.expect(Map.class, "an object", json);
    Object name = members.get(discriminator);
    try {
      if (name == null) {
        throw new JsonException(members.containsKey(discriminator) ? "is null" : "is missing");
      }
      Class<?> type = types.get(JsonMapping.expect(String.class, "a string", name));
      if (type == null) {
        throw new JsonException("none of " + String.join(", ", types.keySet()));
      }
      return records.get(type).read(json);
    } catch (JsonException e) {
      throw name instanceof String known && types.containsKey(known) ? e : e.in(discriminator);
    }
  }

  @Override
  public void write(Object value, JsonWriter out) {
    out.beginObject().name(discriminator).value(names.get(value.getClass()));
    records.get(value.getClass()).writeMembers(value, out);
    out.endObject();
  }
}
