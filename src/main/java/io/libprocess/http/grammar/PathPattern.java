package io.libprocess.http.grammar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Matches paths against patterns with variable segments. */
public final class PathPattern {

  private PathPattern() {}

  /**
   * Matches a path against a pattern and returns its segments by name.
   *
   * @throws IllegalArgumentException if the path does not match
   */
  public static Map<String, String> parse(String pattern, String path) {
    List<String> names = split(pattern);
    List<String> segments = split(path);
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      if (i == names.size()) {
        String suffix = String.join("/", segments.subList(i, segments.size()));
        throw new IllegalArgumentException("Not expecting suffix '" + suffix + "'");
      }
      String name = names.get(i);
      String segment = segments.get(i);
      if (name.startsWith("{") && name.endsWith("}")) {
        found.put(name.substring(1, name.length() - 1), segment);
      } else if (name.equals(segment)) {
        found.put(name, segment);
      } else {
        throw new IllegalArgumentException("Expecting '" + name + "' not '" + segment + "'");
      }
    }
    return Collections.unmodifiableMap(found);
  }

  private static List<String> split(String path) {
    return CanonicalPath.segments(CanonicalPath.of(path));
  }
}
