package io.libprocess.http.grammar;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The methods that a server accepts. */
public final class Methods {

  private static final String[] ALL = {
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "QUERY",
    "ACL",
    "BIND",
    "CHECKOUT",
    "COPY",
    "LINK",
    "LOCK",
    "M-SEARCH",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "NOTIFY",
    "PROPFIND",
    "PROPPATCH",
    "PURGE",
    "REBIND",
    "REPORT",
    "SEARCH",
    "SUBSCRIBE",
    "UNBIND",
    "UNLINK",
    "UNLOCK",
    "UNSUBSCRIBE"
  };

  private static final Set<String> KNOWN = new HashSet<>(List.of(ALL));

  private Methods() {}

  /** Whether a method is known. */
  public static boolean isKnown(String method) {
    return KNOWN.contains(method);
  }

  /** The method that is written in some bytes, or null if it is not known. */
  public static String find(byte[] bytes, int from, int to) {
    for (String method : ALL) {
      if (method.length() == to - from && matches(method, bytes, from)) {
        return method;
      }
    }
    return null;
  }

  private static boolean matches(String method, byte[] bytes, int from) {
    for (int i = 0; i < method.length(); i++) {
      if (method.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
