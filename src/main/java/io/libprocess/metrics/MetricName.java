package io.libprocess.metrics;

import java.util.regex.Pattern;

/**
 * The name of a metric in the form for scrapers: a family, whose characters are letters, digits,
 * underscores and colons, and labels.
 *
 * @param family the part in front of the labels, with underscores for other characters
 * @param labels as they are written between braces; empty if there are none
 */
record MetricName(String family, String labels) {

  private static final Pattern LABELS =
      Pattern.compile(
          "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\""
              + "(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\")*+");

  /** Converts a metric's name; labels that are not well-formed become a part of the family. */
  static MetricName of(String name) {
    int brace = name.indexOf('{');
    if (brace > 0 && name.endsWith("}")) {
      String labels = name.substring(brace + 1, name.length() - 1);
      if (LABELS.matcher(labels).matches()) {
        return new MetricName(family(name.substring(0, brace)), labels);
      }
    }
    return new MetricName(family(name), "");
  }

  /** The part of a name in front of its labels. */
  static String withoutLabels(String name) {
    int brace = name.indexOf('{');
    return brace > 0 && name.endsWith("}") ? name.substring(0, brace) : name;
  }

  private static String family(String text) {
    StringBuilder family = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':';
      boolean isDigit = c >= '0' && c <= '9';
      if (isDigit && i == 0) {
        family.append('_');
      }
      family.append(isLetter || isDigit ? c : '_');
    }
    return family.isEmpty() ? "_" : family.toString();
  }

  /** The name with one more label. */
  MetricName with(String label, String value) {
    String added = label + "=\"" + value + "\"";
    return new MetricName(family, labels.isEmpty() ? added : labels + "," + added);
  }

  /** The labels between braces; empty if there are none. */
  String braced() {
    return labels.isEmpty() ? "" : "{" + labels + "}";
  }
}
