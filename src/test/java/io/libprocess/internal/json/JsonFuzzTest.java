package io.libprocess.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.json.JsonType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Feeds random values to the writer and mutated texts to the reader. {@code -Dlibprocess.stress=50}
 * makes it a million inputs.
 */
class JsonFuzzTest {

  private static final int INPUTS =
      20_000 * Math.max(1, Integer.getInteger("libprocess.stress", 1));
  private static final Duration LIMIT = Duration.ofMinutes(2L + INPUTS / 20_000);

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u",
          "\\ud83d",
          "e",
          "E+",
          "-",
          ".",
          "0",
          "9",
          "1e999999999",
          "null",
          "true",
          "false",
          " ",
          "\n",
          "\0",
          "\ud800",
          "é",
          "😀",
          "\"name\":",
          "\"i\":",
          "[[[[[[[[",
          "{\"a\":{\"a\":");

  private record Inner(Optional<Double> d, List<String> names) {}

  private record Outer(int i, Optional<Inner> inner, Map<String, Long> longs) {}

  @Test
  void values_areReadAsTheyWereWritten() {
    Random random = new Random(20260102);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (int i = 0; i < INPUTS / 2; i++) {
            Object value = value(random, 4);
            String text = Json.text(value);
            assertEquals(value, Json.parse(text), text);
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertEquals(value, Json.parse(utf8), text);
            assertEquals(text, Json.text(Json.parse(text)));
          }
        });
  }

  @Test
  void mutatedTexts_areReadOrRefused() {
    Random random = new Random(20260103);
    JsonType<Outer> record = JsonType.of(Outer.class);
    String fitting =
        record.text(
            new Outer(
                5, Optional.of(new Inner(Optional.of(1.5), List.of("a", "b"))), Map.of("k", 7L)));
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          int accepted = 0;
          int fitted = 0;
          for (int i = 0; i < INPUTS; i++) {
            String seed = random.nextBoolean() ? fitting : Json.text(value(random, 4));
            String text = mutated(seed, random);
            accepted += accepts(() -> Json.text(Json.parse(text))) ? 1 : 0;
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            fitted += accepts(() -> record.text(record.parse(utf8))) ? 1 : 0;
          }
          assertTrue(accepted > INPUTS / 20 && accepted < INPUTS / 2, "accepted " + accepted);
          assertTrue(fitted > INPUTS / 100 && fitted < INPUTS / 2, "fitted " + fitted);
        });
  }

  private static boolean accepts(Runnable reading) {
    try {
      reading.run();
      return true;
    } catch (JsonException e) {
      return false;
    }
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> null;
      case 1 -> random.nextBoolean();
      case 2, 3 -> string(random);
      case 4 -> new JsonNumber(number(random));
      case 5 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth - 1));
        }
        yield list;
      }
      default -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put(string(random), value(random, depth - 1));
        }
        yield map;
      }
    };
  }

  private static String number(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Long.toString(random.nextLong());
      case 1 -> Double.toString(Double.longBitsToDouble(random.nextLong() & ~(1L << 62)));
      default -> random.nextInt(100) + "." + random.nextInt(100) + "e-" + random.nextInt(1000);
    };
  }

  private static String string(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      if (random.nextInt(4) > 0) {
        text.append((char) random.nextInt(128));
      } else {
        text.append((char) random.nextInt(65536));
      }
    }
    return text.toString();
  }

  private static String mutated(String seed, Random random) {
    StringBuilder text = new StringBuilder(seed);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(6));
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(at, end));
        default -> text.insert(at, (char) random.nextInt(300));
      }
    }
    return text.toString();
  }
}
