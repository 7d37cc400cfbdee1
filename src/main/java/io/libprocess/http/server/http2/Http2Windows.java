package io.libprocess.http.server.http2;

import io.libprocess.http.Limits;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.UnfinishedBodies;
import io.libprocess.http.http2.WindowGrowth;
import io.libprocess.http.http2.frame.PeerSettings;

/**
 * The windows of what a client sends on one connection. Used by the thread that works on it. The
 * window of a stream is credited when the reader of its body takes a piece; {@link WindowGrowth}
 * has the rest.
 *
 * <p><b>Held bodies.</b> While the bodies that are collected for the handlers of one connection are
 * together larger than one body may be, only the oldest that has not arrived is credited, so that
 * one always completes.
 *
 * <p><b>Promises.</b> What the bodies of all connections may yet occupy is summed for the server;
 * while the sum is too large no window grows, and greedy connections are refused.
 */
final class Http2Windows {

  private static final int INITIAL = PeerSettings.INITIAL_WINDOW;

  private final ServerContext server;
  private final Http2Output output;
  private final StreamTable<Http2Stream> streams;
  private final UnfinishedBodies.Part bodies;
  private final WindowGrowth growth;

  private int count; // The streams that have, or had, a body that was still to come.
  private boolean heldBack; // A stream was not credited because others have to complete first.

  Http2Windows(ServerContext server, Http2Output output, StreamTable<Http2Stream> streams) {
    this.server = server;
    this.output = output;
    this.streams = streams;
    this.bodies = server.bodies().new Part();
    Limits.Http2 limits = server.limits().http2();
    this.growth =
        new WindowGrowth(
            output.writer, server::nanoTime, INITIAL, limits.window(), limits.growth());
  }

  /** Opens the window of the connection. */
  void begin() {
    // What all streams may send, and their growth, so that only the streams' windows hold back.
    growth.begin(
        (long) server.limits().pipelined() * (INITIAL + 1) + server.limits().http2().growth());
  }

  void close() {
    bodies.close();
  }

  /* ------ Arriving ------ */

  /** Counts DATA; false if it is beyond the window of the connection. */
  boolean receive(int octets) {
    return growth.receive(octets);
  }

  /** Notes that the client has answered a ping that measures. */
  void measured() {
    growth.measured();
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
    streams.forEach(stream -> held[0] += stream.heldByBody());
    return held[0];
  }

  /** Notes that nothing more arrives for a stream. Idempotent. */
  void ended(Http2Stream stream) {
    if (stream.promised != 0) {
      promise(stream, 0);
    }
    growth.reset(stream);
  }

  /** Lets the client send as much more of a body as its reader has taken. */
  void credit(Http2Stream stream) {
    if (!stream.isOpen() || stream.body == null || stream.body.isUnwanted()) {
      return;
    }
    if (!bodies.isShort() && growth.grow(stream, stream.body.held())) {
      promise(stream, promise(stream.leftToCome(), stream.receive.size()));
    }
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

  /** Takes growth back if the reader of a body is far behind for some time. */
  void shrink(Http2Stream stream) {
    if (stream.body != null) {
      growth.shrink(stream, stream.body.held());
    }
  }
}
