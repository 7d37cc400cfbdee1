package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The source of the texts of settings: system properties and, after them, environment variables.
 */
public final class Variables {

  private final UnaryOperator<String> values;

  private Variables(UnaryOperator<String> values) {
    this.values = values;
  }

  /** The environment variables and system properties of this JVM. */
  public static Variables ofJvm() {
    return of(System.getenv(), System::getProperty);
  }

  /**
   * Makes a source of given variables and properties.
   *
   * @param environment the variables by name, such as {@code LIBPROCESS_PORT}
   * @param property the value by a name such as {@code libprocess.port}, or null
   */
  public static Variables of(Map<String, String> environment, UnaryOperator<String> property) {
    requireNonNull(environment, "environment");
    requireNonNull(property, "property");
    return of(
        name -> {
          String text = property.apply(property(name));
          return text != null ? text : environment.get(name);
        });
  }

  /**
   * Makes a source of values from a function.
   *
   * @param values the value of a variable, or null if it is not set
   */
  public static Variables of(UnaryOperator<String> values) {
    return new Variables(requireNonNull(values, "values"));
  }

  /** The name of the system property for a variable. */
  public static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The value of a variable, without surrounding blanks. */
  public Optional<String> value(String variable) {
    return Optional.ofNullable(values.apply(variable)).map(String::trim);
  }
}
