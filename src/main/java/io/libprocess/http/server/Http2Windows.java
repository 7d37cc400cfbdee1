package io.libprocess.http.server;

import io.libprocess.http.Limits;
import io.libprocess.http.http2.ReceiveWindow;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.frame.PeerSettings;

/**
 * The windows of what a client sends on one connection. Used by the thread that works on it.
 *
 * <p>The window of the connection is credited when DATA arrives, padding included: it bounds what
 * is on its way, is the same for fast and slow readers, and nothing can leak a part of it. The
 * window of a stream is credited when the reader of its body takes a piece.
 *
 * <p><b>Held bodies.</b> While the bodies that are collected for the handlers of one connection are
 * together larger than one body may be, only the oldest that has not arrived is credited, so that
 * one always completes.
 *
 * <p><b>Growth.</b> A ping measures how much arrives in a round trip. If that is much of a window,
 * and faster than before, then the window was what held the client back: streams whose readers keep
 * up get twice as large ones. As half of a window is announced at a time, a client that sends all
 * it may sends between a half and all of it in a round trip.
 */
final class Http2Windows {

  /** The content of the pings that measure. */
  static final long MEASURE = 0x67726F77L; // "grow"

  static final int INITIAL = PeerSettings.INITIAL_WINDOW;

  private static final long SHORTEST_PAUSE = 100; // Between two pings, in milliseconds.
  private static final long LONGEST_PAUSE = 10_000;
  private static final double MILLI = 1e-6; // Of a nanosecond.
  private static final long SLOW = 1000; // When a reader that is behind counts as slow.

  private final HttpServer server;
  private final Http2Output output;
  private final StreamTable<Http2Stream> streams;
  private final UnfinishedBodies.Part bodies;
  private final Limits.Http2 limits;
  private final ReceiveWindow connection = new ReceiveWindow(PeerSettings.INITIAL_WINDOW);

  private int count; // The streams that have, or had, a body that was still to come.
  private boolean heldBack; // A stream was not credited because others have to complete first.

  // Growth.
  private int target = INITIAL;
  private int grown; // By how much all windows together are larger than the initial ones.
  private boolean measures; // A ping is on its way.
  private long arrived; // Bytes since the ping that is on its way.
  private long sincePing; // Bytes since the last ping: there is none for a few bytes.
  private long pingedAt; // In nanoseconds.
  private long nextPing; // In milliseconds.
  private long pause = SHORTEST_PAUSE;
  private double bestRate; // In bytes in a millisecond.

  Http2Windows(HttpServer server, Http2Output output, StreamTable<Http2Stream> streams) {
    this.server = server;
    this.output = output;
    this.streams = streams;
    this.limits = server.limits().http2();
    this.bodies = server.bodies().new Part();
  }

  /** Opens the window of the connection. */
  void begin() {
    // What all streams may send, and their growth, so that only the streams' windows hold back.
    long all = (long) server.limits().pipelined() * (INITIAL + 1) + limits.growth();
    connection.resize((int) Math.min(all, Integer.MAX_VALUE));
    output.writer.windowUpdate(0, connection.update());
  }

  void close() {
    bodies.close();
  }

  /* ------ Arriving ------ */

  /** Counts DATA; false if it is beyond the window of the connection. */
  boolean receive(int octets) {
    if (!connection.receive(octets)) {
      return false;
    }
    connection.take(octets);
    int update = connection.update();
    if (update > 0) {
      output.writer.windowUpdate(0, update);
    }
    arrived += octets;
    sincePing += octets;
    if (!measures
        && sincePing >= target / 2
        && target < limits.window()
        && server.now() >= nextPing) {
      measures = true;
      arrived = octets;
      sincePing = 0;
      pingedAt = server.nanoTime();
      output.writer.ping(MEASURE, false);
    }
    return true;
  }

  /** Notes that the client has answered a ping that measures. */
  void measured() {
    if (!measures) {
      return;
    }
    measures = false;
    double rate = arrived / (Math.max(1, server.nanoTime() - pingedAt) * MILLI);
    if (arrived >= target / 5 * 2 && rate > bestRate) {
      bestRate = rate;
      target = (int) Math.min(limits.window(), 2L * target);
      pause = SHORTEST_PAUSE;
    } else {
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
    nextPing = server.now() + pause;
  }

  /* ------ Streams ------ */

  /** Whether a stream with a body is to be refused for want of memory. */
  boolean refuses(long announced) {
    return bodies.refuses(promise(announced, INITIAL));
  }

  /** Notes that a stream with a body was opened. */
  void opened(Http2Stream stream) {
    stream.hasBody = true;
    count++;
    promise(stream, promise(stream.leftToCome(), stream.receive.size()));
  }

  private static long promise(long announced, int window) {
    return announced < 0 ? window : Math.min(announced, window);
  }

  private void promise(Http2Stream stream, long bytes) {
    bodies.add(bytes - stream.promised);
    stream.promised = bytes;
  }

  /** Notes that a stream is closed. */
  void closed(Http2Stream stream) {
    ended(stream);
    if (stream.hasBody) {
      count--;
    }
  }

  /** How many streams have, or had, a body that was still to come. */
  int bodies() {
    return count;
  }

  /** The bytes of memory that are held for the bodies. */
  long held() {
    long[] held = new long[1];
    streams.forEach(stream -> held[0] += stream.held());
    return held[0];
  }

  /** Notes that nothing more arrives for a stream. Idempotent. */
  void ended(Http2Stream stream) {
    if (stream.promised != 0) {
      promise(stream, 0);
    }
    if (stream.receive.size() > INITIAL) {
      grown -= stream.receive.size() - INITIAL;
      stream.receive.resize(INITIAL);
    }
  }

  /** Lets the client send as much more of a body as its reader has taken. */
  void credit(Http2Stream stream) {
    if (!stream.isOpen() || stream.body == null || stream.body.isUnwanted()) {
      return;
    }
    grow(stream);
    if (stream.receive.open() >= stream.leftToCome()) {
      return;
    }
    if (stream.collected() > 0 && hasToWait(stream)) {
      heldBack = true;
      return;
    }
    int update = stream.receive.update();
    if (update > 0) {
      stream.progress = server.time();
      output.writer.windowUpdate(stream.id(), update);
    }
  }

  /** Whether so much is held for handlers that older bodies have to complete first. */
  private boolean hasToWait(Http2Stream stream) {
    long held = 0;
    boolean older = false;
    for (Http2Stream other : streams.all()) {
      held += other.collected();
      older |= other.isOpen() && other.collected() > 0 && other.id() < stream.id();
    }
    return older && held > server.limits().body();
  }

  /** Credits the streams that had to wait, if they no longer have to. */
  void goOn() {
    if (heldBack) {
      heldBack = false;
      streams.all().forEach(this::credit);
    }
  }

  /* ------ Growth ------ */

  private void grow(Http2Stream stream) {
    int size = stream.receive.size();
    if (size >= target || stream.body.held() > size / 4 || bodies.isShort()) {
      return;
    }
    int more = Math.min(target - size, limits.growth() - grown);
    if (more > 0 && stream.leftToCome() > stream.receive.open()) {
      grown += more;
      stream.receive.resize(size + more);
      promise(stream, promise(stream.leftToCome(), size + more));
    }
  }

  /** Takes growth back if the reader of a body is far behind for some time. */
  void shrink(Http2Stream stream) {
    int size = stream.receive.size();
    if (size <= INITIAL || stream.body == null || stream.body.held() < size / 4 * 3) {
      stream.behindSince = 0;
    } else if (stream.behindSince == 0) {
      stream.behindSince = server.now();
    } else if (server.now() - stream.behindSince >= SLOW) {
      grown -= size - INITIAL;
      stream.receive.resize(INITIAL);
      stream.behindSince = 0;
    }
  }
}
