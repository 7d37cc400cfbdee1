package io.libprocess.json;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The member of a JSON object that says which record of a sealed type it is; {@code type} for types
 * without this.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface JsonDiscriminator {

  /** The name of the member. */
  String value();
}
