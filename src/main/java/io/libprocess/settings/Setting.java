package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.BiConsumer;

/**
 * A setting that is read from a variable.
 *
 * @param <B> the builder that takes the value
 */
public final class Setting<B> {

  private final String variable;
  private final String standard;
  private final String rule;
  private final String description;
  private final BiConsumer<B, String> apply;

  private Setting(
      String variable,
      String standard,
      String rule,
      String description,
      BiConsumer<B, String> apply) {
    this.variable = requireNonNull(variable, "variable");
    this.standard = requireNonNull(standard, "standard");
    this.rule = rule;
    this.description = requireNonNull(description, "description");
    this.apply = apply;
  }

  /**
   * Makes a setting.
   *
   * @param variable its name in the environment, such as {@code LIBPROCESS_PORT}
   * @param syntax the form of its text
   * @param standard the text of the builder's default; empty if there is none
   * @param description its purpose, in a few words, for people
   * @param setter passes the value to a builder, which may refuse it with an
   *     IllegalArgumentException
   */
  public static <B, T> Setting<B> of(
      String variable,
      Syntax<? extends T> syntax,
      String standard,
      String description,
      BiConsumer<? super B, ? super T> setter) {
    requireNonNull(setter, "setter");
    return new Setting<>(
        variable,
        standard,
        syntax.rule(),
        description,
        (builder, text) -> setter.accept(builder, syntax.parse(text)));
  }

  /** Reads settings, in order, into a builder; variables that are not set change nothing. */
  public static <B> void read(List<Setting<B>> settings, Variables variables, B builder) {
    settings.forEach(setting -> setting.read(variables, builder));
  }

  /**
   * Passes the value to a builder, if the variable is set.
   *
   * @throws IllegalArgumentException if the value is not valid; the message names the variable, the
   *     value and the rule
   */
  public void read(Variables variables, B builder) {
    variables.value(variable).ifPresent(text -> apply(builder, text));
  }

  /**
   * Passes the value of a text to a builder.
   *
   * @throws IllegalArgumentException if the text is not valid; see {@link #read}
   */
  public void apply(B builder, String text) {
    try {
      apply.accept(builder, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
    }
  }

  /** The name of the variable. */
  public String variable() {
    return variable;
  }

  /** The text of the default; empty if there is none. */
  public String standard() {
    return standard;
  }

  /** The description for people: the name, the purpose, the form and the default. */
  public String describe() {
    String otherwise = standard.isEmpty() ? "none" : standard;
    return variable + ": " + description + " (" + rule + "; default: " + otherwise + ")";
  }

  @Override
  public String toString() {
    return variable;
  }
}
