package io.libprocess.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

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
    forEach(text, query::put);
    return Collections.unmodifiableMap(query);
  }

  /**
   * Does the same as {@link #decode}, and keeps all values of a key, in their order.
   *
   * @throws IllegalArgumentException if a percent sign is not followed by two hexadecimal digits
   */
  public static Map<String, List<String>> decodeAll(String text) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    forEach(text, (key, value) -> query.computeIfAbsent(key, k -> new ArrayList<>()).add(value));
    query.replaceAll((key, values) -> Collections.unmodifiableList(values));
    return Collections.unmodifiableMap(query);
  }

  private static void forEach(String text, BiConsumer<String, String> pair) {
    for (int from = 0; from <= text.length(); ) {
      int to = from;
      while (to < text.length() && text.charAt(to) != '&' && text.charAt(to) != ';') {
        to++;
      }
      if (to > from) {
        int equals = text.indexOf('=', from);
        boolean bare = equals < 0 || equals >= to;
        pair.accept(
            Percent.decode(text.substring(from, bare ? to : equals)),
            bare ? "" : Percent.decode(text.substring(equals + 1, to)));
      }
      from = to + 1;
    }
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

  /** The text of a query whose keys may have several values, in the order of the map. */
  public static String encodeAll(Map<String, List<String>> query) {
    StringBuilder text = new StringBuilder();
    query.forEach(
        (key, values) ->
            values.forEach(
                value ->
                    text.append(text.isEmpty() ? "" : "&").append(encode(Map.of(key, value)))));
    return text.toString();
  }
}
