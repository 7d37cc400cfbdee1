package io.libprocess.http.http1;

import java.util.List;
import java.util.Random;

/** Texts that are nearly legal for a parser. */
public final class Mutations {

  /** Pieces to insert into a request or response. */
  public static final List<String> OF_MESSAGES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          "\r\n\r\n",
          " ",
          "\t",
          ":",
          "\0",
          "\u007f",
          "\u00ff",
          "%",
          "%4",
          "?",
          "#",
          "/",
          "*",
          "0",
          "f",
          "ffffffffffffffff",
          ";",
          ",",
          "chunked",
          "close",
          "keep-alive",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: b\r\n",
          "X: y\r\n",
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/2.0",
          "http://",
          "0\r\n\r\n",
          "Expect: 100-continue\r\n",
          "\r\n z",
          "HTTP/1.1 200 OK\r\n",
          "101",
          "204");

  private final List<String> seeds;
  private final int mostSeeds;
  private final List<String> pieces;

  /**
   * Makes mutations of one or more seeds in a row.
   *
   * @param pieces the pieces to insert
   */
  public Mutations(List<String> seeds, int mostSeeds, List<String> pieces) {
    this.seeds = seeds;
    this.mostSeeds = mostSeeds;
    this.pieces = pieces;
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  /** The next one, whose characters are bytes. */
  public String next(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(mostSeeds); i >= 0; i--) {
      text.append(any(seeds, random));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + 1 + random.nextInt(random.nextInt(16) + 1));
      switch (random.nextInt(6)) {
        case 0 -> text.insert(at, any(pieces, random));
        case 1 -> text.replace(at, end, any(pieces, random));
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(at, end));
        case 4 -> text.insert(at, (char) random.nextInt(256));
        default -> text.insert(at, "z".repeat(random.nextInt(random.nextInt(300) + 1)));
      }
    }
    return text.toString();
  }
}
