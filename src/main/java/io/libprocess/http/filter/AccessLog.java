package io.libprocess.http.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Principal;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.internal.Log;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.net.Address;
import io.libprocess.service.Service;
import io.libprocess.time.Clock;
import io.libprocess.time.Times;
import java.util.Optional;

/**
 * Writes a line about each request to a {@link System.Logger}, with level {@code INFO}, when its
 * answer is there; a body that is a file or a stream is sent after that, and its size is not known.
 * As the outermost filter it tells of all requests, and of what could not be understood as one,
 * whose line has no method, path and version. Immutable; the methods give changed copies.
 *
 * <p>Queries are left out, because they may hold what is secret: see {@link #withQueries}.
 */
public final class AccessLog implements HttpFilter {

  private static final String LOGGER = "io.libprocess.access";
  private static final String NOTHING = "-";
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int HEX = 16;

  private enum Format {
    COMMON,
    COMBINED,
    JSON
  }

  /**
   * What a line describes.
   *
   * @param request empty if what came was none
   */
  private record Line(
      Optional<Request> request,
      Optional<Address> from,
      String target,
      Optional<Response> response,
      Clock clock,
      long nanos) {

    int status() {
      return response.map(answer -> answer.status().code()).orElse(500);
    }

    String user() {
      return request.flatMap(Request::principal).flatMap(Principal::value).orElse(NOTHING);
    }

    String client() {
      return from.map(Address::ip).map(ip -> ip.getHostAddress()).orElse(NOTHING);
    }

    String method() {
      return request.map(Request::method).orElse(NOTHING);
    }

    String version() {
      return request.map(known -> known.version().toString()).orElse(NOTHING);
    }

    String field(String name) {
      return request.flatMap(known -> known.headers().first(name)).orElse(NOTHING);
    }

    /** How many bytes the body has; negative if that is not known. */
    long bytes() {
      if (response.isEmpty() || method().equals("HEAD")) {
        return 0;
      }
      Body body = response.get().body();
      if (body instanceof Body.Bytes bytes) {
        return bytes.content().size();
      }
      return body instanceof Body.Empty ? 0 : -1;
    }
  }

  private final Format format;
  private final String logger;
  private final boolean queries;

  private AccessLog(Format format, String logger, boolean queries) {
    this.format = format;
    this.logger = logger;
    this.queries = queries;
  }

  /**
   * The Common Log Format: {@code 1.2.3.4 - ann [28/Nov/2026:12:00:00 +0000] "GET / ..." 200 5}.
   */
  public static AccessLog common() {
    return new AccessLog(Format.COMMON, LOGGER, false);
  }

  /** The Common Log Format, and behind it {@code Referer} and {@code User-Agent}. */
  public static AccessLog combined() {
    return new AccessLog(Format.COMBINED, LOGGER, false);
  }

  /**
   * A JSON object with {@code time}, {@code client}, {@code user}, {@code method}, {@code path},
   * {@code version}, {@code status}, {@code bytes}, {@code millis}, {@code referer}, {@code
   * userAgent} and {@code requestId}; what is not known is left out.
   */
  public static AccessLog json() {
    return new AccessLog(Format.JSON, LOGGER, false);
  }

  /** A log with another logger than {@code io.libprocess.access}. */
  public AccessLog to(String logger) {
    return new AccessLog(format, requireNonNull(logger, "logger"), queries);
  }

  /** A log that shows queries, too. */
  public AccessLog withQueries() {
    return new AccessLog(format, logger, true);
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    Clock clock = Clock.current();
    long began = clock.nanoTime();
    return next.call(request)
        .onAny(
            done ->
                log(
                    new Line(
                        Optional.of(request),
                        request.client(),
                        queries ? request.target() : request.path(),
                        done.isReady() ? Optional.ofNullable(done.get()) : Optional.empty(),
                        clock,
                        clock.nanoTime() - began)));
  }

  @Override
  public void refused(Optional<Address> client, Response answer) {
    Clock clock = Clock.current();
    log(new Line(Optional.empty(), client, NOTHING, Optional.of(answer), clock, 0));
  }

  private void log(Line line) {
    Log.info(logger, () -> format == Format.JSON ? object(line) : text(line));
  }

  private String text(Line line) {
    StringBuilder text = new StringBuilder(160);
    text.append(line.client()).append(" - ");
    escape(line.user(), text);
    text.append(" [").append(Times.common(line.clock().now())).append("] \"");
    if (line.request().isEmpty()) {
      text.append(NOTHING);
    } else {
      text.append(line.method()).append(' ');
      escape(line.target(), text);
      text.append(' ').append(line.version());
    }
    text.append("\" ").append(line.status()).append(' ');
    text.append(line.bytes() <= 0 ? NOTHING : Long.toString(line.bytes()));
    if (format == Format.COMBINED) {
      quote(line.field("Referer"), text);
      quote(line.field("User-Agent"), text);
    }
    return text.toString();
  }

  private static void quote(String value, StringBuilder text) {
    text.append(" \"");
    escape(value, text);
    text.append('"');
  }

  /** Escapes text of a client, which must not look like another line or the end of a value. */
  private static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c >= 127 && c < 160) {
        text.append("\\x")
            .append(Character.forDigit(c / HEX, HEX))
            .append(Character.forDigit(c % HEX, HEX));
      } else {
        text.append(c);
      }
    }
  }

  private static String object(Line line) {
    JsonWriter json = new JsonWriter().beginObject();
    member(json, "time", line.clock().now().toString());
    member(json, "client", line.client());
    member(json, "user", line.user());
    member(json, "method", line.method());
    member(json, "path", line.target());
    member(json, "version", line.version());
    json.name("status").value(line.status());
    if (line.bytes() >= 0) {
      json.name("bytes").value(line.bytes());
    }
    json.name("millis").value(line.nanos() / NANOS_PER_MILLI);
    member(json, "referer", line.field("Referer"));
    member(json, "userAgent", line.field("User-Agent"));
    member(
        json,
        "requestId",
        line.response().flatMap(answer -> answer.headers().first(RequestId.HEADER)).orElse("-"));
    return json.endObject().text();
  }

  private static void member(JsonWriter json, String name, String value) {
    if (!value.equals(NOTHING)) {
      json.name(name).value(value);
    }
  }
}
