package io.libprocess.http.http1;

import io.libprocess.http.Version;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.HostField;
import io.libprocess.http.grammar.Methods;
import io.libprocess.http.grammar.PercentDecoder;
import io.libprocess.http.grammar.Rejection;

/**
 * The first line of a request: method, target and version. The target is reduced to the path with
 * the query and the fragment; if it names a host, the authority is kept separately.
 *
 * <p>A C++ node writes the ids and names of messages as they are: bytes beyond ASCII, and percent
 * signs that are not escapes. That is legal only in messages, which are recognized by their header
 * fields; so an error in the target of a POST request is recorded until these are known.
 */
final class RequestLine {

  private static final Rejection MALFORMED = new Rejection(400, "Malformed request line");
  private static final Rejection UNKNOWN_METHOD = new Rejection(501, "Unknown method");
  private static final Rejection NO_TUNNELS = new Rejection(501, "CONNECT is not supported");
  private static final Rejection OTHER_VERSION =
      new Rejection(505, "Only HTTP/1.0 and HTTP/1.1 are supported");
  private static final Rejection BAD_TARGET = new Rejection(400, "Illegal request target");
  private static final Rejection NO_PATH =
      new Rejection(400, "Request URL path must start with '/'");
  private static final Rejection BAD_QUERY =
      new Rejection(400, "A percent sign without two hexadecimal digits in the query");

  private static final String HTTP = "HTTP/";
  private static final int VERSION_LENGTH = 8;

  String method;
  String target;
  int pathEnd; // An index in the target.
  String authority; // Null if the target names no host.
  Version version;
  Rejection unlessMessage; // The error in the target unless this is a message; or null.

  /** Forgets what may be long: a connection may be idle for long after this. */
  void forget() {
    target = "";
    authority = null;
  }

  void parse(byte[] line, int from, int to) throws Rejection {
    int methodEnd = from;
    while (methodEnd < to && Ascii.isToken(line[methodEnd])) {
      methodEnd++;
    }
    int targetEnd = to - VERSION_LENGTH - 1;
    // The version has a fixed length; a blank before it means that the target contains none.
    boolean shaped =
        methodEnd > from
            && targetEnd > methodEnd + 1
            && line[methodEnd] == Ascii.SP
            && line[targetEnd] == Ascii.SP;
    if (!shaped) {
      throw MALFORMED;
    }
    version = parseVersion(line, targetEnd + 1);
    method = Methods.find(line, from, methodEnd);
    if (method == null) {
      throw UNKNOWN_METHOD;
    }
    if (method.equals("CONNECT")) {
      throw NO_TUNNELS;
    }
    parseTarget(line, methodEnd + 1, targetEnd);
  }

  private static Version parseVersion(byte[] line, int from) throws Rejection {
    for (int i = 0; i < HTTP.length(); i++) {
      if (line[from + i] != HTTP.charAt(i)) {
        throw MALFORMED;
      }
    }
    byte major = line[from + HTTP.length()];
    byte minor = line[from + HTTP.length() + 2];
    boolean shaped =
        Ascii.isDigit(major) && line[from + HTTP.length() + 1] == '.' && Ascii.isDigit(minor);
    if (!shaped) {
      throw MALFORMED;
    }
    if (major != '1') {
      throw OTHER_VERSION;
    }
    return minor == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
  }

  private void parseTarget(byte[] line, int from, int to) throws Rejection {
    unlessMessage = null;
    for (int i = from; i < to; i++) {
      if (line[i] < 0) {
        rejectUnlessMessage(BAD_TARGET); // Beyond ASCII.
      } else if (line[i] <= Ascii.SP) {
        throw BAD_TARGET;
      }
    }
    authority = null;
    if (line[from] == '/') {
      parsePath(line, from, to);
    } else if (line[from] == '*') {
      if (to - from != 1 || !method.equals("OPTIONS")) {
        throw BAD_TARGET;
      }
      target = "*";
      pathEnd = 1;
    } else {
      parseAbsolute(line, from, to);
    }
  }

  private void rejectUnlessMessage(Rejection rejection) throws Rejection {
    if (!method.equals("POST")) {
      throw rejection;
    }
    unlessMessage = rejection;
  }

  private void parsePath(byte[] line, int from, int to) throws Rejection {
    int end = endOfPath(line, from, to);
    if (end < to && line[end] == '?') {
      checkQuery(line, end, to);
    }
    target = RecurringText.of(line, from, to);
    pathEnd = end - from;
  }

  private static int endOfPath(byte[] line, int from, int to) {
    int i = from;
    while (i < to && line[i] != '?' && line[i] != '#') {
      i++;
    }
    return i;
  }

  private void checkQuery(byte[] line, int from, int to) throws Rejection {
    for (int i = from; i < to && line[i] != '#'; i++) {
      if (line[i] == '%' && !PercentDecoder.isEscape(line, i, to)) {
        rejectUnlessMessage(BAD_QUERY);
      }
    }
  }

  /** Parses a target such as {@code http://host:80/path}, as proxies get it. */
  private void parseAbsolute(byte[] line, int from, int to) throws Rejection {
    int start = from;
    while (start < to && line[start] != ':') {
      start++;
    }
    boolean known =
        Ascii.equalsIgnoreCase(line, from, start, "http")
            || Ascii.equalsIgnoreCase(line, from, start, "https");
    if (!known || start + 3 > to || line[start + 1] != '/' || line[start + 2] != '/') {
      throw NO_PATH;
    }
    start += 3;
    int end = start;
    while (end < to && line[end] != '/' && line[end] != '?' && line[end] != '#') {
      end++;
    }
    if (end == start || line[start] == ':' || !HostField.isLegal(line, start, end)) {
      throw BAD_TARGET;
    }
    authority = Ascii.string(line, start, end);
    if (end < to && line[end] == '/') {
      parsePath(line, end, to);
      return;
    }
    // The path may be missing, and is then "/".
    byte[] completed = new byte[to - end + 1];
    completed[0] = '/';
    System.arraycopy(line, end, completed, 1, to - end);
    parsePath(completed, 0, completed.length);
  }
}
