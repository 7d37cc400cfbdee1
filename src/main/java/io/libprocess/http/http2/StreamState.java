package io.libprocess.http.http2;

/**
 * The state of a stream as a server sees it, with what is to be done about each kind of frame that
 * arrives for it. PRIORITY is ignored in every state.
 *
 * <p>Whatever the state, a header block is decoded, since the state of the compression depends on
 * it, and DATA is counted on the connection.
 *
 * <pre>
 *   IDLE -> OPEN -> HALF_CLOSED_REMOTE -> ENDED
 *             \_____________\____________> RESET_HERE | RESET_BY_PEER
 * </pre>
 */
public enum StreamState {
  //                 HEADERS                    DATA                        RST_STREAM,
  // WINDOW_UPDATE
  IDLE(FrameRule.OPENS, FrameRule.PROTOCOL_ERROR, FrameRule.PROTOCOL_ERROR),
  OPEN(FrameRule.TAKES_EFFECT, FrameRule.TAKES_EFFECT, FrameRule.TAKES_EFFECT),
  HALF_CLOSED_REMOTE(FrameRule.STREAM_CLOSED, FrameRule.STREAM_CLOSED, FrameRule.TAKES_EFFECT),
  /** Both sides have sent END_STREAM. */
  ENDED(FrameRule.CONNECTION_CLOSED, FrameRule.CONNECTION_CLOSED, FrameRule.IGNORED),
  /** This side has sent RST_STREAM, or no longer remembers why the stream was closed. */
  RESET_HERE(FrameRule.IGNORED, FrameRule.IGNORED, FrameRule.IGNORED),
  RESET_BY_PEER(FrameRule.STREAM_CLOSED, FrameRule.STREAM_CLOSED, FrameRule.IGNORED);

  /** What is done about a frame. */
  public enum FrameRule {
    /** It opens the stream. */
    OPENS,
    /** It is a part of the message, or changes the stream. */
    TAKES_EFFECT,
    /** Nothing but what is done in every state. */
    IGNORED,
    /** A stream error, STREAM_CLOSED. */
    STREAM_CLOSED,
    /** A connection error, STREAM_CLOSED. */
    CONNECTION_CLOSED,
    /** A connection error, PROTOCOL_ERROR. */
    PROTOCOL_ERROR
  }

  private final FrameRule headers;
  private final FrameRule data;
  private final FrameRule control;

  StreamState(FrameRule headers, FrameRule data, FrameRule control) {
    this.headers = headers;
    this.data = data;
    this.control = control;
  }

  /** What is done about HEADERS. */
  public FrameRule onHeaders() {
    return headers;
  }

  /** What is done about DATA. */
  public FrameRule onData() {
    return data;
  }

  /** What is done about RST_STREAM and WINDOW_UPDATE. */
  public FrameRule onControl() {
    return control;
  }
}
