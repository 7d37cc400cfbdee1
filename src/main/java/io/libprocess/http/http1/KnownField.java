package io.libprocess.http.http1;

import io.libprocess.http.grammar.Ascii;
import java.util.Locale;

/**
 * A header field that is common or matters to the framing of messages. Its name is recognized in
 * the bytes of a message, so that no string is made for it.
 */
final class KnownField {

  /** The meaning of a field for the parser. */
  enum Role {
    NONE,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    CONNECTION,
    EXPECT,
    LIBPROCESS_FROM,
    USER_AGENT
  }

  /** Fields whose values tend to be the same in many messages, and are not secret. */
  private static final String RECURRING =
      """
      Accept
      Accept-Charset
      Accept-Encoding
      Accept-Language
      Cache-Control
      Connection
      Content-Encoding
      Content-Type
      Expect
      Host
      Keep-Alive
      Libprocess-From
      Origin
      Pragma
      Proxy-Connection
      TE
      Trailer
      Transfer-Encoding
      Upgrade
      Upgrade-Insecure-Requests
      User-Agent
      Vary
      Via
      X-Forwarded-Host
      X-Forwarded-Proto
      """;

  private static final String VARYING =
      """
      Authorization
      Content-Length
      Content-Location
      Content-Range
      Cookie
      Date
      ETag
      Forwarded
      If-Match
      If-Modified-Since
      If-None-Match
      If-Range
      If-Unmodified-Since
      Last-Modified
      Location
      Proxy-Authorization
      Range
      Referer
      Server
      Set-Cookie
      X-Forwarded-For
      X-Real-IP
      X-Request-ID
      """;

  private static final KnownField[] TABLE = new KnownField[256];

  static {
    RECURRING.lines().forEach(name -> add(new KnownField(name, true)));
    VARYING.lines().forEach(name -> add(new KnownField(name, false)));
  }

  final Role role;
  final boolean recurring;
  private final String name;
  private final String lowerCase;

  private KnownField(String name, boolean recurring) {
    this.name = name;
    this.lowerCase = name.toLowerCase(Locale.ROOT);
    this.recurring = recurring;
    this.role =
        switch (lowerCase) {
          case "host" -> Role.HOST;
          case "content-length" -> Role.CONTENT_LENGTH;
          case "transfer-encoding" -> Role.TRANSFER_ENCODING;
          case "connection" -> Role.CONNECTION;
          case "expect" -> Role.EXPECT;
          case "libprocess-from" -> Role.LIBPROCESS_FROM;
          case "user-agent" -> Role.USER_AGENT;
          default -> Role.NONE;
        };
  }

  private static void add(KnownField field) {
    String name = field.lowerCase;
    int place = place(name.length(), name.charAt(0), name.charAt(name.length() - 1));
    while (TABLE[place] != null) {
      place = place + 1 & TABLE.length - 1;
    }
    TABLE[place] = field;
  }

  /**
   * The place of a name in the table. Setting bit 0x20 makes letters lower-case and leaves the
   * hyphen; other characters do not matter.
   */
  private static int place(int length, int first, int last) {
    return length * 59 + (first | 0x20) * 7 + (last | 0x20) * 31 & TABLE.length - 1;
  }

  /** The field whose name is written in some bytes, which are a token; or null. */
  static KnownField find(byte[] bytes, int from, int to) {
    int place = place(to - from, bytes[from], bytes[to - 1]);
    for (KnownField field = TABLE[place]; field != null; field = TABLE[place]) {
      if (Ascii.equalsIgnoreCase(bytes, from, to, field.lowerCase)) {
        return field;
      }
      place = place + 1 & TABLE.length - 1;
    }
    return null;
  }

  /** The name as spelled in some bytes, which are this name in any case. */
  String spelled(byte[] bytes, int from, int to) {
    if (matches(name, bytes, from)) {
      return name;
    }
    return matches(lowerCase, bytes, from) ? lowerCase : Ascii.string(bytes, from, to);
  }

  private static boolean matches(String spelling, byte[] bytes, int from) {
    for (int i = 0; i < spelling.length(); i++) {
      if (spelling.charAt(i) != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }
}
