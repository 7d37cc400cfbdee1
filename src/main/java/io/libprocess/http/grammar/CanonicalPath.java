package io.libprocess.http.grammar;

import java.util.ArrayList;
import java.util.List;

/**
 * The canonical spelling of a request's path, on which all decisions are based: routes and their
 * variables, provided files, the firewall and authorization.
 *
 * <p>It is made of the segments, percent-decoded once. Empty ones are dropped, so that trailing and
 * repeated slashes are ignored. Each segment begins with a slash, and in a segment {@code /} and
 * {@code %} are written as {@code %2F} and {@code %25}. So different lists of segments have
 * different spellings, and a canonical path is its own canonical path. The path without segments is
 * {@code /}.
 *
 * <p>All methods take a time that is linear in the length of the text.
 */
public final class CanonicalPath {

  private CanonicalPath() {}

  /**
   * The canonical spelling of a path; the string itself if it is already canonical.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static String of(String path) {
    int length = path.length();
    if (length == 0 || path.charAt(0) != '/') {
      return rewritten(path);
    }
    for (int i = 1; i < length; i++) {
      char c = path.charAt(i);
      if (c == '%' || c == '/' && path.charAt(i - 1) == '/') {
        return rewritten(path);
      }
    }
    return length > 1 && path.charAt(length - 1) == '/' ? path.substring(0, length - 1) : path;
  }

  private static String rewritten(String path) {
    StringBuilder canonical = new StringBuilder(path.length() + 1);
    int length = path.length();
    for (int start = 0, end; start <= length; start = end + 1) {
      end = end(path, start);
      if (end > start) {
        canonical.append('/').append(encoded(PercentDecoder.path(path.substring(start, end))));
      }
    }
    return canonical.length() == 0 ? "/" : canonical.toString();
  }

  private static int end(String path, int start) {
    int slash = path.indexOf('/', start);
    return slash < 0 ? path.length() : slash;
  }

  /** Encodes a segment for a canonical path. */
  public static String encoded(String segment) {
    return segment.indexOf('%') < 0 && segment.indexOf('/') < 0
        ? segment
        : segment.replace("%", "%25").replace("/", "%2F");
  }

  /** The decoded segments of a canonical path. */
  public static List<String> segments(String canonical) {
    List<String> segments = new ArrayList<>();
    int length = canonical.length();
    for (int start = 0, end; start < length; start = end + 1) {
      end = end(canonical, start);
      if (end > start) {
        segments.add(PercentDecoder.path(canonical.substring(start, end)));
      }
    }
    return segments;
  }

  /**
   * Whether a segment of a canonical path is a single dot or begins with two dots, as in relative
   * paths, which are not supported here.
   */
  public static boolean hasDots(String canonical) {
    for (int at = canonical.indexOf("/."); at >= 0; at = canonical.indexOf("/.", at + 2)) {
      int next = at + 2;
      if (next == canonical.length()
          || canonical.charAt(next) == '.'
          || canonical.charAt(next) == '/') {
        return true;
      }
    }
    return false;
  }
}
