package io.libprocess.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name in JSON of a component of a record, a constant of an enum, or a record of a sealed type,
 * if it is not the one in Java.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD, ElementType.TYPE})
public @interface JsonName {

  /** The name. */
  String value();
}
