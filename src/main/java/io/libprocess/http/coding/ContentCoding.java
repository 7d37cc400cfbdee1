package io.libprocess.http.coding;

import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.stream.Chunk;
import java.util.Locale;
import java.util.Optional;

/** Applies gzip to the bodies of responses, and undoes it in those of requests. */
public final class ContentCoding {

  private static final String GZIP = "gzip";

  /** Smaller bodies are not worth the time. */
  private static final int SMALLEST = 1024;

  /** Larger bodies take too long for a thread that others wait for. */
  private static final int LONG_WORK = 64 << 10;

  private ContentCoding() {}

  /* ------ Responses ------ */

  /** Whether a response should be compressed. For most, a first look at the size says no. */
  public static boolean isWanted(Request request, Response response) {
    return response.body() instanceof Body.Bytes bytes
        && bytes.content().size() >= SMALLEST
        && request.headers().contains("Accept-Encoding")
        && request.acceptsEncoding(GZIP)
        && mayBeCoded(response);
  }

  private static boolean mayBeCoded(Response response) {
    Headers headers = response.headers();
    return !headers.contains("Content-Encoding")
        && !headers.first("Content-Type", "").startsWith("application/grpc") // Has its own.
        && !headers.contains("Content-Range")
        && !headers
            .joined("Cache-Control")
            .map(control -> control.toLowerCase(Locale.ROOT).contains("no-transform"))
            .orElse(false);
  }

  /** Whether compressing takes so long that it counts as blocking. */
  public static boolean takesLong(Response response) {
    return ((Body.Bytes) response.body()).content().size() >= LONG_WORK;
  }

  /**
   * Compresses the body of a response; returns the response unchanged if that would not make it
   * shorter.
   */
  public static Response encoded(Response plain) {
    Chunk content = ((Body.Bytes) plain.body()).content();
    Chunk compressed = GzipEncoder.encode(content);
    if (compressed.size() >= content.size()) {
      return plain;
    }
    Headers.Builder headers = plain.headers().toBuilder();
    headers.set("Content-Encoding", GZIP).add("Vary", "Accept-Encoding");
    Optional<String> tag = plain.headers().first("ETag");
    tag.ifPresent(strong -> headers.set("ETag", EntityTags.weaken(strong)));
    return plain.withHeaders(headers.build()).withBody(Body.of(compressed));
  }

  /* ------ Requests ------ */

  /**
   * Decompresses the body of a request; the headers are unchanged. The result's body is a stream,
   * so that the decompressed bytes need not be held, and fails with status 400 if the body is not
   * gzip.
   *
   * @param memory the memory that collecting the body draws on; null if it is not counted
   */
  public static Request decoded(Request request, MemoryBudget.Share memory) {
    if (request.body() instanceof Body.Empty) {
      return request;
    }
    String coding = request.headers().first("Content-Encoding", "");
    if (!coding.equalsIgnoreCase(GZIP) && !coding.equalsIgnoreCase("x-gzip")) {
      return request;
    }
    return request.withBody(
        request.body() instanceof Body.Streamed streamed
            ? GzipStream.decoded(streamed, memory)
            : GzipStream.decoded(request.bytes(), memory));
  }
}
