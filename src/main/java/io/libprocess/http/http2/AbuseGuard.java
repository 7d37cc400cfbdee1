package io.libprocess.http.http2;

import io.libprocess.http.Limits;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.FrameType;
import io.libprocess.http.http2.frame.Http2Exception;

/**
 * Charges the peer of one connection for what makes work and serves nobody, and ends the connection
 * when it does more of it than a peer in good faith would. Two accounts are filled as time passes:
 *
 * <ul>
 *   <li>one for streams that are reset, by either side, soon after their request and before their
 *       response. Later resets are free: a client may well give up what takes too long;
 *   <li>one for frames that carry nothing: see {@link #frame}, {@link #data}, {@link #windowUpdate}
 *       and {@link #oddity}. Frames that carry data or end something are free, however small they
 *       are.
 * </ul>
 *
 * <p>Times are in milliseconds of the node's clock. For one thread at a time.
 */
public final class AbuseGuard {

  /** A stream that is reset within this time of its request is reset soon. */
  private static final long SOON = 1000;

  /** How many updates of windows are free, as Envoy has it. */
  private static final int FREE_UPDATES = 5;

  private static final int UPDATES_PER_USE = 2;
  private static final int USES_PER_DATA = 10;

  private final TokenBucket resets;
  private final TokenBucket oddities;
  private final int mostEmpty; // Frames of DATA, one after the other.

  private long uses; // Streams, and frames of DATA sent, for which windows may be updated.
  private long updates;
  private int emptyStream; // The stream of the last empty frames of DATA.
  private int emptyRun; // How many of them came without another one on that stream.

  /** Makes a guard that allows what the limits say. */
  public AbuseGuard(Limits.Http2 limits, long now) {
    this.resets = new TokenBucket(limits.resets(), limits.resetsPerSecond(), now);
    this.oddities = new TokenBucket(limits.oddities(), limits.odditiesPerSecond(), now);
    this.mostEmpty = limits.bursts().emptyData();
  }

  /** Charges for a frame of any type but DATA and WINDOW_UPDATE. */
  public void frame(int type, int length, int flags, long now) throws Http2Exception {
    switch (type) {
      case FrameType.HEADERS, FrameType.CONTINUATION -> {
        if (length == 0 && (flags & FrameType.END_HEADERS) == 0) {
          oddity("empty frames of headers", now);
        }
      }
      case FrameType.DATA, FrameType.WINDOW_UPDATE, FrameType.RST_STREAM, FrameType.GOAWAY -> {}
      case FrameType.SETTINGS -> oddity("SETTINGS", now);
      case FrameType.PING -> oddity("PING", now);
      case FrameType.PRIORITY, FrameType.PRIORITY_UPDATE -> oddity("changes of priorities", now);
      default -> oddity("frames of unknown types", now);
    }
  }

  /** Charges for a frame of DATA without content, unless it ends the stream. */
  public void data(int stream, int size, boolean endStream, long now) throws Http2Exception {
    if (size > 0 || endStream) {
      if (stream == emptyStream) {
        emptyRun = 0;
      }
      return;
    }
    emptyRun = stream == emptyStream ? emptyRun + 1 : 1;
    emptyStream = stream;
    if (emptyRun > mostEmpty) {
      throw Http2Exception.calm(
          AbuseRule.EMPTY_DATA, "more than " + mostEmpty + " empty frames of DATA in a row");
    }
    oddity("empty frames of DATA", now);
  }

  /** Charges for an update of a window, if there are more of them than are of use. */
  public void windowUpdate(long now) throws Http2Exception {
    updates++;
    if (updates > FREE_UPDATES + UPDATES_PER_USE * uses) {
      oddity("updates of windows", now);
    }
  }

  /** Notes that the peer has opened a stream. */
  public void streamOpened() {
    uses++;
  }

  /** Notes that a frame of DATA was sent to the peer. */
  public void dataSent() {
    uses += USES_PER_DATA;
  }

  /** Charges for something that is neither forbidden nor useful. */
  public void oddity(String what, long now) throws Http2Exception {
    if (!oddities.take(now)) {
      throw Http2Exception.calm(AbuseRule.ODDITIES, "too many " + what);
    }
  }

  /**
   * Charges for a stream that is reset by either side.
   *
   * @param age the time since the request
   * @param headSent whether the head of the response was sent before
   */
  public void reset(long age, boolean headSent, long now) throws Http2Exception {
    if (age < SOON && !headSent && !resets.take(now)) {
      throw Http2Exception.calm(AbuseRule.RESETS, "too many streams are reset");
    }
  }
}
