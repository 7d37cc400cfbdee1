package io.libprocess.http.grammar;

/**
 * Functions for the entity tags in {@code If-Match}, {@code If-None-Match} and {@code If-Range}.
 */
public final class EntityTags {

  private static final String WEAK = "W/";

  private EntityTags() {}

  /**
   * Whether a list contains a tag, or is {@code *}.
   *
   * @param strongly whether weak tags do not match
   */
  public static boolean contain(String list, String tag, boolean strongly) {
    if (list.strip().equals("*")) {
      return true;
    }
    int i = 0;
    while (i < list.length()) {
      int open = list.indexOf('"', i);
      int end = open < 0 ? -1 : list.indexOf('"', open + 1);
      if (end < 0) {
        return false;
      }
      boolean weak = list.startsWith(WEAK, Math.max(i, open - WEAK.length()));
      String listed = (weak ? WEAK : "") + list.substring(open, end + 1);
      if (strongly ? areStronglyEqual(listed, tag) : opaque(listed).equals(opaque(tag))) {
        return true;
      }
      i = end + 1;
    }
    return false;
  }

  public static boolean areStronglyEqual(String one, String other) {
    return one.equals(other) && !one.startsWith(WEAK);
  }

  private static String opaque(String tag) {
    return tag.startsWith(WEAK) ? tag.substring(WEAK.length()) : tag;
  }

  /** The weak form of a tag. */
  public static String weaken(String tag) {
    return WEAK + opaque(tag);
  }
}
