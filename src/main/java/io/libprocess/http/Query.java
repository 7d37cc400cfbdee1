package io.libprocess.http;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The query of a URL, as text and as a map. (libprocess: {@code http::query}.) */
public final class Query {

  private Query() {}

  /**
   * Takes a query apart: pairs are separated by {@code &} or {@code ;}, and the key from its value
   * by the first {@code =}. Both are percent-decoded. A key without a value has an empty one, and
   * of several values for one key the last is kept. The map is in the order of the text and cannot
   * be modified.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static Map<String, String> decode(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    for (int from = 0; from <= text.length(); ) {
      int to = from;
      while (to < text.length() && text.charAt(to) != '&' && text.charAt(to) != ';') {
        to++;
      }
      if (to > from) {
        int equals = text.indexOf('=', from);
        boolean bare = equals < 0 || equals >= to;
        query.put(
            Percent.decode(text.substring(from, bare ? to : equals)),
            bare ? "" : Percent.decode(text.substring(equals + 1, to)));
      }
      from = to + 1;
    }
    return Collections.unmodifiableMap(query);
  }

  /**
   * The text of a query, in the order of the map; a key with an empty value is written alone,
   * unless the key is empty, too.
   */
  public static String encode(Map<String, String> query) {
    StringBuilder text = new StringBuilder();
    query.forEach(
        (key, value) -> {
          text.append(text.isEmpty() ? "" : "&").append(Percent.encode(key));
          if (!value.isEmpty() || key.isEmpty()) {
            text.append('=').append(Percent.encode(value));
          }
        });
    return text.toString();
  }
}
