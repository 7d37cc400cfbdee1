package io.libprocess.http.grammar;

import java.util.Arrays;
import java.util.List;

/**
 * Evaluates headers like {@code Accept}: of the candidates, the first that is listed decides, by
 * its {@code q}.
 */
public final class Accepts {

  private Accepts() {}

  public static boolean encoding(String accept, String encoding) {
    return decide(accept, List.of(encoding, "*"));
  }

  public static boolean isMediaType(String mediaType) {
    int slash = mediaType.indexOf('/');
    return slash > 0 && slash == mediaType.lastIndexOf('/') && slash < mediaType.length() - 1;
  }

  public static boolean mediaType(String accept, String mediaType) {
    String range = mediaType.substring(0, mediaType.indexOf('/')) + "/*";
    return decide(accept, List.of(mediaType, range, "*/*"));
  }

  private static boolean decide(String accept, List<String> candidates) {
    List<String> items = split(accept.replaceAll("[ \t\n]", ""), ",");
    for (String candidate : candidates) {
      for (String item : items) {
        List<String> parts = split(item, ";");
        if (!parts.isEmpty() && parts.get(0).equalsIgnoreCase(candidate)) {
          return weighsSomething(parts);
        }
      }
    }
    return false;
  }

  /** Splits a text into pieces, without the empty ones. */
  private static List<String> split(String text, String separator) {
    return Arrays.stream(text.split(separator)).filter(piece -> !piece.isEmpty()).toList();
  }

  private static boolean weighsSomething(List<String> parts) {
    List<String> weights =
        parts.stream().filter(part -> part.regionMatches(true, 0, "q=", 0, 2)).toList();
    return weights.size() != 1 || isPositive(weights.get(0).substring(2));
  }

  private static boolean isPositive(String weight) {
    return weight.matches("\\d{1,9}(\\.\\d*)?|\\.\\d+") && Double.parseDouble(weight) > 0;
  }
}
