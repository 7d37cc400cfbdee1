package io.libprocess.http.server;

import io.libprocess.http.Limits;
import io.libprocess.settings.Setting;
import io.libprocess.settings.Syntax;
import io.libprocess.settings.Variables;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** The variables of the HTTP server's {@link Limits}. */
public final class HttpSettings {

  /** Whether clients may speak HTTP/2 unless that is set. */
  public static final boolean HTTP2 = true;

  private static final Syntax<Integer> COUNT = Syntax.count(1, Integer.MAX_VALUE);

  /** All variables. */
  public static final List<Setting<Limits.Builder>> ALL =
      List.of(
          bytes(
              "REQUEST_LINE", 16, "8K", "the first line of a request", Limits.Builder::requestLine),
          bytes("HEAD", 16, "80K", "that line and the header fields", Limits.Builder::head),
          Setting.of(
              "LIBPROCESS_HTTP_MAX_FIELDS",
              COUNT,
              "100",
              "how many header fields a request may have",
              Limits.Builder::fields),
          Setting.of(
              "LIBPROCESS_HTTP_MAX_BODY",
              Syntax.bytes(0, Long.MAX_VALUE),
              "64M",
              "a body that is held in memory",
              Limits.Builder::body),
          bytes("CHUNK_LINE", 18, "1K", "the line before a chunk", Limits.Builder::chunkLine),
          bytes("TRAILERS", 2, "8K", "the trailer fields", Limits.Builder::trailers),
          Setting.of(
              "LIBPROCESS_HTTP_MAX_PIPELINED",
              COUNT,
              "128",
              "unanswered requests of a connection before reading it pauses",
              Limits.Builder::pipelined),
          Setting.of(
              "LIBPROCESS_HTTP_HEAD_TIMEOUT",
              Syntax.positiveDuration(),
              "10secs",
              "how long the head of a request may take",
              Limits.Builder::headTime),
          Setting.of(
              "LIBPROCESS_HTTP_IDLE_TIMEOUT",
              Syntax.positiveDuration(),
              "75secs",
              "how long a connection may be idle between requests",
              Limits.Builder::idleTime),
          Setting.of(
              "LIBPROCESS_HTTP_BODY_TIMEOUT",
              Syntax.positiveDuration(),
              "30secs",
              "how long a body may make no progress",
              Limits.Builder::bodyTime),
          http2(
              "MAX_RESETS",
              COUNT,
              "1000",
              "streams of HTTP/2 that are reset at once, before their answers",
              (limits, count) -> limits.withResets(count, limits.resetsPerSecond())),
          http2(
              "RESETS_PER_SECOND",
              Syntax.count(0, Integer.MAX_VALUE),
              "33",
              "how many more in a second",
              (limits, count) -> limits.withResets(limits.resets(), count)),
          http2(
              "MAX_ODDITIES",
              Syntax.count(100, Integer.MAX_VALUE),
              "10000",
              "frames of HTTP/2 at once that carry nothing",
              (limits, count) -> limits.withOddities(count, limits.odditiesPerSecond())),
          http2(
              "ODDITIES_PER_SECOND",
              COUNT,
              "330",
              "how many more in a second",
              (limits, count) -> limits.withOddities(limits.oddities(), count)),
          http2(
              "MAX_WINDOW",
              Syntax.bytes(65_535, Integer.MAX_VALUE).map(Math::toIntExact),
              "4M",
              "the window of a stream whose reader keeps up",
              Limits.Http2::withWindow),
          http2(
              "MAX_GROWTH",
              Syntax.bytes(0, Integer.MAX_VALUE).map(Math::toIntExact),
              "16M",
              "by how much the windows of a connection may exceed 64 KiB each, together",
              Limits.Http2::withGrowth),
          http2(
              "PING",
              Syntax.duration(),
              "0secs",
              "how long a client with a request may be silent before it is pinged; 0secs: for ever",
              Limits.Http2::withPing),
          http2(
              "MAX_AGE",
              Syntax.duration(),
              "0secs",
              "how long a connection lasts, give or take a tenth; 0secs: for ever",
              Limits.Http2::withMaxAge),
          http2(
              "MAX_EMPTY_DATA",
              Syntax.count(0, Integer.MAX_VALUE),
              "10",
              "frames of DATA that carry nothing, one after the other",
              (limits, count) -> limits.withBursts(bursts -> bursts.withEmptyData(count))),
          http2(
              "MAX_CONTINUATIONS",
              Syntax.count(0, Integer.MAX_VALUE),
              "8",
              "frames of CONTINUATION in a header block",
              (limits, count) -> limits.withBursts(bursts -> bursts.withContinuations(count))),
          http2(
              "MAX_SETTINGS",
              Syntax.count(8, Integer.MAX_VALUE),
              "32",
              "entries of a frame of SETTINGS",
              (limits, count) -> limits.withBursts(bursts -> bursts.withSettings(count))),
          http2(
              "MAX_CONTROL_FRAMES",
              Syntax.count(100, Integer.MAX_VALUE),
              "1000",
              "answers to a client's frames that it does not take",
              (limits, count) -> limits.withBursts(bursts -> bursts.withControl(count))),
          http2(
              "MAX_WAITING",
              Syntax.count(0, Integer.MAX_VALUE),
              "512",
              "requests of a connection that wait for the handlers of others",
              (limits, count) -> limits.withBursts(bursts -> bursts.withWaiting(count))));

  private HttpSettings() {}

  private static Setting<Limits.Builder> bytes(
      String name,
      int least,
      String standard,
      String description,
      BiConsumer<Limits.Builder, Integer> setter) {
    return Setting.of(
        "LIBPROCESS_HTTP_MAX_" + name,
        Syntax.bytes(least, Integer.MAX_VALUE).map(Math::toIntExact),
        standard,
        description,
        setter);
  }

  private static <T> Setting<Limits.Builder> http2(
      String name,
      Syntax<T> syntax,
      String standard,
      String description,
      BiFunction<Limits.Http2, T, Limits.Http2> change) {
    return Setting.of(
        "LIBPROCESS_HTTP2_" + name,
        syntax,
        standard,
        description,
        (builder, value) -> builder.http2(limits -> change.apply(limits, value)));
  }

  /**
   * Reads the limits from variables.
   *
   * @throws IllegalArgumentException if a value is not valid, or does not fit the others
   */
  public static Limits read(Variables variables) {
    Limits.Builder builder = Limits.builder();
    Setting.read(ALL, variables, builder);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("LIBPROCESS_HTTP_...: " + e.getMessage(), e);
    }
  }
}
