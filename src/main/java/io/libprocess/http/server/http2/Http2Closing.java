package io.libprocess.http.server.http2;

import io.libprocess.http.http2.Http2Counts;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.FrameWriter;

/**
 * How one connection of HTTP/2 takes leave. One GOAWAY alone would refuse requests on their way: so
 * the first one allows all streams, with a ping whose answer shows that the client knows of it, and
 * the second one names the last stream.
 *
 * <pre>
 *   OPEN -> LEAVING -> LAST -> GONE
 *     \________\________\_____/^
 * </pre>
 *
 * <p>Used by the thread that works on the connection, except that any thread may ask it to leave.
 */
final class Http2Closing {

  private enum State {
    /** Requests are accepted. */
    OPEN,
    /** The client has been asked to send no more requests; those on their way are accepted. */
    LEAVING,
    /** No more requests are accepted; those that have begun are answered. */
    LAST,
    /** Nothing is received or sent. */
    GONE
  }

  private final FrameWriter writer;
  private final Http2Times times;
  private final Http2Counts counts;

  private volatile boolean asked;
  private State state = State.OPEN;

  Http2Closing(FrameWriter writer, Http2Times times, Http2Counts counts) {
    this.writer = writer;
    this.times = times;
    this.counts = counts;
  }

  /** Asks the connection to leave; called by any thread. */
  void ask() {
    asked = true;
  }

  /** Begins to leave if that was asked for. */
  void advance() {
    if (asked && state == State.OPEN) {
      state = State.LEAVING;
      writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, "");
      writer.ping(Http2Times.LEAVE, false);
      times.leaving();
    }
  }

  /**
   * Accepts no more requests, if the client has been told that this will happen.
   *
   * @param last the highest stream whose request was accepted
   */
  void leaveNow(int last) {
    if (state == State.LEAVING) {
      state = State.LAST;
      times.left();
      writer.goAway(last, ErrorCode.NO_ERROR, "");
      counts.ended(ErrorCode.NO_ERROR);
    }
  }

  /** Whether requests are accepted. */
  boolean accepts() {
    return state == State.OPEN || state == State.LEAVING;
  }

  /** Whether the connection ends with the last stream that is open. */
  boolean isLast() {
    return state == State.LAST;
  }

  /** Notes that nothing more is received or sent. */
  void gone() {
    state = State.GONE;
  }

  boolean isGone() {
    return state == State.GONE;
  }
}
