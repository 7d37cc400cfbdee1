package io.libprocess.http.filter;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.internal.Ordered;
import io.libprocess.service.Service;
import io.libprocess.stream.Transform;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Compresses answers of some media types for clients that accept gzip. Without this filter a server
 * compresses all bodies in memory that are large enough, and no streams. Immutable.
 *
 * <p>An answer that shall not be compressed gets {@code Cache-Control: no-transform}, which proxies
 * heed, too.
 */
public final class Compression implements HttpFilter {

  private static final String NO_TRANSFORM = "no-transform";
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final int LEVEL = 6;

  private final Set<String> types; // In lower case; those that end with a slash are for all below.
  private final boolean streams;

  private Compression(Set<String> types, boolean streams) {
    this.types = types;
    this.streams = streams;
  }

  /** Texts, JSON, XML, JavaScript, SVG and WebAssembly. */
  public static Compression ofTexts() {
    return of(
        "text/",
        "application/json",
        "application/javascript",
        "application/xml",
        "application/wasm",
        "image/svg+xml");
  }

  /** Nothing: where answers hold secrets beside what a client chooses, whose size would tell. */
  public static Compression none() {
    return of();
  }

  /**
   * Some media types.
   *
   * @param types such as {@code application/json}, or {@code text/} for all that begin so
   */
  public static Compression of(String... types) {
    List<String> lower =
        List.of(types).stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
    return new Compression(Ordered.copyOf(lower), false);
  }

  /**
   * Streams of these types, too, but not those of events: each piece is compressed and sent when it
   * is there.
   */
  public Compression withStreams() {
    return new Compression(types, true);
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    boolean accepts =
        request.headers().contains("Accept-Encoding") && request.acceptsEncoding("gzip");
    return accepts ? next.call(request).map(this::decided) : next.call(request);
  }

  private Response decided(Response response) {
    Headers headers = response.headers();
    String type = headers.first("Content-Type", "").toLowerCase(Locale.ROOT);
    if (!isListed(type.split(";", 2)[0].strip())) {
      return response.body() instanceof Body.Bytes ? untransformed(response) : response;
    }
    boolean packs =
        streams
            && response.body() instanceof Body.Streamed
            && !type.startsWith("text/event-stream")
            && !headers.contains("Content-Encoding")
            && !headers.contains("Content-Range")
            && !headers.first(CACHE_CONTROL, "").toLowerCase(Locale.ROOT).contains(NO_TRANSFORM);
    return packs ? packed(response) : response;
  }

  private boolean isListed(String type) {
    return types.contains(type) || types.contains(type.substring(0, type.indexOf('/') + 1));
  }

  private static Response untransformed(Response response) {
    Optional<String> control = response.headers().joined(CACHE_CONTROL);
    return response.withHeader(
        CACHE_CONTROL, control.map(other -> other + ", " + NO_TRANSFORM).orElse(NO_TRANSFORM));
  }

  private static Response packed(Response response) {
    Headers.Builder fields = response.headers().toBuilder();
    fields.set("Content-Encoding", "gzip").add("Vary", "Accept-Encoding").remove("Content-Length");
    Optional<String> tag = response.headers().first("ETag");
    tag.ifPresent(strong -> fields.set("ETag", EntityTags.weaken(strong)));
    return response
        .withHeaders(fields.build())
        .withBody(Body.of(response.stream().via(Transform.gzipLive(LEVEL))));
  }
}
