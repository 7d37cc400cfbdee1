package io.libprocess.http.client;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.StreamFrames;
import io.libprocess.http.http2.StreamState.FrameRule;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.WindowGrowth;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.ResponseFields;

/**
 * The frames that arrive on a client's connection: what each means in the state of its stream, and
 * the windows of what the server sends. Used by the thread that works on the connection.
 *
 * <p>The window of the connection is credited when DATA arrives, that of a stream when the reader
 * of the response takes a piece: so a response that is not read holds up no other.
 */
final class Http2ClientFrames extends StreamFrames<Http2ClientStream> {

  private static final int CONNECTION_WINDOW = 32 << 20;
  private static final String DATA = "DATA";
  private static final int CONTINUE = 100;
  private static final int SWITCHING = 101;
  private static final int FINAL = 200;

  private final Http2ClientConnection connection;
  private final Http2ClientOutput output;
  private final Http2ClientResponses responses;
  private final Http2ClientTimes times;
  private final ResponseFields fields;
  private final AbuseGuard guard;
  private final WindowGrowth growth;

  Http2ClientFrames(
      Http2ClientConnection connection,
      StreamTable<Http2ClientStream> streams,
      Http2ClientOutput output,
      Http2ClientResponses responses,
      Http2ClientTimes times,
      PeerSettings peer,
      Limits limits) {
    super(streams, peer, output, limits);
    this.connection = connection;
    this.output = output;
    this.responses = responses;
    this.times = times;
    this.fields = new ResponseFields(limits);
    this.guard = new AbuseGuard(limits.http2(), times.now());
    this.growth =
        new WindowGrowth(
            output.writer,
            times::nanoTime,
            Http2ClientStream.WINDOW,
            Math.max(Http2ClientStream.WINDOW, limits.http2().window()),
            limits.http2().growth());
    output.guard(guard);
  }

  /** Opens the window of the connection. */
  void begin() {
    growth.begin(CONNECTION_WINDOW);
  }

  @Override
  public void frame(int type, int stream, int length, int flags) throws Http2Exception {
    super.frame(type, stream, length, flags);
    guard.frame(type, length, flags, times.now());
  }

  /** Frames of responses that were given up are free, as long as they carry something. */
  @Override
  protected boolean applies(FrameRule rule, int id, String frame) throws Http2Exception {
    if (rule == FrameRule.IGNORED && !frame.equals(DATA)) {
      guard.oddity("frames on closed streams", times.now());
    }
    return super.applies(rule, id, frame);
  }

  /* ------ Responses ------ */

  @Override
  public void headers(int id, byte[] block, int from, int to, int dependency, boolean endStream)
      throws Http2Exception {
    Http2ClientStream stream = streams.get(id);
    fields.begin(stream != null && stream.status != null);
    decode(block, from, to, fields);
    String problem = dependency == id ? "the stream depends on itself" : fields.end();
    if (!applies(streams.state(id).onHeaders(), id, "HEADERS")) {
      return;
    }
    if (problem != null) {
      throw malformed(id, problem);
    }
    stream.exchange.answered = true;
    if (stream.status != null) {
      trailers(stream, endStream);
    } else if (fields.status().code() < FINAL) {
      interim(stream, fields.status().code(), endStream);
    } else {
      head(stream, endStream);
    }
  }

  /** An interim response allows no more time for the final one. */
  private void interim(Http2ClientStream stream, int code, boolean endStream)
      throws Http2Exception {
    if (endStream || code == SWITCHING) {
      throw malformed(stream.id(), "an interim response that ends the stream, or 101");
    }
    if (code == CONTINUE && stream.exchange.awaitsContinue) {
      stream.exchange.awaitsContinue = false;
      output.startBody(stream);
      connection.progress(stream);
    }
  }

  private void head(Http2ClientStream stream, boolean endStream) throws Http2Exception {
    stream.head(fields.status(), fields.headers(), fields.announced());
    connection.progress(stream);
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
    checkWhole(stream);
    connection.endOfResponse(stream, trailers);
  }

  @Override
  public void data(int id, byte[] bytes, int from, int to, int padding, boolean endStream)
      throws Http2Exception {
    int size = to - from;
    guard.data(id, size, endStream, times.now());
    if (!growth.receive(size + padding)) {
      throw error(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the connection");
    }
    if (!applies(streams.state(id).onData(), id, DATA)) {
      return;
    }
    Http2ClientStream stream = streams.get(id);
    if (stream.status == null) {
      throw malformed(id, "DATA before the head of the response");
    }
    receive(stream, size, padding);
    if (!stream.count(size)) {
      throw malformed(id, "the body is longer than its content-length, or must be empty");
    }
    connection.progress(stream);
    if (size > 0) {
      stream.add(piece(bytes, from, size));
    }
    if (endStream) {
      endOfResponse(stream, Headers.empty());
    } else {
      credit(stream);
    }
  }

  /** Lets the server send as much more of a response as its reader has taken. */
  void credit(Http2ClientStream stream) {
    if (!stream.isOpen()) {
      return;
    }
    if (stream.body != null) {
      growth.shrink(stream, stream.body.held());
      growth.grow(stream, stream.body.held());
    }
    if (stream.receive.open() < stream.leftToCome()) {
      int update = stream.receive.update();
      if (update > 0) {
        connection.progress(stream);
        output.writer.windowUpdate(stream.id(), update);
      }
    }
  }

  /** Notes that nothing more arrives for a stream. */
  void closed(Http2ClientStream stream) {
    growth.reset(stream);
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
    super.setting(id, value);
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Exception {
    guard.windowUpdate(times.now());
    super.windowUpdate(id, increment);
  }

  @Override
  protected void settingsReceived() {
    output.acknowledge();
    connection.settingsChanged();
  }

  @Override
  protected void settingsAcked() {
    times.settingsAcked();
  }

  @Override
  public void ping(long opaque, boolean ack) {
    if (!ack) {
      output.pong(opaque);
    } else if (opaque == WindowGrowth.MEASURE) {
      growth.measured();
    } else if (times.pingAcked(opaque)) {
      connection.isAlive();
    }
  }

  @Override
  protected void peerLeaves(int lastStream, ErrorCode code, String debug) {
    connection.goAway(lastStream, code, debug);
  }

  @Override
  public void priorityUpdate(int id, String value) throws Http2Exception {
    throw error(ErrorCode.PROTOCOL_ERROR, "PRIORITY_UPDATE from a server");
  }
}
