package io.libprocess.http;

import io.libprocess.settings.Check;
import java.time.Duration;

/**
 * The limits of a server for what a client sends. Sizes are in bytes and include the line ends.
 *
 * @param requestLine the first line of a request; a longer one is answered 414
 * @param head the request line and the header fields together; more is answered 431
 * @param fields the number of header fields of a request, and of its trailer fields; more is
 *     answered 431
 * @param body a body that is to be held in memory; more is answered 413. Streams have no limit.
 *     Reading pauses while the bodies of a connection's unanswered requests together exceed it
 * @param chunkLine the line before each chunk of a body, with its extensions; a longer one is
 *     answered 400
 * @param trailers the trailer fields together; more is answered 431
 * @param pipelined how many requests of one connection may be unanswered; reading pauses then
 * @param headTime the time from the first byte of a head to its last; longer is answered 408
 * @param idleTime the time between two requests, after which the connection is closed; also the
 *     time for answers to a client that has ended its side of the connection, and may be gone
 * @param bodyTime the time without progress of an expected body; longer is answered 408. Each 64
 *     bytes of the body count as progress for a second. Also the time without a byte taken of the
 *     responses, after which the connection is cut
 */
public record Limits(
    int requestLine,
    int head,
    int fields,
    long body,
    int chunkLine,
    int trailers,
    int pipelined,
    Duration headTime,
    Duration idleTime,
    Duration bodyTime) {

  private static final Limits DEFAULTS =
      new Limits(
          8 << 10,
          80 << 10,
          100,
          64 << 20,
          1 << 10,
          8 << 10,
          128,
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is too small to serve the simplest request, a time
   *     is not positive, or the request line may be longer than the head
   */
  public Limits {
    Check.atLeast("requestLine", requestLine, 16);
    Check.atLeast("head", head, requestLine);
    Check.atLeast("fields", fields, 1);
    Check.atLeast("body", body, 0);
    Check.atLeast("chunkLine", chunkLine, 18); // Sixteen digits and the line end.
    Check.atLeast("trailers", trailers, 2);
    Check.atLeast("pipelined", pipelined, 1);
    Check.positive("headTime", headTime);
    Check.positive("idleTime", idleTime);
    Check.positive("bodyTime", bodyTime);
  }

  /**
   * The default limits: 8 KiB request line, 80 KiB head, 100 fields, 64 MiB body, 1 KiB chunk line,
   * 8 KiB trailers, 128 pipelined requests; 10 s for a head, 75 s idle, 30 s without a byte of a
   * body.
   */
  public static Limits defaults() {
    return DEFAULTS;
  }

  /** A builder that starts with the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** Makes a builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /**
   * Collects limits; a limit that is not set keeps its value. The values are checked by {@link
   * #build}.
   */
  public static final class Builder {

    private int requestLine;
    private int head;
    private int fields;
    private long body;
    private int chunkLine;
    private int trailers;
    private int pipelined;
    private Duration headTime;
    private Duration idleTime;
    private Duration bodyTime;

    private Builder(Limits start) {
      requestLine = start.requestLine;
      head = start.head;
      fields = start.fields;
      body = start.body;
      chunkLine = start.chunkLine;
      trailers = start.trailers;
      pipelined = start.pipelined;
      headTime = start.headTime;
      idleTime = start.idleTime;
      bodyTime = start.bodyTime;
    }

    /** Sets the size of the first line of a request, in bytes. */
    public Builder requestLine(int bytes) {
      requestLine = bytes;
      return this;
    }

    /** Sets the size of the request line and the header fields together, in bytes. */
    public Builder head(int bytes) {
      head = bytes;
      return this;
    }

    /** Sets the number of fields. */
    public Builder fields(int count) {
      fields = count;
      return this;
    }

    /** Sets the size of a body that is held in memory, in bytes. */
    public Builder body(long bytes) {
      body = bytes;
      return this;
    }

    /** Sets the size of the line before a chunk, in bytes. */
    public Builder chunkLine(int bytes) {
      chunkLine = bytes;
      return this;
    }

    /** Sets the size of the trailer fields, in bytes. */
    public Builder trailers(int bytes) {
      trailers = bytes;
      return this;
    }

    /** Sets the number of unanswered requests of one connection. */
    public Builder pipelined(int count) {
      pipelined = count;
      return this;
    }

    /** Sets how long a head may take. */
    public Builder headTime(Duration time) {
      headTime = time;
      return this;
    }

    /** Sets how long a connection may be idle between two requests. */
    public Builder idleTime(Duration time) {
      idleTime = time;
      return this;
    }

    /** Sets how long a body may make no progress. */
    public Builder bodyTime(Duration time) {
      bodyTime = time;
      return this;
    }

    /**
     * Builds the limits.
     *
     * @throws IllegalArgumentException if a limit is not valid: see {@link Limits}
     */
    public Limits build() {
      return new Limits(
          requestLine,
          head,
          fields,
          body,
          chunkLine,
          trailers,
          pipelined,
          headTime,
          idleTime,
          bodyTime);
    }
  }
}
