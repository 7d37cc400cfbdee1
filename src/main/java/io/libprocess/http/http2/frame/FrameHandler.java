package io.libprocess.http.http2.frame;

/**
 * Takes the frames that a {@link FrameReader} has found. Each has the shape that its type requires.
 * A method may throw an error, which the reader passes on.
 */
public interface FrameHandler {

  /** Takes notice of a frame, before the method for its type is called. */
  void frame(int type, int stream, int length, int flags) throws Http2Exception;

  /**
   * Takes DATA.
   *
   * @param bytes the array with the content; it will not be written to any more
   * @param padding the size of the padding, with the octet of its length
   */
  void data(int stream, byte[] bytes, int from, int to, int padding, boolean endStream)
      throws Http2Exception;

  /**
   * Takes a whole header block, whatever the number of its frames.
   *
   * @param block the array with the block, which is only valid during the call
   * @param dependency the stream on which this one depends; -1 if none is given
   */
  void headers(int stream, byte[] block, int from, int to, int dependency, boolean endStream)
      throws Http2Exception;

  /** Takes PRIORITY. */
  void priority(int stream, int dependency) throws Http2Exception;

  /** Takes RST_STREAM. */
  void rstStream(int stream, int code) throws Http2Exception;

  /** Takes one setting of SETTINGS. */
  void setting(int id, long value) throws Http2Exception;

  /** Takes the end of SETTINGS. */
  void settingsEnd(boolean ack) throws Http2Exception;

  /** Takes PUSH_PROMISE, whose content is not parsed. */
  void pushPromise(int stream) throws Http2Exception;

  /** Takes PING. */
  void ping(long opaque, boolean ack) throws Http2Exception;

  /**
   * Takes GOAWAY.
   *
   * @param debug the text, in which other characters than the printable ones of ASCII are replaced
   */
  void goAway(int lastStream, int code, String debug) throws Http2Exception;

  /** Takes WINDOW_UPDATE, whose increment may be 0. */
  void windowUpdate(int stream, int increment) throws Http2Exception;

  /** Takes PRIORITY_UPDATE (RFC 9218). */
  void priorityUpdate(int stream, String value) throws Http2Exception;

  /** Takes a frame of a type that is not known, which means nothing. */
  void unknown(int type, int stream) throws Http2Exception;
}
