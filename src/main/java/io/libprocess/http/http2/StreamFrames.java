package io.libprocess.http.http2;

import io.libprocess.http.Limits;
import io.libprocess.http.hpack.FieldSink;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import io.libprocess.http.http2.StreamState.FrameRule;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.FrameHandler;
import io.libprocess.http.http2.frame.FrameReader;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.stream.Chunk;
import java.util.Arrays;

/**
 * What the frames that arrive on a connection mean on either side of it: the rules of RFC 9113 that
 * do not depend on who has sent them. Used by the thread that works on the connection.
 *
 * @param <S> a stream
 */
public abstract class StreamFrames<S extends OpenStream> implements FrameHandler {

  private static final int HEADER_TABLE = 4096;
  private static final int SETTINGS = 4;

  /** The streams of the connection. */
  protected final StreamTable<S> streams;

  private final PeerSettings peer;
  private final StreamOutput<S> output; // Goes on when windows change.
  private final FrameReader reader;
  private final HpackDecoder decoder;

  private boolean first = true; // The peer's settings have not arrived.
  private int leaving = Integer.MAX_VALUE; // The last stream in the peer's GOAWAY.

  /**
   * For subclasses.
   *
   * @param output writes what this side sends on the connection
   * @param limits for what the peer sends
   */
  protected StreamFrames(
      StreamTable<S> streams, PeerSettings peer, StreamOutput<S> output, Limits limits) {
    this.streams = streams;
    this.peer = peer;
    this.output = output;
    this.reader =
        new FrameReader(PeerSettings.LEAST_FRAME, 2 * limits.head(), limits.http2().bursts());
    this.decoder = new HpackDecoder(HEADER_TABLE, limits.head());
  }

  /* ------ For subclasses ------ */

  /** Acknowledges settings of the peer, which have been noted. */
  protected abstract void settingsReceived();

  /** Notes that the peer has acknowledged the settings of this side. */
  protected abstract void settingsAcked();

  /** Notes that the peer opens no more streams, or takes none above {@code lastStream}. */
  protected abstract void peerLeaves(int lastStream, ErrorCode code, String debug);

  /** Goes on with what the window of a stream held up. */
  protected void windowChanged(S stream) {
    output.windowChanged(stream);
  }

  /** Makes the error that ends the connection. */
  protected static Http2Exception error(ErrorCode code, String text) {
    return Http2Exception.connection(code, text);
  }

  /** Makes the error that ends a stream whose message breaks a rule. */
  protected static Http2Exception malformed(int id, String problem) {
    return Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, problem);
  }

  /** Does what a rule says about a frame; true if it takes effect. */
  protected boolean applies(FrameRule rule, int id, String frame) throws Http2Exception {
    switch (rule) {
      case STREAM_CLOSED ->
          throw Http2Exception.stream(
              id, ErrorCode.STREAM_CLOSED, frame + " on the closed stream " + id);
      case CONNECTION_CLOSED ->
          throw error(ErrorCode.STREAM_CLOSED, frame + " on the closed stream " + id);
      case PROTOCOL_ERROR, OPENS ->
          throw error(ErrorCode.PROTOCOL_ERROR, frame + " on the idle stream " + id);
      default -> {
        return rule == FrameRule.TAKES_EFFECT;
      }
    }
  }

  /** Decodes a header block, whose fields the table of the connection must know in any case. */
  protected final void decode(byte[] block, int from, int to, FieldSink fields)
      throws Http2Exception {
    try {
      decoder.decode(block, from, to, fields);
    } catch (HpackException e) {
      throw e.isBomb()
          ? Http2Exception.calm(AbuseRule.HEADER_LIST, e.getMessage())
          : error(ErrorCode.COMPRESSION_ERROR, e.getMessage());
    }
  }

  /** Counts DATA against the window of its stream; padding is given back at once. */
  protected final void receive(S stream, int size, int padding) throws Http2Exception {
    if (!stream.receive.receive(size + padding)) {
      throw Http2Exception.stream(
          stream.id(), ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the stream");
    }
    stream.receive.take(padding);
  }

  /** Checks at the end of a message that its body has the announced length. */
  protected final void checkWhole(S stream) throws Http2Exception {
    if (!stream.isWhole()) {
      throw malformed(stream.id(), "the body is shorter than its content-length");
    }
  }

  /**
   * Makes a piece of a body. One that is most of the input shares its memory; a small one is
   * copied, so that keeping it does not keep its neighbours.
   */
  protected static Chunk piece(byte[] bytes, int from, int size) {
    return size >= bytes.length / 2
        ? Chunk.of(bytes, from, size)
        : Chunk.of(Arrays.copyOfRange(bytes, from, from + size));
  }

  /* ------ Reading ------ */

  /** Takes bytes that have arrived. */
  public final void feed(byte[] bytes) {
    reader.feed(bytes);
  }

  /** Reads a frame; false if none has arrived completely. */
  public final boolean parse() throws Http2Exception {
    return reader.parse(this);
  }

  /** Whether a header block has begun and not ended. */
  public final boolean isInsideBlock() {
    return reader.isInsideBlock();
  }

  /** The bytes of memory that are held for frames which are not complete. */
  public final int held() {
    return reader.held();
  }

  /** Those of them that are not for the content of a body. */
  public final int heldForHeads() {
    return reader.heldForHeads();
  }

  /** Drops what has arrived: nothing more is parsed. */
  public final void close() {
    reader.close();
  }

  /** Whether the peer's settings have not arrived. */
  public final boolean isFirst() {
    return first;
  }

  /* ------ Frames ------ */

  @Override
  public void frame(int type, int stream, int length, int flags) throws Http2Exception {
    if (first && type != SETTINGS) {
      throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS, but of type " + type);
    }
  }

  @Override
  public void setting(int id, long value) throws Http2Exception {
    int change = peer.set(id, value);
    if (id == PeerSettings.HEADER_TABLE_SIZE) {
      output.tableSize(value);
    }
    if (change != 0) {
      for (S stream : streams.all()) {
        if (!stream.send.change(change)) {
          throw error(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE makes a window too large");
        }
        windowChanged(stream);
      }
    }
  }

  @Override
  public final void settingsEnd(boolean ack) throws Http2Exception {
    if (ack) {
      if (first) {
        throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is an ACK of SETTINGS");
      }
      settingsAcked();
      return;
    }
    first = false;
    peer.end();
    settingsReceived();
  }

  @Override
  public final void goAway(int lastStream, int code, String debug) throws Http2Exception {
    if (lastStream > leaving) {
      throw error(ErrorCode.PROTOCOL_ERROR, "GOAWAY with a higher stream than before");
    }
    leaving = lastStream;
    peerLeaves(lastStream, ErrorCode.of(code), debug);
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Exception {
    if (id == 0) {
      if (increment == 0) {
        throw error(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
      }
      if (!output.window.change(increment)) {
        throw error(ErrorCode.FLOW_CONTROL_ERROR, "the window of the connection is too large");
      }
      output.windowChanged();
    } else if (applies(streams.state(id).onControl(), id, "WINDOW_UPDATE")) {
      if (increment == 0) {
        throw malformed(id, "WINDOW_UPDATE of 0");
      }
      S stream = streams.get(id);
      if (!stream.send.change(increment)) {
        throw Http2Exception.stream(
            id, ErrorCode.FLOW_CONTROL_ERROR, "the window of the stream is too large");
      }
      windowChanged(stream);
    }
  }

  @Override
  public final void priority(int id, int dependency) throws Http2Exception {
    if (dependency == id) {
      throw streams.state(id) == StreamState.IDLE
          ? error(ErrorCode.PROTOCOL_ERROR, "the idle stream " + id + " depends on itself")
          : malformed(id, "the stream depends on itself");
    }
  }

  @Override
  public final void unknown(int type, int id) {} // Means nothing.
}
