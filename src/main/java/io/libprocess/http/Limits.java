package io.libprocess.http;

import static java.util.Objects.requireNonNull;

import io.libprocess.settings.Check;
import java.time.Duration;
import java.util.function.UnaryOperator;

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
 *     responses, after which the connection is cut; three seconds are enough while the server's
 *     memory is used up
 * @param http2 what a connection of HTTP/2 may cost; the other limits apply to it as well, and
 *     {@code pipelined} is how many streams and handlers it has at a time
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
    Duration bodyTime,
    Http2 http2) {

  /**
   * What a connection of HTTP/2 may cost. A client that does more of what serves nobody than is
   * said here is sent GOAWAY with ENHANCE_YOUR_CALM.
   *
   * @param resets how many streams may be reset at once, by either side, within a second of their
   *     requests and before their responses
   * @param resetsPerSecond how many more in each second
   * @param oddities how many frames may come at once that carry nothing: PING, SETTINGS,
   *     priorities, empty frames, frames of closed streams and of unknown types, needless updates
   *     of windows
   * @param odditiesPerSecond how many more in each second
   * @param window the size in bytes to which the window of a stream may grow whose reader keeps up
   * @param growth by how much the windows of a connection may together be larger than 64 KiB each
   * @param ping how long a client may be silent, while it has a request, before it is asked for a
   *     sign of life, which must come within 15 seconds; zero if it is not asked
   * @param maxAge how long a connection may last, give or take a tenth, before it is ended after
   *     the requests that have begun; zero if it may last for ever
   * @param bursts how many of some things may come one after the other
   */
  public record Http2(
      int resets,
      int resetsPerSecond,
      int oddities,
      int odditiesPerSecond,
      int window,
      int growth,
      Duration ping,
      Duration maxAge,
      Bursts bursts) {

    private static final Http2 DEFAULTS =
        new Http2(
            1000,
            33,
            10_000,
            330,
            4 << 20,
            16 << 20,
            Duration.ZERO,
            Duration.ZERO,
            Bursts.DEFAULTS);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is too small for clients in good faith
     */
    public Http2 {
      Check.atLeast("http2.resets", resets, 1);
      Check.atLeast("http2.resetsPerSecond", resetsPerSecond, 0);
      Check.atLeast("http2.oddities", oddities, 100);
      Check.atLeast("http2.odditiesPerSecond", odditiesPerSecond, 1);
      Check.atLeast("http2.window", window, 65_535);
      Check.atLeast("http2.growth", growth, 0);
      Check.notNegative("http2.ping", ping);
      Check.notNegative("http2.maxAge", maxAge);
      requireNonNull(bursts, "bursts");
    }

    /**
     * The default limits: 1,000 resets at once and 33 in a second, 10,000 frames that carry nothing
     * and 330 in a second, windows up to 4 MiB and 16 MiB of growth; no pings, and no limit of age.
     */
    public static Http2 defaults() {
      return DEFAULTS;
    }

    /** A copy with other limits of streams that are reset. */
    public Http2 withResets(int atOnce, int perSecond) {
      return new Http2(
          atOnce, perSecond, oddities, odditiesPerSecond, window, growth, ping, maxAge, bursts);
    }

    /** A copy with other limits of frames that carry nothing. */
    public Http2 withOddities(int atOnce, int perSecond) {
      return new Http2(
          resets, resetsPerSecond, atOnce, perSecond, window, growth, ping, maxAge, bursts);
    }

    /** A copy with another limit of the size of a window, in bytes. */
    public Http2 withWindow(int bytes) {
      return new Http2(
          resets,
          resetsPerSecond,
          oddities,
          odditiesPerSecond,
          bytes,
          growth,
          ping,
          maxAge,
          bursts);
    }

    /** A copy with another limit of the growth of all windows of a connection, in bytes. */
    public Http2 withGrowth(int bytes) {
      return new Http2(
          resets,
          resetsPerSecond,
          oddities,
          odditiesPerSecond,
          window,
          bytes,
          ping,
          maxAge,
          bursts);
    }

    /** A copy with another time after which a silent client is asked for a sign of life. */
    public Http2 withPing(Duration silence) {
      return new Http2(
          resets,
          resetsPerSecond,
          oddities,
          odditiesPerSecond,
          window,
          growth,
          silence,
          maxAge,
          bursts);
    }

    /** A copy with another limit of how long a connection lasts. */
    public Http2 withMaxAge(Duration time) {
      return new Http2(
          resets, resetsPerSecond, oddities, odditiesPerSecond, window, growth, ping, time, bursts);
    }

    /** A copy with other numbers of what may come one after the other. */
    public Http2 withBursts(UnaryOperator<Bursts> change) {
      return new Http2(
          resets,
          resetsPerSecond,
          oddities,
          odditiesPerSecond,
          window,
          growth,
          ping,
          maxAge,
          change.apply(bursts));
    }
  }

  /**
   * How many of some things that make work may come on one connection of HTTP/2, one after the
   * other, however slowly. More ends the connection with ENHANCE_YOUR_CALM.
   *
   * @param emptyData frames of DATA on one stream that carry nothing
   * @param continuations frames of CONTINUATION in one header block
   * @param settings the entries of one frame of SETTINGS
   * @param control frames that answer the client's and that it does not take; for these the
   *     connection is only cut
   * @param waiting requests that wait for the handlers of others, besides those that {@code
   *     pipelined} allows; those whose streams were reset count as well
   */
  public record Bursts(int emptyData, int continuations, int settings, int control, int waiting) {

    private static final Bursts DEFAULTS = new Bursts(10, 8, 32, 1000, 512);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is too small for clients in good faith
     */
    public Bursts {
      Check.atLeast("http2.emptyData", emptyData, 0);
      Check.atLeast("http2.continuations", continuations, 0);
      Check.atLeast("http2.settings", settings, 8); // As many are known.
      Check.atLeast("http2.control", control, 100);
      Check.atLeast("http2.waiting", waiting, 0);
    }

    /**
     * The default numbers: 10 empty frames, 8 of CONTINUATION, 32 settings, 1,000 control frames
     * and 512 requests that wait.
     */
    public static Bursts defaults() {
      return DEFAULTS;
    }

    /** A copy with another number of empty frames of DATA. */
    public Bursts withEmptyData(int frames) {
      return new Bursts(frames, continuations, settings, control, waiting);
    }

    /** A copy with another number of frames of CONTINUATION. */
    public Bursts withContinuations(int frames) {
      return new Bursts(emptyData, frames, settings, control, waiting);
    }

    /** A copy with another number of entries of SETTINGS. */
    public Bursts withSettings(int entries) {
      return new Bursts(emptyData, continuations, entries, control, waiting);
    }

    /** A copy with another number of control frames that are not taken. */
    public Bursts withControl(int frames) {
      return new Bursts(emptyData, continuations, settings, frames, waiting);
    }

    /** A copy with another number of requests that wait. */
    public Bursts withWaiting(int requests) {
      return new Bursts(emptyData, continuations, settings, control, requests);
    }
  }

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
          Duration.ofSeconds(30),
          Http2.DEFAULTS);

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
    requireNonNull(http2, "http2");
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
    private Http2 http2;

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
      http2 = start.http2;
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

    /** Changes what a connection of HTTP/2 may cost: {@code limits.withWindow(1 << 20)}. */
    public Builder http2(UnaryOperator<Http2> change) {
      http2 = requireNonNull(change.apply(http2), "http2");
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
          bodyTime,
          http2);
    }
  }
}
