package io.libprocess.http.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * Raw bytes, in ISO 8859-1, and their expected result; from a file whose head explains the format.
 */
record Corpus(String title, String outcome, String wire) {

  private static final Path FOLDER = Path.of("src/test/java/io/libprocess/http/http1");
  private static final String END = "<end>";
  private static final String WAIT = "<wait>";

  /** All cases of a file. */
  static List<Corpus> read(String file) {
    String text;
    try {
      text = Files.readString(FOLDER.resolve(file)).replaceAll("(?m)^# .*\n|^#\n", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Stream.of(text.split("(?m)^= "))
        .filter(block -> !block.isBlank())
        .map(Corpus::parse)
        .toList();
  }

  private static Corpus parse(String block) {
    String[] lines = block.split("\n", 3);
    return new Corpus(lines[0], unescaped(lines[1]), unescaped(lines[2].replace("\n", "")));
  }

  private static String unescaped(String text) {
    StringBuilder wire = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != '\\') {
        wire.append(text.charAt(i));
        continue;
      }
      switch (text.charAt(++i)) {
        case 'r' -> wire.append('\r');
        case 'n' -> wire.append('\n');
        case 't' -> wire.append('\t');
        case '0' -> wire.append('\0');
        case '\\' -> wire.append('\\');
        case 'x' -> {
          wire.append((char) Integer.parseInt(text, i + 1, i + 3, 16));
          i += 2;
        }
        default -> throw new IllegalArgumentException("unknown escape in " + text);
      }
    }
    return wire.toString();
  }

  /** Checks the outcome: whole, byte by byte, and cut before every byte. */
  void check(String expected, Function<IntUnaryOperator, String> outcome) {
    assertEquals(expected, outcome.apply(Cuts.WHOLE), "whole");
    assertEquals(expected, outcome.apply(Cuts.BYTE_BY_BYTE), "byte by byte");
    for (int cut = 1; cut < wire.length(); cut++) {
      assertEquals(expected, outcome.apply(Cuts.before(cut)), "cut before byte " + cut);
    }
  }

  /** Sends the bytes, and the end of the stream if they say so. */
  void send(FakeChannel channel, IntUnaryOperator sizes) {
    for (String part : wire.replace(END, "").split(WAIT)) {
      byte[] bytes = part.getBytes(StandardCharsets.ISO_8859_1);
      Cuts.feed(bytes, sizes, channel::receiveAlthoughPaused);
    }
    if (wire.endsWith(END)) {
      channel.receiveEnd();
    }
  }

  @Override
  public String toString() {
    return title;
  }
}
