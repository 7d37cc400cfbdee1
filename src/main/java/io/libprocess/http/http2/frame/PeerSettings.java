package io.libprocess.http.http2.frame;

/**
 * The settings of the peer, with the defaults of RFC 9113, section 6.5.2, and of RFC 9218. For one
 * thread at a time.
 */
public final class PeerSettings {

  public static final int HEADER_TABLE_SIZE = 1;
  public static final int ENABLE_PUSH = 2;
  public static final int MAX_CONCURRENT_STREAMS = 3;
  public static final int INITIAL_WINDOW_SIZE = 4;
  public static final int MAX_FRAME_SIZE = 5;
  public static final int MAX_HEADER_LIST_SIZE = 6;
  public static final int NO_RFC7540_PRIORITIES = 9;

  /** The size of a window unless a setting says otherwise. */
  public static final int INITIAL_WINDOW = 65_535;

  /** The size of a frame that every peer accepts. */
  public static final int LEAST_FRAME = 16_384;

  private static final int MOST_FRAME = (1 << 24) - 1;

  private int initialWindow = INITIAL_WINDOW;
  private int maxFrame = LEAST_FRAME;
  private long maxStreams = Integer.MAX_VALUE;
  private long maxHeaderList = Integer.MAX_VALUE;
  private long noOldPriorities;
  private boolean complete; // The first SETTINGS have been read.

  /** The window of a new stream. */
  public int initialWindow() {
    return initialWindow;
  }

  /** The largest payload of a frame. */
  public int maxFrame() {
    return maxFrame;
  }

  /** How many streams this side may have open. */
  public int maxStreams() {
    return (int) maxStreams;
  }

  /** The largest list of header fields that the peer takes. */
  public long maxHeaderList() {
    return maxHeaderList;
  }

  /** Notes the end of a SETTINGS frame. */
  public void end() {
    complete = true;
  }

  /**
   * Notes a setting.
   *
   * @return by how much the windows of all streams change
   */
  public int set(int id, long value) throws Http2Exception {
    switch (id) {
      case MAX_CONCURRENT_STREAMS -> maxStreams = Math.min(value, Integer.MAX_VALUE);
      case MAX_HEADER_LIST_SIZE -> maxHeaderList = value;
      case ENABLE_PUSH -> check(value <= 1, id, value);
      case INITIAL_WINDOW_SIZE -> {
        if (value > Integer.MAX_VALUE) {
          throw Http2Exception.connection(
              ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is " + value);
        }
        int change = (int) value - initialWindow;
        initialWindow = (int) value;
        return change;
      }
      case MAX_FRAME_SIZE -> {
        check(value >= LEAST_FRAME && value <= MOST_FRAME, id, value);
        maxFrame = (int) value;
      }
      case NO_RFC7540_PRIORITIES -> {
        check(value <= 1 && (!complete || value == noOldPriorities), id, value);
        noOldPriorities = value;
      }
      default -> {} // Of no meaning for this side, or unknown.
    }
    return 0;
  }

  private static void check(boolean legal, int id, long value) throws Http2Exception {
    if (!legal) {
      throw Http2Exception.connection(
          ErrorCode.PROTOCOL_ERROR, "the setting " + id + " must not be " + value);
    }
  }
}
