package io.libprocess.json;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;

/** The names of things in JSON: as in Java, unless they say otherwise. */
final class JsonNames {

  private static final String DISCRIMINATOR = "type";

  private JsonNames() {}

  static String of(RecordComponent component) {
    return named(component, component.getName());
  }

  static String ofType(Class<?> type) {
    return named(type, type.getSimpleName());
  }

  static String ofConstant(Enum<?> constant) {
    try {
      return named(constant.getDeclaringClass().getField(constant.name()), constant.name());
    } catch (NoSuchFieldException e) {
      throw new AssertionError("every constant is a field", e);
    }
  }

  private static String named(AnnotatedElement element, String own) {
    JsonName name = element.getAnnotation(JsonName.class);
    return name == null ? own : name.value();
  }

  /** The member that says which of the records of a sealed type an object is. */
  static String discriminator(Class<?> type) {
    JsonDiscriminator named = type.getAnnotation(JsonDiscriminator.class);
    return named == null ? DISCRIMINATOR : named.value();
  }
}
