package io.libprocess;

import io.libprocess.http.Limits;
import io.libprocess.time.Durations;
import java.util.Locale;
import java.util.function.BiConsumer;

/** An environment variable that sets a limit of the HTTP server. */
enum LimitSetting {
  HTTP_MAX_REQUEST_LINE((limits, text) -> limits.requestLine(bytes(text))),
  HTTP_MAX_HEAD((limits, text) -> limits.head(bytes(text))),
  HTTP_MAX_FIELDS((limits, text) -> limits.fields(count(text))),
  HTTP_MAX_BODY((limits, text) -> limits.body(size(text))),
  HTTP_MAX_CHUNK_LINE((limits, text) -> limits.chunkLine(bytes(text))),
  HTTP_MAX_TRAILERS((limits, text) -> limits.trailers(bytes(text))),
  HTTP_MAX_PIPELINED((limits, text) -> limits.pipelined(count(text))),
  HTTP_HEAD_TIMEOUT((limits, text) -> limits.headTime(Durations.parse(text))),
  HTTP_IDLE_TIMEOUT((limits, text) -> limits.idleTime(Durations.parse(text))),
  HTTP_BODY_TIMEOUT((limits, text) -> limits.bodyTime(Durations.parse(text)));

  private static final String UNITS = "KMG"; // Each 1024 times the one before.

  private final BiConsumer<Limits.Builder, String> apply;

  LimitSetting(BiConsumer<Limits.Builder, String> apply) {
    this.apply = apply;
  }

  String variable() {
    return "LIBPROCESS_" + name();
  }

  /**
   * Some limits, with this one changed.
   *
   * @throws IllegalArgumentException if the text is not valid, or the limit does not fit the others
   */
  Limits change(Limits limits, String text) {
    Limits.Builder builder = limits.toBuilder();
    apply.accept(builder, text);
    return builder.build();
  }

  private static int bytes(String text) {
    long size = size(text);
    if (size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("too large a size: '" + text + "'");
    }
    return (int) size;
  }

  /** A number of bytes, perhaps with a unit: {@code 8K} is 8192. */
  private static long size(String text) {
    if (!text.matches("\\d{1,12}[kKmMgG]?")) {
      throw new IllegalArgumentException(
          "not a number of bytes such as 8192, 80K, 64M or 1G: '" + text + "'");
    }
    char last = text.charAt(text.length() - 1);
    int unit = UNITS.indexOf(text.toUpperCase(Locale.ROOT).charAt(text.length() - 1)) + 1;
    String digits = Character.isDigit(last) ? text : text.substring(0, text.length() - 1);
    return Long.parseLong(digits) << 10 * unit;
  }

  private static int count(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("not a number: '" + text + "'");
    }
    return Integer.parseInt(text);
  }
}
