package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.http.grammar.HostField;
import io.libprocess.http.grammar.PercentDecoder;
import io.libprocess.net.Address;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The target of a client's request: {@code http://host:port/path?query#fragment}. Immutable.
 *
 * <p>The schemes are {@code http}, {@code https} and {@code http+unix}, whose host is the
 * percent-encoded path of a Unix domain socket: {@code http+unix://%2Frun%2Fx.sock/path}. URLs of
 * other schemes can be parsed, too, if they have a port. A user and a password are not allowed,
 * because they would end up in logs.
 *
 * @param scheme the scheme, in lower case
 * @param host a name or an IP address (IPv6 without brackets), in lower case; for {@code http+unix}
 *     the path of the socket, not encoded
 * @param port in 1..65535; 0 for {@code http+unix}, which has none
 * @param target the path, which begins with a slash, with the query and the fragment; encoded
 */
public record Url(String scheme, String host, int port, String target) {

  private static final String UNIX = "http+unix";
  private static final int HIGHEST_PORT = 65535;
  private static final String SEPARATOR = "://";

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if one is illegal
   */
  public Url {
    scheme = checkScheme(scheme);
    boolean unix = scheme.equals(UNIX);
    host = unix ? checkSocket(host) : checkHost(host.toLowerCase(Locale.ROOT));
    boolean legal = unix ? port == 0 : port >= 1 && port <= HIGHEST_PORT;
    if (!legal) {
      throw new IllegalArgumentException(
          "port not " + (unix ? "0" : "in 1.." + HIGHEST_PORT) + ": " + port);
    }
    if (!target.startsWith("/")) {
      throw new IllegalArgumentException("a path that does not begin with '/': '" + target + "'");
    }
    Request.checkTarget(target);
  }

  private static String checkScheme(String scheme) {
    if (!scheme.matches("[A-Za-z][A-Za-z0-9+.-]*")) {
      throw new IllegalArgumentException("not a scheme: '" + scheme + "'");
    }
    return scheme.toLowerCase(Locale.ROOT);
  }

  private static String checkSocket(String path) {
    if (path.isEmpty() || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not the path of a socket: '" + path + "'");
    }
    return path;
  }

  private static String checkHost(String host) {
    boolean legal;
    if (host.indexOf(':') >= 0) {
      legal = isIp(host);
    } else {
      byte[] bytes = host.getBytes(StandardCharsets.UTF_8);
      legal =
          bytes.length > 0 && host.indexOf('[') < 0 && HostField.isLegal(bytes, 0, bytes.length);
    }
    if (!legal) {
      throw new IllegalArgumentException("not a host: '" + host + "'");
    }
    return host;
  }

  private static boolean isIp(String text) {
    try {
      Address.parseIp(text);
      return text.matches("[0-9a-fA-F:.]+"); // No zone, which means nothing to the peer.
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /* ------ Making one ------ */

  /**
   * The root of a host, at the default port of the scheme.
   *
   * @throws IllegalArgumentException if the host is not valid, or the scheme has no default port
   */
  public static Url of(String scheme, String host) {
    return new Url(scheme, host, defaultPort(scheme), "/");
  }

  /**
   * The root of a host.
   *
   * @throws IllegalArgumentException if a part is illegal
   */
  public static Url of(String scheme, String host, int port) {
    return new Url(scheme, host, port, "/");
  }

  /** The root of an address, with the scheme {@code http}. */
  public static Url of(Address address) {
    return new Url("http", address.ip().getHostAddress(), address.port(), "/");
  }

  /**
   * Converts a URI of the JDK.
   *
   * @throws IllegalArgumentException as for {@link #parse} of its text in ASCII
   */
  public static Url of(URI uri) {
    return parse(uri.toASCIIString());
  }

  /** Converts this URL for APIs of the JDK. */
  public URI toUri() {
    return URI.create(toString());
  }

  /**
   * Parses the text of a URL. A missing path is {@code /}; a missing port is 80 for {@code http}
   * and 443 for {@code https}.
   *
   * @throws IllegalArgumentException if the text is not such a URL; the message says what is wrong
   */
  public static Url parse(String text) {
    int colon = text.indexOf(SEPARATOR);
    if (colon <= 0) {
      throw new IllegalArgumentException("a URL without a scheme: '" + text + "'");
    }
    String scheme = checkScheme(text.substring(0, colon));
    int start = colon + SEPARATOR.length();
    int end = start;
    while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String authority = text.substring(start, end);
    String rest = text.substring(end);
    String target = rest.startsWith("/") ? rest : "/" + rest;
    if (authority.isEmpty()) {
      throw new IllegalArgumentException("a URL without a host: '" + text + "'");
    }
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("a URL with a user"); // It may hold a password.
    }
    return scheme.equals(UNIX)
        ? new Url(scheme, PercentDecoder.path(authority), 0, target)
        : withAuthority(scheme, authority, target);
  }

  private static Url withAuthority(String scheme, String authority, String target) {
    int bracket = authority.startsWith("[") ? authority.indexOf(']') : -1;
    int colon = authority.indexOf(':', bracket + 1);
    String host = authority.substring(0, colon < 0 ? authority.length() : colon);
    if (bracket >= 0) {
      if (bracket != host.length() - 1 || host.indexOf(':') < 0) {
        throw new IllegalArgumentException("not a host: '" + authority + "'");
      }
      host = host.substring(1, bracket);
    }
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    return new Url(
        scheme, host, port.isEmpty() ? defaultPort(scheme) : parsePort(port, authority), target);
  }

  private static int parsePort(String digits, String authority) {
    if (!digits.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("not a port in '" + authority + "': '" + digits + "'");
    }
    return Integer.parseInt(digits);
  }

  private static int defaultPort(String scheme) {
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "http" -> 80;
      case "https" -> 443;
      case UNIX -> 0;
      default ->
          throw new IllegalArgumentException("no port, and no default for scheme '" + scheme + "'");
    };
  }

  /* ------ Parts ------ */

  /** Whether the host is the path of a Unix domain socket. */
  public boolean isUnix() {
    return scheme.equals(UNIX);
  }

  /** The path, percent-encoded. */
  public String path() {
    return target.substring(0, Request.pathEnd(target));
  }

  /** The query, decoded; see {@link Query#decode}. */
  public Map<String, String> query() {
    return Query.decode(Request.query(target, Request.pathEnd(target)));
  }

  /** The text after the {@code #}. */
  public Optional<String> fragment() {
    int start = target.indexOf('#');
    return start < 0 ? Optional.empty() : Optional.of(target.substring(start + 1));
  }

  /**
   * The value for a {@code Host} header: the host, and the port unless it is the scheme's default.
   * For a Unix domain socket it is {@code localhost}.
   */
  public String authority() {
    if (isUnix()) {
      return "localhost";
    }
    boolean usual = scheme.equals("http") && port == 80 || scheme.equals("https") && port == 443;
    return usual ? bracketed() : bracketed() + ":" + port;
  }

  private String bracketed() {
    return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
  }

  /** Whether both have the same origin: scheme, host and port are equal. */
  public boolean hasSameOrigin(Url other) {
    return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
  }

  /* ------ Copies ------ */

  /**
   * A copy with another path, query and fragment, percent-encoded; a slash is put before it if it
   * does not begin with one.
   *
   * @throws IllegalArgumentException if it has characters that have to be encoded
   */
  public Url withTarget(String target) {
    requireNonNull(target, "target");
    return new Url(scheme, host, port, target.startsWith("/") ? target : "/" + target);
  }

  /** A copy with another query, which is encoded, and without a fragment. */
  public Url withQuery(Map<String, String> query) {
    String text = Query.encode(query);
    return withTarget(text.isEmpty() ? path() : path() + "?" + text);
  }

  /**
   * Resolves a reference that was found at this URL, such as the {@code Location} of a redirect: a
   * whole URL, one without its scheme, or a path with a query, absolute or relative (RFC 3986,
   * section 5).
   *
   * @throws IllegalArgumentException if the result is not a URL
   */
  public Url resolve(String reference) {
    int end = 0;
    while (end < reference.length() && ":/?#".indexOf(reference.charAt(end)) < 0) {
      end++;
    }
    if (end < reference.length() && reference.charAt(end) == ':') {
      return parse(reference);
    }
    if (reference.startsWith("//")) {
      return parse(scheme + ":" + reference);
    }
    return withTarget(resolveTarget(reference));
  }

  private String resolveTarget(String reference) {
    String path = path();
    int pathEnd = Request.pathEnd(target);
    int fragment = target.indexOf('#');
    if (reference.isEmpty() || reference.startsWith("#")) {
      return target.substring(0, fragment < 0 ? target.length() : fragment) + reference;
    }
    if (reference.startsWith("?")) {
      return target.substring(0, pathEnd) + reference;
    }
    int end = Request.pathEnd(reference);
    String suffix = reference.substring(end);
    String merged = reference.substring(0, end);
    if (!merged.startsWith("/")) {
      merged = path.substring(0, path.lastIndexOf('/') + 1) + merged;
    }
    return withoutDots(merged) + suffix;
  }

  /** Removes the segments {@code .} and {@code ..} from an absolute path. */
  private static String withoutDots(String path) {
    StringBuilder result = new StringBuilder();
    for (int from = 1; from <= path.length(); ) {
      int to = path.indexOf('/', from);
      boolean last = to < 0;
      String segment = path.substring(from, last ? path.length() : to);
      if (segment.equals("..")) {
        result.setLength(Math.max(0, result.lastIndexOf("/")));
      } else if (!segment.equals(".")) {
        result.append('/').append(segment);
      }
      if (last) {
        boolean folder = segment.equals(".") || segment.equals("..");
        return folder ? result.append('/').toString() : result.toString();
      }
      from = to + 1;
    }
    return result.toString();
  }

  /** The text, which includes the port if there is one. */
  @Override
  public String toString() {
    String place = isUnix() ? Percent.encode(host) : bracketed() + ":" + port;
    return scheme + SEPARATOR + place + target;
  }
}
