package io.libprocess.http.client;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import io.libprocess.http.http2.ErrorCode;
import io.libprocess.http.http2.FrameHandler;
import io.libprocess.http.http2.FrameReader;
import io.libprocess.http.http2.Http2Exception;
import io.libprocess.http.http2.PeerSettings;
import io.libprocess.http.http2.ReceiveWindow;
import io.libprocess.http.http2.StreamState.FrameRule;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.message.ResponseFields;
import io.libprocess.stream.Chunk;
import java.util.Arrays;

/**
 * The frames that arrive on a client's connection: what each means in the state of its stream, and
 * the windows of what the server sends. Used by the thread that works on the connection.
 *
 * <p>The window of the connection is credited when DATA arrives, that of a stream when the reader
 * of the response takes a piece: so a response that is not read holds up no other.
 */
final class Http2ClientFrames implements FrameHandler {

  private static final int HEADER_TABLE = 4096;
  private static final int SETTINGS = 4;
  private static final int CONNECTION_WINDOW = 32 << 20;
  private static final int CONTINUE = 100;
  private static final int SWITCHING = 101;
  private static final int FINAL = 200;

  private final Http2ClientConnection connection;
  private final StreamTable<Http2ClientStream> streams;
  private final Http2ClientOutput output;
  private final Http2ClientResponses responses;
  private final Http2ClientTimes times;
  private final PeerSettings peer;
  private final FrameReader reader;
  private final HpackDecoder decoder;
  private final ResponseFields fields;
  private final ReceiveWindow window = new ReceiveWindow(PeerSettings.INITIAL_WINDOW);

  private boolean first = true; // The server's settings have not arrived.
  private int leaving = Integer.MAX_VALUE; // The last stream in the server's GOAWAY.

  Http2ClientFrames(
      Http2ClientConnection connection,
      StreamTable<Http2ClientStream> streams,
      Http2ClientOutput output,
      Http2ClientResponses responses,
      Http2ClientTimes times,
      PeerSettings peer,
      Limits limits) {
    this.connection = connection;
    this.streams = streams;
    this.output = output;
    this.responses = responses;
    this.times = times;
    this.peer = peer;
    this.reader = new FrameReader(PeerSettings.LEAST_FRAME, 2 * limits.head());
    this.decoder = new HpackDecoder(HEADER_TABLE, limits.head());
    this.fields = new ResponseFields(limits);
  }

  /** Opens the window of the connection. */
  void begin() {
    window.resize(CONNECTION_WINDOW);
    output.writer.windowUpdate(0, window.update());
  }

  void feed(byte[] bytes) {
    reader.feed(bytes);
  }

  /** Reads a frame; false if none has arrived completely. */
  boolean parse() throws Http2Exception {
    return reader.parse(this);
  }

  /** The bytes of memory that are held for frames which are not complete. */
  int held() {
    return reader.held();
  }

  private static Http2Exception error(ErrorCode code, String text) {
    return Http2Exception.connection(code, text);
  }

  private static Http2Exception malformed(int id, String problem) {
    return Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, problem);
  }

  /** Does what a rule says about a frame; true if it takes effect. */
  private static boolean applies(FrameRule rule, int id, String frame) throws Http2Exception {
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

  @Override
  public void frame(int type, int stream, int length, int flags) throws Http2Exception {
    if (first && type != SETTINGS) {
      throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS, but of type " + type);
    }
  }

  /* ------ Responses ------ */

  @Override
  public void headers(int id, byte[] block, int from, int to, int dependency, boolean endStream)
      throws Http2Exception {
    Http2ClientStream stream = streams.get(id);
    fields.begin(stream != null && stream.status != null);
    try {
      decoder.decode(block, from, to, fields);
    } catch (HpackException e) {
      throw error(
          e.isBomb() ? ErrorCode.ENHANCE_YOUR_CALM : ErrorCode.COMPRESSION_ERROR, e.getMessage());
    }
    String problem = fields.end();
    if (!applies(streams.state(id).onHeaders(), id, "HEADERS")) {
      return;
    }
    if (problem != null) {
      throw malformed(id, problem);
    }
    connection.progress(stream);
    stream.exchange.answered = true;
    if (stream.status != null) {
      trailers(stream, endStream);
    } else if (fields.status().code() < FINAL) {
      interim(stream, fields.status().code(), endStream);
    } else {
      head(stream, endStream);
    }
  }

  private void interim(Http2ClientStream stream, int code, boolean endStream)
      throws Http2Exception {
    if (endStream || code == SWITCHING) {
      throw malformed(stream.id(), "an interim response that ends the stream, or 101");
    }
    if (code == CONTINUE && stream.exchange.awaitsContinue) {
      stream.exchange.awaitsContinue = false;
      output.startBody(stream);
    }
  }

  private void head(Http2ClientStream stream, boolean endStream) throws Http2Exception {
    stream.head(fields.status(), fields.headers(), fields.announced());
    if (endStream) {
      endOfResponse(stream, Headers.empty());
    } else {
      responses.add(stream);
    }
  }

  private void trailers(Http2ClientStream stream, boolean endStream) throws Http2Exception {
    if (!endStream) {
      throw malformed(stream.id(), "trailers without END_STREAM");
    }
    endOfResponse(stream, fields.headers());
  }

  private void endOfResponse(Http2ClientStream stream, Headers trailers) throws Http2Exception {
    if (!stream.isWhole()) {
      throw malformed(stream.id(), "the body is shorter than its content-length");
    }
    connection.endOfResponse(stream, trailers);
  }

  @Override
  public void data(int id, byte[] bytes, int from, int to, int padding, boolean endStream)
      throws Http2Exception {
    int size = to - from;
    if (!window.receive(size + padding)) {
      throw error(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the connection");
    }
    window.take(size + padding);
    int update = window.update();
    if (update > 0) {
      output.writer.windowUpdate(0, update);
    }
    if (!applies(streams.state(id).onData(), id, "DATA")) {
      return;
    }
    Http2ClientStream stream = streams.get(id);
    if (stream.status == null) {
      throw malformed(id, "DATA before the head of the response");
    }
    if (!stream.receive.receive(size + padding)) {
      throw Http2Exception.stream(
          id, ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the stream");
    }
    stream.receive.take(padding);
    if (!stream.count(size)) {
      throw malformed(id, "the body is longer than its content-length, or must be empty");
    }
    connection.progress(stream);
    if (size > 0) {
      stream.add(piece(bytes, from, size));
    }
    if (endStream) {
      endOfResponse(stream, Headers.empty());
    } else if (stream.body != null && stream.body.isUnwanted()) {
      throw Http2Exception.stream(id, ErrorCode.CANCEL, "The response is not read");
    } else {
      credit(stream);
    }
  }

  /** Makes a piece of a body: a small part of the input is copied, so as not to keep the rest. */
  private static Chunk piece(byte[] bytes, int from, int size) {
    return size >= bytes.length / 2
        ? Chunk.of(bytes, from, size)
        : Chunk.of(Arrays.copyOfRange(bytes, from, from + size));
  }

  /** Lets the server send as much more of a response as its reader has taken. */
  void credit(Http2ClientStream stream) {
    if (stream.isOpen() && stream.receive.open() < stream.leftToCome()) {
      int update = stream.receive.update();
      if (update > 0) {
        connection.progress(stream);
        output.writer.windowUpdate(stream.id(), update);
      }
    }
  }

  @Override
  public void rstStream(int id, int code) throws Http2Exception {
    if (applies(streams.state(id).onControl(), id, "RST_STREAM")) {
      connection.resetByPeer(streams.get(id), ErrorCode.of(code));
    }
  }

  @Override
  public void pushPromise(int id) throws Http2Exception {
    throw error(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE, although pushing is switched off");
  }

  /* ------ Control ------ */

  @Override
  public void setting(int id, long value) throws Http2Exception {
    if (id == PeerSettings.ENABLE_PUSH && value != 0) {
      throw error(ErrorCode.PROTOCOL_ERROR, "a server must not enable pushing");
    }
    int change = peer.set(id, value);
    if (id == PeerSettings.HEADER_TABLE_SIZE) {
      output.heads.tableSize(value);
    }
    if (change != 0) {
      for (Http2ClientStream stream : streams.all()) {
        if (!stream.send.change(change)) {
          throw error(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE makes a window too large");
        }
        windowChanged(stream);
      }
    }
  }

  private void windowChanged(Http2ClientStream stream) {
    if (stream.content != null) {
      output.goOn(stream);
    }
  }

  @Override
  public void settingsEnd(boolean ack) throws Http2Exception {
    if (ack) {
      if (first) {
        throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is an ACK of SETTINGS");
      }
      times.settingsAcked();
      return;
    }
    first = false;
    peer.end();
    output.writer.settingsAck();
    connection.settingsChanged();
  }

  @Override
  public void ping(long opaque, boolean ack) {
    if (ack) {
      connection.pingAcked();
    } else {
      output.writer.ping(opaque, true);
    }
  }

  @Override
  public void goAway(int lastStream, int code, String debug) throws Http2Exception {
    if (lastStream > leaving) {
      throw error(ErrorCode.PROTOCOL_ERROR, "GOAWAY with a higher stream than before");
    }
    leaving = lastStream;
    connection.goAway(lastStream, ErrorCode.of(code), debug);
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
    } else if (applies(streams.state(id).onControl(), id, "WINDOW_UPDATE")) {
      if (increment == 0) {
        throw malformed(id, "WINDOW_UPDATE of 0");
      }
      Http2ClientStream stream = streams.get(id);
      if (!stream.send.change(increment)) {
        throw Http2Exception.stream(
            id, ErrorCode.FLOW_CONTROL_ERROR, "the window of the stream is too large");
      }
      windowChanged(stream);
    }
  }

  @Override
  public void priority(int id, int dependency) {}

  @Override
  public void priorityUpdate(int id, String value) throws Http2Exception {
    throw error(ErrorCode.PROTOCOL_ERROR, "PRIORITY_UPDATE from a server");
  }

  @Override
  public void unknown(int type, int id) {}
}
