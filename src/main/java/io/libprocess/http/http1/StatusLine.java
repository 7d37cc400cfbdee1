package io.libprocess.http.http1;

import io.libprocess.http.Status;
import io.libprocess.http.Version;
import io.libprocess.http.grammar.Ascii;
import io.libprocess.http.grammar.Rejection;

/**
 * The first line of a response: version, code and reason. The reason is for people and is not kept;
 * it may be missing, even with the blank before it.
 */
final class StatusLine {

  private static final Rejection MALFORMED = new Rejection(502, "Malformed status line");
  private static final Rejection OTHER_VERSION =
      new Rejection(502, "Only HTTP/1.0 and HTTP/1.1 are supported");

  private static final String START = "HTTP/1.";
  private static final int CODE_START = START.length() + 2;
  private static final int CODE_END = CODE_START + 3;

  Version version;
  Status status;

  void parse(byte[] line, int from, int to) throws Rejection {
    boolean shaped =
        to - from >= CODE_END
            && Ascii.isDigit(line[from + CODE_START - 2])
            && line[from + CODE_START - 1] == Ascii.SP
            && (to - from == CODE_END || line[from + CODE_END] == Ascii.SP);
    if (!shaped) {
      throw MALFORMED;
    }
    for (int i = 0; i < START.length(); i++) {
      if (line[from + i] != START.charAt(i)) {
        throw i < START.length() - 2 ? MALFORMED : OTHER_VERSION;
      }
    }
    version = line[from + CODE_START - 2] == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
    int code = 0;
    for (int i = from + CODE_START; i < from + CODE_END; i++) {
      if (!Ascii.isDigit(line[i])) {
        throw MALFORMED;
      }
      code = 10 * code + line[i] - '0';
    }
    if (code < 100) {
      throw MALFORMED;
    }
    status = Status.of(code);
  }
}
