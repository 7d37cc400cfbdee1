package io.libprocess.http.form;

import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The content of a {@code Content-Disposition} field of a part.
 *
 * @param name the name of the field
 * @param filename the last segment of the name that the client gives the file
 */
record Disposition(String name, Optional<String> filename) {

  private static final String FORM_DATA = "form-data";

  /**
   * The disposition of a field's value.
   *
   * @throws StatusException of status 400 if it is not that of a part of a form
   */
  static Disposition of(String field) {
    Optional<String> name = parameter(field, "name");
    boolean isForm = field.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM_DATA);
    if (!isForm || name.isEmpty()) {
      throw new StatusException(
          Status.BAD_REQUEST, "A part of the form has no Content-Disposition with a name.");
    }
    return new Disposition(
        utf8(name.get()), parameter(field, "filename").map(file -> lastSegment(utf8(file))));
  }

  /** Decodes a header field: its characters stand for bytes, which clients send as UTF-8. */
  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  private static String lastSegment(String path) {
    return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  }

  /**
   * A parameter of a header field, without its quotes. In these only a quote can be escaped,
   * because there are clients that send paths with backslashes.
   */
  static Optional<String> parameter(String field, String wanted) {
    int at = field.indexOf(';');
    while (at >= 0 && at < field.length()) {
      int equals = field.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      String name = field.substring(at + 1, equals).strip();
      StringBuilder value = new StringBuilder();
      at = value(field, equals + 1, value);
      if (name.equalsIgnoreCase(wanted)) {
        return Optional.of(value.toString());
      }
    }
    return Optional.empty();
  }

  /** Reads a value; where the semicolon behind it is, or the end. */
  private static int value(String field, int from, StringBuilder value) {
    int at = from;
    while (at < field.length() && field.charAt(at) == ' ') {
      at++;
    }
    if (at == field.length() || field.charAt(at) != '"') {
      int semicolon = field.indexOf(';', at);
      int end = semicolon < 0 ? field.length() : semicolon;
      value.append(field.substring(at, end).strip());
      return end;
    }
    for (at++; at < field.length() && field.charAt(at) != '"'; at++) {
      if (field.charAt(at) == '\\' && at + 1 < field.length() && field.charAt(at + 1) == '"') {
        at++;
      }
      value.append(field.charAt(at));
    }
    int semicolon = field.indexOf(';', Math.min(at, field.length()));
    return semicolon < 0 ? field.length() : semicolon;
  }
}
