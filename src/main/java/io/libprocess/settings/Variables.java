package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Where the texts of settings come from: system properties, and environment variables behind. */
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
   * Some variables and properties.
   *
   * @param environment by name, such as {@code LIBPROCESS_PORT}
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
   * Values from anywhere.
   *
   * @param values the value of a variable, or null if it is not set
   */
  public static Variables of(UnaryOperator<String> values) {
    return new Variables(requireNonNull(values, "values"));
  }

  /** The name of the system property that stands for a variable. */
  public static String property(String variable) {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  /** The value of a variable, without blanks around it. */
  public Optional<String> value(String variable) {
    return Optional.ofNullable(values.apply(variable)).map(String::trim);
  }
}
