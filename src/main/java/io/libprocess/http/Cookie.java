package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.Ascii;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A cookie that a server gives a client (RFC 6265), for {@link Response#withCookie}. What a client
 * sends back are names and values: {@link Request#cookies}. Immutable; the methods give changed
 * copies.
 *
 * <p>{@link #of} is careful: the cookie is for all paths, goes with no request that another site
 * has a browser make but for links that are followed, and is not seen by scripts. Behind TLS add
 * {@link #secure}.
 */
public final class Cookie {

  /** With which requests that pages of other sites cause a browser sends a cookie. */
  public enum SameSite {
    /** With none. */
    STRICT("Strict"),
    /** With links that are followed. */
    LAX("Lax"),
    /** With all; browsers want such cookies to be secure. */
    NONE("None");

    private final String text;

    SameSite(String text) {
      this.text = text;
    }
  }

  private final String name;
  private final String value;
  private final String attributes; // As they are sent, but for the next two.
  private final boolean secure;
  private final String path;

  private Cookie(String name, String value, String attributes, boolean secure, String path) {
    this.name = name;
    this.value = value;
    this.attributes = attributes;
    this.secure = secure;
    this.path = path;
  }

  /**
   * A cookie that ends with the browser's session, of {@code Path=/}, {@code HttpOnly} and {@code
   * SameSite=Lax}.
   *
   * @throws IllegalArgumentException if the name is no token, or the value has blanks, control
   *     characters, others than ASCII, or any of {@code " , ; \}: {@link Percent#encode} helps
   */
  public static Cookie of(String name, String value) {
    if (name.isEmpty() || !name.chars().allMatch(c -> Ascii.isToken((char) c))) {
      throw new IllegalArgumentException("not the name of a cookie: '" + name + "'");
    }
    if (!value.chars().allMatch(Cookie::isLegal)) {
      throw new IllegalArgumentException(
          "the value of the cookie '" + name + "' has a character that cannot be sent");
    }
    return new Cookie(name, value, "", false, "/").scripts(false).sameSite(SameSite.LAX);
  }

  /** A cookie that has a browser forget the one of that name. */
  public static Cookie expired(String name) {
    return of(name, "").maxAge(Duration.ZERO);
  }

  private static boolean isLegal(int c) {
    return c > ' ' && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  private Cookie with(String attribute, String value) {
    StringBuilder kept = new StringBuilder();
    for (String one : attributes.split("; ")) {
      if (!one.isEmpty() && !one.equals(attribute) && !one.startsWith(attribute + "=")) {
        kept.append("; ").append(one);
      }
    }
    String added = value == null ? "" : "; " + attribute + (value.isEmpty() ? "" : "=" + value);
    return new Cookie(name, this.value, kept + added, secure, path);
  }

  /** Kept by the client for that time, also if it is closed. */
  public Cookie maxAge(Duration time) {
    return with("Max-Age", Long.toString(time.toSeconds()));
  }

  /**
   * For a path and what is below it.
   *
   * @throws IllegalArgumentException if it does not begin with a slash, or has a character that
   *     cannot be sent
   */
  public Cookie path(String path) {
    if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ';')) {
      throw new IllegalArgumentException("not the path of a cookie: '" + path + "'");
    }
    return new Cookie(name, value, attributes, secure, path);
  }

  /**
   * For a domain and all hosts below it, not only the host that it comes from.
   *
   * @throws IllegalArgumentException if it is no name of a host
   */
  public Cookie domain(String domain) {
    if (!domain.matches("[A-Za-z0-9.-]+")) {
      throw new IllegalArgumentException("not a domain: '" + domain + "'");
    }
    return with("Domain", domain);
  }

  /** Sent over TLS only. */
  public Cookie secure() {
    return new Cookie(name, value, attributes, true, path);
  }

  /** Seen by scripts of pages, or not. */
  public Cookie scripts(boolean seen) {
    return with("HttpOnly", seen ? null : "");
  }

  /** Sent with some requests only that pages of other sites cause. */
  public Cookie sameSite(SameSite when) {
    return with("SameSite", requireNonNull(when, "when").text);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The value. */
  public String value() {
    return value;
  }

  /**
   * The value of a {@code Set-Cookie} field.
   *
   * @throws IllegalStateException if the name begins with {@code __Secure-} or {@code __Host-} and
   *     the cookie is not what browsers want one of that name to be
   */
  public String header() {
    String lower = name.toLowerCase(Locale.ROOT);
    boolean host = lower.startsWith("__host-");
    if ((host || lower.startsWith("__secure-")) && !secure) {
      throw new IllegalStateException("the cookie " + name + " must be secure()");
    }
    if (host && (!path.equals("/") || attributes.contains("; Domain="))) {
      throw new IllegalStateException("the cookie " + name + " must have path / and no domain");
    }
    return name + "=" + value + "; Path=" + path + (secure ? "; Secure" : "") + attributes;
  }

  /**
   * The cookies in {@code Cookie} fields, in their order; of several with one name the first, which
   * is that of the longest path. What is no pair is skipped.
   */
  static Map<String, String> sent(List<String> fields) {
    Map<String, String> cookies = new LinkedHashMap<>();
    for (String field : fields) {
      for (int from = 0, to; from <= field.length(); from = to + 1) {
        int semicolon = field.indexOf(';', from);
        to = semicolon < 0 ? field.length() : semicolon;
        int equals = field.indexOf('=', from);
        if (equals >= 0 && equals < to) {
          String name = field.substring(from, equals).strip();
          if (!name.isEmpty()) {
            cookies.putIfAbsent(name, unquoted(field.substring(equals + 1, to).strip()));
          }
        }
      }
    }
    return Collections.unmodifiableMap(cookies);
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** The name; values are mostly secret. */
  @Override
  public String toString() {
    return "Cookie " + name;
  }
}
