package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Ways to cut bytes into pieces, which must not affect the result: the size of each piece is a
 * function of where it begins.
 */
public final class Cuts {

  static final IntUnaryOperator WHOLE = at -> Integer.MAX_VALUE;
  static final IntUnaryOperator BYTE_BY_BYTE = at -> 1;

  private Cuts() {}

  static IntUnaryOperator before(int cut) {
    return at -> at < cut ? cut - at : Integer.MAX_VALUE;
  }

  /** Gives the pieces of some bytes, one after the other. */
  public static void feed(byte[] wire, IntUnaryOperator sizes, Consumer<byte[]> reader) {
    for (int at = 0; at < wire.length; ) {
      int end = at + Math.min(wire.length - at, sizes.applyAsInt(at));
      reader.accept(Arrays.copyOfRange(wire, at, end));
      at = end;
    }
  }

  /** The results for bytes: whole, byte by byte, and cut at random. */
  public static <T> T compare(byte[] wire, Random random, Function<IntUnaryOperator, T> parser) {
    Supplier<String> text =
        () -> Arrays.toString(wire) + "\n" + new String(wire, StandardCharsets.ISO_8859_1);
    T whole = parser.apply(WHOLE);
    assertEquals(whole, parser.apply(BYTE_BY_BYTE), text);
    assertEquals(whole, parser.apply(before(random.nextInt(wire.length + 1))), text);
    int[] sizes = random.ints(64, 1, 12).toArray();
    assertEquals(whole, parser.apply(at -> sizes[at % sizes.length]), text);
    return whole;
  }
}
