package io.libprocess.http.filter;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.HttpFilter;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.grammar.EntityTags;
import io.libprocess.http.grammar.HttpDate;
import io.libprocess.service.Service;
import io.libprocess.stream.Chunk;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * Saves sending what the client has: gives answers to {@code GET} and {@code HEAD} an {@code ETag}
 * made of their bytes, unless they have one, and answers with 304 if the request names it in {@code
 * If-None-Match}, or if what {@code Last-Modified} says is not after its {@code If-Modified-Since}.
 * Only answers with status 200 whose bytes are in memory are looked at; files have validators of
 * their own. Immutable.
 */
public final class CacheValidators implements HttpFilter {

  private static final int TAG_BYTES = 15; // 120 bits, which are 20 characters.

  private final String cacheControl; // Empty: none.

  private CacheValidators(String cacheControl) {
    this.cacheControl = cacheControl;
  }

  /** Validators alone; how long an answer may be kept is left to the handler. */
  public static CacheValidators standard() {
    return new CacheValidators("");
  }

  /**
   * Validators, and {@code Cache-Control} for the answers without one.
   *
   * @param value such as {@code private, max-age=60} or {@code no-cache}
   */
  public CacheValidators cacheControl(String value) {
    Headers.of("Cache-Control", value); // Refuses what is illegal.
    return new CacheValidators(requireNonNull(value, "value"));
  }

  @Override
  public Future<Response> apply(Request request, Service<Request, Response> next) {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    return reads
        ? next.call(request).map(response -> validated(request.headers(), response))
        : next.call(request);
  }

  private Response validated(Headers asked, Response response) {
    if (!response.status().equals(Status.OK) || !(response.body() instanceof Body.Bytes bytes)) {
      return response;
    }
    Headers.Builder fields = response.headers().toBuilder();
    String tag = response.headers().first("ETag").orElseGet(() -> tag(bytes.content()));
    fields.set("ETag", tag);
    if (!cacheControl.isEmpty() && !response.headers().contains("Cache-Control")) {
      fields.add("Cache-Control", cacheControl);
    }
    if (isKnown(asked, tag, response.headers())) {
      Headers kept = fields.remove("Content-Type").remove("Content-Length").build();
      return new Response(Status.NOT_MODIFIED, kept, Body.empty());
    }
    return response.withHeaders(fields.build());
  }

  private static boolean isKnown(Headers asked, String tag, Headers answered) {
    Optional<String> tags = asked.joined("If-None-Match");
    if (tags.isPresent()) {
      return EntityTags.contain(tags.get(), tag, false);
    }
    Optional<Instant> since = asked.first("If-Modified-Since").flatMap(HttpDate::parse);
    Optional<Instant> modified = answered.first("Last-Modified").flatMap(HttpDate::parse);
    return since.isPresent() && modified.isPresent() && !modified.get().isAfter(since.get());
  }

  private static String tag(Chunk content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.toArray());
      byte[] start = Arrays.copyOf(digest, TAG_BYTES);
      return '"' + Base64.getUrlEncoder().encodeToString(start) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
