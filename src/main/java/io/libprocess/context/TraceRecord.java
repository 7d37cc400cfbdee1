package io.libprocess.context;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request as one of its two sides has seen it.
 *
 * @param trace where it stands in its trace
 * @param kind on which side
 * @param method such as {@code GET}
 * @param path without the query, which may hold what is secret
 * @param start when it was received, or sent
 * @param duration until the response was made, or had come
 * @param status of the response; empty if there is none
 * @param failure why there is none; empty if it was discarded
 * @param attempt how often the request was sent before
 * @param timedOut whether there was no response in time: by the failure, or because the request was
 *     discarded when its deadline was over
 */
public record TraceRecord(
    Trace trace,
    Kind kind,
    String method,
    String path,
    Instant start,
    Duration duration,
    OptionalInt status,
    Optional<Throwable> failure,
    int attempt,
    boolean timedOut) {

  /** The sides of a request. */
  public enum Kind {
    /** It was received. */
    SERVER,
    /** It was sent; each attempt is recorded by itself. */
    CLIENT
  }
}
