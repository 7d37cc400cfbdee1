package io.libprocess.http.http1;

import io.libprocess.http.Headers;
import java.util.Locale;

/** Writes header fields, except those that only the writer of a message determines. */
public final class OutgoingFields {

  private OutgoingFields() {}

  /**
   * Writes fields.
   *
   * @param own the four-letter name of a field that only messages of this kind have and that is
   *     also left out
   */
  static void put(Output out, Headers headers, String own) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      String value = headers.value(i);
      if (!isOurs(name, value, own)) {
        out.put(name).put(": ").put(value).putLineEnd();
      }
    }
  }

  private static boolean isOurs(String name, String value, String own) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase(own);
      case 10 -> isConnection(name) && (hasToken(value, "close") || hasToken(value, "keep-alive"));
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  private static boolean isConnection(String name) {
    return name.length() == 10 && name.equalsIgnoreCase("Connection");
  }

  private static boolean hasToken(String list, String token) {
    for (String item : list.toLowerCase(Locale.ROOT).split(",")) {
      if (item.strip().equals(token)) {
        return true;
      }
    }
    return false;
  }

  /** Whether fields ask to end the connection after their message. */
  public static boolean askToClose(Headers headers) {
    for (int i = 0; i < headers.size(); i++) {
      if (isConnection(headers.name(i)) && hasToken(headers.value(i), "close")) {
        return true;
      }
    }
    return false;
  }
}
