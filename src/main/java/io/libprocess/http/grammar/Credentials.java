package io.libprocess.http.grammar;

import java.util.List;
import java.util.Optional;

/**
 * The content of a request's Authorization header.
 *
 * @param scheme the scheme, a token; empty if the header is malformed
 * @param token the secret
 */
public record Credentials(String scheme, String token) {

  private static final Credentials MALFORMED = new Credentials("", "");

  /**
   * The credentials; empty if there is no header. Two headers count as malformed.
   *
   * @param values the values of all Authorization headers of a request
   */
  public static Optional<Credentials> of(List<String> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(values.size() == 1 ? parse(values.get(0)) : MALFORMED);
  }

  private static Credentials parse(String value) {
    int blank = value.indexOf(' ');
    if (blank <= 0) {
      return MALFORMED;
    }
    String scheme = value.substring(0, blank);
    int start = blank;
    while (start < value.length() && value.charAt(start) == ' ') {
      start++;
    }
    String token = value.substring(start);
    boolean legal =
        scheme.chars().allMatch(c -> Ascii.isToken((char) c))
            && token.chars().allMatch(c -> c > ' ' && c < 127);
    return legal ? new Credentials(scheme, token) : MALFORMED;
  }

  public boolean isMalformed() {
    return scheme.isEmpty();
  }

  public boolean isOf(String name) {
    return scheme.equalsIgnoreCase(name);
  }

  /** The scheme, without the token. */
  @Override
  public String toString() {
    return scheme + " <hidden>";
  }
}
