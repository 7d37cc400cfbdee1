package io.libprocess.http.grammar;

/** Checks Host headers: a name, an address or an IPv6 literal, and perhaps a port. */
public final class HostField {

  private HostField() {}

  /** Whether some bytes are a host with or without a port; no bytes at all are legal, too. */
  public static boolean isLegal(byte[] bytes, int from, int to) {
    int end = from < to && bytes[from] == '[' ? endOfLiteral(bytes, from, to) : from;
    if (end < 0) {
      return false;
    }
    if (end == from) {
      while (end < to && Ascii.isHost(bytes[end])) {
        end++;
      }
    }
    if (end == to) {
      return true;
    }
    if (bytes[end] != ':') {
      return false;
    }
    for (int i = end + 1; i < to; i++) {
      if (!Ascii.isDigit(bytes[i])) {
        return false;
      }
    }
    return true;
  }

  private static int endOfLiteral(byte[] bytes, int from, int to) {
    int i = from + 1;
    while (i < to && (Ascii.isHost(bytes[i]) || bytes[i] == ':')) {
      i++;
    }
    return i < to && bytes[i] == ']' && i > from + 1 ? i + 1 : -1;
  }
}
