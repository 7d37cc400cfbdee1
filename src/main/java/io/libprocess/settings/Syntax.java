package io.libprocess.settings;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The form that the text of a setting must have, with the conversion to a value. Sizes and counts
 * that do not fit are refused like any other value outside the range: nothing overflows.
 *
 * @param <T> the type of the value
 */
public final class Syntax<T> {

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})([KMGT]?)B?");
  private static final String UNITS = "KMGT"; // Each 1024 times the one before.

  private final String rule;
  private final Function<String, ? extends T> parser;

  private Syntax(String rule, Function<String, ? extends T> parser) {
    this.rule = rule;
    this.parser = parser;
  }

  /**
   * Makes a form.
   *
   * @param rule what a text must be, with an article: {@code an IP address}
   * @param parser the conversion, which throws an IllegalArgumentException that names the rule and
   *     the value
   */
  public static <T> Syntax<T> of(String rule, Function<String, ? extends T> parser) {
    return new Syntax<>(requireNonNull(rule, "rule"), requireNonNull(parser, "parser"));
  }

  /** Any text. */
  public static Syntax<String> text() {
    return of("a text", text -> text);
  }

  /** A path of the file system. */
  public static Syntax<Path> path() {
    return of("a path", Path::of);
  }

  /** A duration of zero or longer; it may mean for ever. */
  public static Syntax<Duration> duration() {
    return of(Durations.FORM, Durations::parse);
  }

  /** A duration longer than zero; it may mean for ever. */
  public static Syntax<Duration> positiveDuration() {
    return duration().that("a positive duration", value -> !value.isZero());
  }

  /** A whole number between two bounds, both included. */
  public static Syntax<Integer> count(int least, int most) {
    return of("a number in " + least + ".." + most, Syntax::number)
        .that("a number in " + least + ".." + most, value -> value >= least && value <= most)
        .map(Math::toIntExact);
  }

  /** A number of bytes, such as {@code 8192}, {@code 80K} or {@code 64MB}; K is 1024. */
  public static Syntax<Long> bytes(long least, long most) {
    String rule = "a number of bytes in " + least + ".." + most + " such as 8192, 80K, 64M or 1G";
    return of(rule, text -> size(rule, text)).that(rule, value -> value >= least && value <= most);
  }

  /** A truth value. */
  public static Syntax<Boolean> bool() {
    return of(
        "true, 1, false or 0",
        text ->
            switch (text) {
              case "true", "1" -> true;
              case "false", "0" -> false;
              default -> throw new IllegalArgumentException(refusal("true, 1, false or 0", text));
            });
  }

  /** One of the constants of an enum, by name in any case. */
  public static <E extends Enum<E>> Syntax<E> oneOf(Class<E> type) {
    List<E> all = List.of(type.getEnumConstants());
    String rule =
        all.stream()
            .map(constant -> constant.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "))
            .replaceFirst(", (?=[^,]*$)", " or ");
    return of(
        rule,
        text ->
            all.stream()
                .filter(constant -> constant.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(refusal(rule, text))));
  }

  /** A list of texts with a separator between them; none may be empty. */
  public static Syntax<List<String>> list(char separator) {
    String rule = "a list with '" + separator + "' between the items";
    return of(rule, text -> Arrays.asList(text.split(Pattern.quote("" + separator), -1)))
        .that(rule, items -> items.stream().noneMatch(String::isEmpty))
        .map(List::copyOf);
  }

  /** This form with a further rule, which replaces the first one in texts. */
  public Syntax<T> that(String narrower, Predicate<? super T> holds) {
    return of(
        narrower,
        text -> {
          T value = parse(text);
          if (!holds.test(value)) {
            throw new IllegalArgumentException(refusal(narrower, text));
          }
          return value;
        });
  }

  /** This form with a conversion of its value. */
  public <R> Syntax<R> map(Function<? super T, ? extends R> function) {
    return of(rule, text -> function.apply(parse(text)));
  }

  /** The rule for a text, in words. */
  public String rule() {
    return rule;
  }

  /**
   * Parses a text.
   *
   * @throws IllegalArgumentException if the text has another form; the message names the rule and
   *     the text
   */
  public T parse(String text) {
    return parser.apply(text);
  }

  private static String refusal(String rule, String text) {
    return "not " + rule + ": '" + text + "'";
  }

  private static long number(String text) {
    if (!NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("not a number of at most 18 digits: '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static long size(String rule, String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(refusal(rule, text));
    }
    long digits = Long.parseLong(matcher.group(1));
    int shift = matcher.group(2).isEmpty() ? 0 : 10 * (UNITS.indexOf(matcher.group(2)) + 1);
    if (digits > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException(refusal(rule, text));
    }
    return digits << shift;
  }
}
