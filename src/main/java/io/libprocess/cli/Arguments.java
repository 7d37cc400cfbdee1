package io.libprocess.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The arguments of a command line: options with a value, and the other words in order. */
final class Arguments {

  /** Options without a value. */
  private static final List<String> FLAGS = List.of("--json");

  private final Map<String, String> options = new HashMap<>();
  private final Deque<String> words = new ArrayDeque<>();

  Arguments(List<String> arguments) {
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String argument = left.poll();
      if (!argument.startsWith("--")) {
        words.add(argument);
        continue;
      }
      if (FLAGS.contains(argument)) {
        options.put(argument, "");
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String value = equals < 0 ? left.poll() : argument.substring(equals + 1);
      if (value == null) {
        throw new UsageException("option '" + name + "' needs a value");
      }
      options.put(name, value);
    }
  }

  /** Takes the value of an option. */
  <T> Optional<T> option(String name, Function<String, T> parse) {
    String value = options.remove(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse.apply(value));
    } catch (NumberFormatException e) {
      throw new UsageException("option '" + name + "': not a number: '" + value + "'");
    } catch (IllegalArgumentException e) {
      throw new UsageException("option '" + name + "': " + e.getMessage());
    }
  }

  /** Takes an option without a value, and tells whether it is there. */
  boolean flag(String name) {
    return options.remove(name) != null;
  }

  /** Takes the next word. */
  Optional<String> word() {
    return Optional.ofNullable(words.poll());
  }

  /** Takes the next word, which is required. */
  String word(String what) {
    return word().orElseThrow(() -> new UsageException("missing " + what));
  }

  /** Checks that no arguments are left. */
  void end() {
    options.keySet().stream()
        .findFirst()
        .ifPresent(
            name -> {
              throw new UsageException("unknown option '" + name + "'");
            });
    word()
        .ifPresent(
            word -> {
              throw new UsageException("unexpected argument '" + word + "'");
            });
  }
}
