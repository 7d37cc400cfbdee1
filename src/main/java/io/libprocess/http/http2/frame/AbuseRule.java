package io.libprocess.http.http2.frame;

import java.util.Locale;

/**
 * The limits that bound what one peer may cost: each ends a connection, or a stream, of which it is
 * exceeded.
 */
public enum AbuseRule {
  /** Streams that are reset soon after their requests. */
  RESETS,
  /** Frames that carry nothing. */
  ODDITIES,
  /** Frames of DATA without content, one after the other. */
  EMPTY_DATA,
  /** Frames of one header block. */
  CONTINUATIONS,
  /** The size of a header block as it is sent. */
  HEADER_BLOCK,
  /** The size of a list of fields after it was decoded. */
  HEADER_LIST,
  /** Settings in one frame. */
  SETTINGS,
  /** The time for a header block. */
  HEAD_TIME,
  /** Requests that wait for the handlers of others. */
  WAITING_REQUESTS,
  /** Control frames that the peer has made due and does not take. */
  CONTROL_FRAMES,
  /** The time in which none of the output is taken. */
  OUTPUT_TIME,
  /** The time in which the windows of a response have to be opened. */
  WINDOW_TIME,
  /** The time in which a part of a body has to arrive. */
  BODY_TIME,
  /** What unfinished bodies may occupy. */
  BODIES;

  /** The name in metrics and logs: {@code window_time}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
