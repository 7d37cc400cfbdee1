package io.libprocess.http.grammar;

import java.util.LinkedHashMap;
import java.util.Map;

/** Parses a scheme and its parameters: {@code Bearer realm="a", error="b"}. */
public final class ChallengeParser {

  /** The result: a scheme, and parameters in order. */
  public record Parts(String scheme, Map<String, String> parameters) {}

  private final String text;
  private int at;

  public ChallengeParser(String text) {
    this.text = text;
  }

  /**
   * Parses all of the text.
   *
   * @throws IllegalArgumentException if it is not a scheme with parameters
   */
  public Parts parse() {
    skipBlanks();
    String scheme = token();
    int start = at;
    skipBlanks();
    if (scheme.isEmpty() || start == at || at == text.length()) {
      throw illegal("not a scheme and its parameters");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    do {
      parameter(parameters);
    } while (takes(','));
    if (at < text.length()) {
      throw illegal("a comma is due");
    }
    return new Parts(scheme, parameters);
  }

  private void parameter(Map<String, String> parameters) {
    skipBlanks();
    String name = token();
    if (name.isEmpty() || !takes('=')) {
      throw illegal("not a parameter and its value");
    }
    skipBlanks();
    String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
    if (parameters.put(name, value) != null) {
      throw illegal("a parameter that occurs twice");
    }
    skipBlanks();
  }

  private String token() {
    int start = at;
    while (at < text.length() && Ascii.isToken(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at));
    }
    if (!takes('"')) {
      throw illegal("a quote that is not closed");
    }
    return value.toString();
  }

  private boolean takes(char wanted) {
    skipBlanks();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private IllegalArgumentException illegal(String problem) {
    return new IllegalArgumentException(problem + " at " + at + " in the challenge '" + text + "'");
  }
}
