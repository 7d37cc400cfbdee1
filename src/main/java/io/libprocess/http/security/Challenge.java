package io.libprocess.http.security;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.ChallengeParser;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A way to authenticate, as named by a {@code WWW-Authenticate} header: {@code Basic
 * realm="kitchen"}. Immutable. (libprocess: {@code WWWAuthenticate}.)
 *
 * @param scheme such as {@code Basic}
 * @param parameters the parameters in order, including {@code realm}
 */
public record Challenge(String scheme, Map<String, String> parameters) {

  private static final String REALM = "realm";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the scheme or a name is not a token, a value has control
   *     characters or characters beyond ISO 8859-1, or there is no realm
   */
  public Challenge {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    checkToken(scheme, "a scheme");
    parameters.forEach(
        (name, value) -> {
          checkToken(name, "the name of a parameter");
          checkText(value);
        });
    if (!parameters.containsKey(REALM)) {
      throw new IllegalArgumentException("a challenge needs a realm, and has " + parameters);
    }
  }

  /**
   * A challenge with only a realm.
   *
   * @throws IllegalArgumentException if the scheme is not a token, or the realm cannot be quoted
   */
  public static Challenge of(String scheme, String realm) {
    return new Challenge(scheme, Map.of(REALM, requireNonNull(realm, "realm")));
  }

  private static void checkToken(String text, String what) {
    if (text.isEmpty() || !text.chars().allMatch(c -> Ascii.isToken((char) c))) {
      throw new IllegalArgumentException("not " + what + ": '" + text + "'");
    }
  }

  private static void checkText(String text) {
    if (!text.chars().allMatch(c -> c >= ' ' && c != 127 && c <= 255)) {
      throw new IllegalArgumentException("cannot stand in a challenge: '" + text + "'");
    }
  }

  /** The realm that the credentials are for. */
  public String realm() {
    return parameters.get(REALM);
  }

  /**
   * The same challenge with one more parameter, or another value for it.
   *
   * @throws IllegalArgumentException if the name is not a token, or the value cannot be quoted
   */
  public Challenge with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
    return new Challenge(scheme, more);
  }

  /**
   * Parses a header with one challenge.
   *
   * @throws IllegalArgumentException if it is not a scheme with parameters that include a realm
   */
  public static Challenge parse(String header) {
    ChallengeParser.Parts parts = new ChallengeParser(requireNonNull(header, "header")).parse();
    return new Challenge(parts.scheme(), parts.parameters());
  }

  /** The value for a {@code WWW-Authenticate} header. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme);
    String separator = " ";
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String quoted = parameter.getValue().replace("\\", "\\\\").replace("\"", "\\\"");
      text.append(separator).append(parameter.getKey()).append("=\"").append(quoted).append('"');
      separator = ", ";
    }
    return text.toString();
  }
}
