package io.libprocess.http.server;

import io.libprocess.http.Headers;
import io.libprocess.http.Limits;
import io.libprocess.http.hpack.HpackDecoder;
import io.libprocess.http.hpack.HpackException;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.ErrorCode;
import io.libprocess.http.http2.FrameHandler;
import io.libprocess.http.http2.FrameReader;
import io.libprocess.http.http2.Http2Exception;
import io.libprocess.http.http2.PeerSettings;
import io.libprocess.http.http2.Priority;
import io.libprocess.http.http2.StreamState;
import io.libprocess.http.http2.StreamState.FrameRule;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.message.RequestFields;
import io.libprocess.stream.Chunk;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The frames that arrive on one connection: what each means in the state of its stream. Used by the
 * thread that works on the connection.
 */
final class Http2Frames implements FrameHandler {

  private static final int HEADER_TABLE = 4096;
  private static final int SETTINGS = 4;
  private static final int MOST_EARLY = 128;

  private static final int MOST_EMPTY = 10; // Frames of DATA without content in a row.

  private final HttpServer server;
  private final Http2Connection connection;
  private final StreamTable<Http2Stream> streams;
  private final Http2Requests requests;
  private final Http2Output output;
  private final PeerSettings peer;
  private final FrameReader reader;
  private final HpackDecoder decoder;
  private final RequestFields fields;
  private final AbuseGuard guard;
  private final Http2Windows windows;

  /** The priorities of streams that have not been opened. */
  private final Map<Integer, Priority> early = new LinkedHashMap<>(0);

  private boolean first = true; // The client's settings have not arrived.
  private int last; // The highest stream whose request was accepted.
  private int leaving = Integer.MAX_VALUE; // The last stream in the client's GOAWAY.

  Http2Frames(
      HttpServer server,
      Http2Connection connection,
      StreamTable<Http2Stream> streams,
      Http2Requests requests,
      Http2Output output,
      Http2Windows windows,
      PeerSettings peer) {
    this.server = server;
    this.connection = connection;
    this.streams = streams;
    this.requests = requests;
    this.output = output;
    this.windows = windows;
    this.peer = peer;
    int head = server.limits().head();
    this.reader = new FrameReader(PeerSettings.LEAST_FRAME, 2 * head);
    this.decoder = new HpackDecoder(HEADER_TABLE, head);
    this.fields = new RequestFields(server.limits(), connection.channel.tls().isPresent());
    Limits.Http2 calm = server.limits().http2();
    this.guard =
        new AbuseGuard(
            calm.resets(),
            calm.resetsPerSecond(),
            calm.oddities(),
            calm.odditiesPerSecond(),
            MOST_EMPTY,
            server.now());
    output.guard(guard);
  }

  /** Sends the settings of this side. */
  void begin() {
    output.writer.settings(
        PeerSettings.MAX_CONCURRENT_STREAMS,
        server.limits().pipelined(),
        PeerSettings.MAX_HEADER_LIST_SIZE,
        server.limits().head(),
        PeerSettings.NO_RFC7540_PRIORITIES,
        1);
    windows.begin();
  }

  void feed(byte[] bytes) {
    reader.feed(bytes);
  }

  /** Reads a frame; false if none has arrived completely. */
  boolean parse() throws Http2Exception {
    return reader.parse(this);
  }

  /** Whether a header block has begun and not ended. */
  boolean isInsideBlock() {
    return reader.isInsideBlock();
  }

  /** The bytes of memory that are held for frames which are not complete. */
  int held() {
    return reader.held();
  }

  /** Whether the client's settings have not arrived. */
  boolean isFirst() {
    return first;
  }

  /** The highest stream whose request was accepted. */
  int last() {
    return last;
  }

  private static Http2Exception error(ErrorCode code, String text) {
    return Http2Exception.connection(code, text);
  }

  private static Http2Exception malformed(int id, String problem) {
    return Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, problem);
  }

  private long now() {
    return connection.arrivedAt();
  }

  /** Charges the client for a stream that is reset by either side. */
  void chargeReset(Http2Stream stream) throws Http2Exception {
    guard.reset(now() - stream.began, stream.headSent, now());
  }

  /** Charges the client for something that breaks the rules of a stream. */
  void chargeOddity(String what) throws Http2Exception {
    guard.oddity(what, now());
  }

  /** Does what a rule says about a frame; true if it takes effect. */
  private boolean applies(FrameRule rule, int id, String frame) throws Http2Exception {
    if (rule == FrameRule.IGNORED) {
      chargeOddity("frames on closed streams");
    }
    switch (rule) {
      case STREAM_CLOSED ->
          throw Http2Exception.stream(
              id, ErrorCode.STREAM_CLOSED, frame + " on the closed stream " + id);
      case CONNECTION_CLOSED ->
          throw error(ErrorCode.STREAM_CLOSED, frame + " on the closed stream " + id);
      case PROTOCOL_ERROR ->
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
    guard.frame(type, length, flags, now());
  }

  /* ------ Messages ------ */

  @Override
  public void headers(int id, byte[] block, int from, int to, int dependency, boolean endStream)
      throws Http2Exception {
    FrameRule rule = streams.state(id).onHeaders();
    fields.begin(rule == FrameRule.TAKES_EFFECT);
    decode(block, from, to);
    String problem = dependency == id ? "the stream depends on itself" : fields.end();
    if (rule == FrameRule.OPENS) {
      open(id, endStream, problem);
    } else if (streams.isSkipped(id)) {
      throw error(ErrorCode.PROTOCOL_ERROR, "HEADERS for a lower stream than before: " + id);
    } else if (applies(rule, id, "HEADERS")) {
      if (problem == null && !endStream) {
        problem = "trailers without END_STREAM";
      }
      if (problem != null || fields.rejection() != null) {
        throw malformed(id, problem != null ? problem : fields.rejection().reason());
      }
      endOfRequest(streams.get(id), fields.trailers());
    }
  }

  private void decode(byte[] block, int from, int to) throws Http2Exception {
    try {
      decoder.decode(block, from, to, fields);
    } catch (HpackException e) {
      throw error(
          e.isBomb() ? ErrorCode.ENHANCE_YOUR_CALM : ErrorCode.COMPRESSION_ERROR, e.getMessage());
    }
  }

  /** Opens a stream for a request. */
  private void open(int id, boolean endStream, String problem) throws Http2Exception {
    if (!streams.use(id)) {
      throw error(ErrorCode.PROTOCOL_ERROR, "HEADERS for a stream of the server: " + id);
    }
    boolean full =
        streams.size() >= server.limits().pipelined()
            || !endStream && windows.refuses(fields.length());
    if (!connection.accepts() || full || problem != null) {
      streams.refuse(id);
      if (!connection.accepts()) {
        return; // The client knows from GOAWAY that nothing was done.
      }
      output.reset(id, problem != null ? ErrorCode.PROTOCOL_ERROR : ErrorCode.REFUSED_STREAM);
      chargeOddity("malformed and refused requests");
      return;
    }
    boolean rejected = fields.rejection() != null;
    Http2Stream stream =
        new Http2Stream(
            id,
            connection,
            peer.initialWindow(),
            rejected ? null : fields.head(),
            connection.arrivedAt());
    stream.progress = server.time();
    streams.add(stream);
    prioritize(stream);
    guard.streamOpened();
    server.http2Counts().opened();
    last = id;
    if (rejected) {
      requests.refuse(stream, fields.rejection());
    } else {
      requests.add(stream);
    }
    if (endStream) {
      endOfRequest(stream, Headers.empty());
    } else {
      windows.opened(stream);
    }
  }

  private void prioritize(Http2Stream stream) {
    Priority priority = early.isEmpty() ? null : early.remove(stream.id());
    if (priority == null && stream.head != null && stream.head.priority() != null) {
      priority = Priority.parse(stream.head.priority());
    }
    if (priority != null) {
      output.prioritize(stream, priority);
    }
  }

  private void endOfRequest(Http2Stream stream, Headers trailers) throws Http2Exception {
    if (!stream.isWhole()) {
      throw malformed(stream.id(), "the body is shorter than its content-length");
    }
    stream.endOfInput();
    windows.ended(stream);
    stream.trailers = trailers;
    if (stream.body != null) {
      stream.body.end(trailers);
    }
  }

  @Override
  public void data(int id, byte[] bytes, int from, int to, int padding, boolean endStream)
      throws Http2Exception {
    int size = to - from;
    guard.data(id, size, endStream, now());
    if (!windows.receive(size + padding)) {
      throw error(ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the connection");
    }
    if (!applies(streams.state(id).onData(), id, "DATA")) {
      return;
    }
    Http2Stream stream = streams.get(id);
    if (!stream.receive.receive(size + padding)) {
      throw Http2Exception.stream(
          id, ErrorCode.FLOW_CONTROL_ERROR, "DATA beyond the window of the stream");
    }
    stream.receive.take(padding);
    if (!stream.count(size)) {
      throw malformed(id, "the body is longer than its content-length");
    }
    if (size > 0) {
      stream.arrived(size, server.time());
      stream.add(piece(bytes, from, size));
    }
    if (endStream) {
      endOfRequest(stream, Headers.empty());
    } else {
      windows.credit(stream);
    }
  }

  /**
   * Makes a piece of a body. One that is most of the input shares its memory; a small one is
   * copied, so that keeping it does not keep its neighbours.
   */
  private static Chunk piece(byte[] bytes, int from, int size) {
    return size >= bytes.length / 2
        ? Chunk.of(bytes, from, size)
        : Chunk.of(Arrays.copyOfRange(bytes, from, from + size));
  }

  @Override
  public void rstStream(int id, int code) throws Http2Exception {
    if (applies(streams.state(id).onControl(), id, "RST_STREAM")) {
      server.http2Counts().resetByPeer(ErrorCode.of(code));
      chargeReset(streams.get(id));
      connection.resetByPeer(
          streams.get(id), "the client has reset the stream: " + ErrorCode.of(code));
    }
  }

  @Override
  public void pushPromise(int id) throws Http2Exception {
    throw error(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
  }

  /* ------ Control ------ */

  @Override
  public void setting(int id, long value) throws Http2Exception {
    int change = peer.set(id, value);
    if (id == PeerSettings.HEADER_TABLE_SIZE) {
      output.heads.tableSize(value);
    }
    if (change != 0) {
      for (Http2Stream stream : streams.all()) {
        if (!stream.send.change(change)) {
          throw error(ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE makes a window too large");
        }
        output.windowChanged(stream);
      }
    }
  }

  @Override
  public void settingsEnd(boolean ack) throws Http2Exception {
    if (ack) {
      if (first) {
        throw error(ErrorCode.PROTOCOL_ERROR, "the first frame is an ACK of SETTINGS");
      }
      connection.settingsAcked();
      return;
    }
    first = false;
    peer.end();
    output.acknowledge();
  }

  @Override
  public void ping(long opaque, boolean ack) {
    if (!ack) {
      output.pong(opaque);
    } else if (opaque == Http2Times.LEAVE) {
      connection.leaveNow();
    } else if (opaque == Http2Windows.MEASURE) {
      windows.measured();
    }
  }

  @Override
  public void goAway(int lastStream, int code, String debug) throws Http2Exception {
    if (lastStream > leaving) {
      throw error(ErrorCode.PROTOCOL_ERROR, "GOAWAY with a higher stream than before");
    }
    leaving = lastStream;
    connection.drain(); // The client opens no more streams.
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Exception {
    guard.windowUpdate(now());
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
      Http2Stream stream = streams.get(id);
      if (!stream.send.change(increment)) {
        throw Http2Exception.stream(
            id, ErrorCode.FLOW_CONTROL_ERROR, "the window of the stream is too large");
      }
      output.windowChanged(stream);
    }
  }

  @Override
  public void priority(int id, int dependency) throws Http2Exception {
    if (dependency == id) {
      throw streams.state(id) == StreamState.IDLE
          ? error(ErrorCode.PROTOCOL_ERROR, "the idle stream " + id + " depends on itself")
          : malformed(id, "the stream depends on itself");
    }
  }

  @Override
  public void priorityUpdate(int id, String value) {
    Priority priority = Priority.parse(value);
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      output.prioritize(stream, priority);
    } else if (streams.state(id) == StreamState.IDLE) {
      early.put(id, priority);
      if (early.size() > MOST_EARLY) {
        early.remove(early.keySet().iterator().next());
      }
    }
  }

  @Override
  public void unknown(int type, int id) {} // Means nothing.
}
