package io.libprocess.http.server.http2;

import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.exchange.ArrivingBody;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.grammar.Rejection;
import io.libprocess.http.grpc.PingStrikes;
import io.libprocess.http.http2.AbuseGuard;
import io.libprocess.http.http2.Priority;
import io.libprocess.http.http2.StreamFrames;
import io.libprocess.http.http2.StreamState;
import io.libprocess.http.http2.StreamState.FrameRule;
import io.libprocess.http.http2.StreamTable;
import io.libprocess.http.http2.WindowGrowth;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.ErrorCode;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.frame.PeerSettings;
import io.libprocess.http.http2.message.RequestFields;
import io.libprocess.http.http2.message.RequestHead;
import io.libprocess.internal.MemoryBudget;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The frames that arrive on one connection: what each means in the state of its stream. Used by the
 * thread that works on the connection.
 */
final class Http2Frames extends StreamFrames<Http2Stream> {

  private static final int MOST_EARLY = 128;

  private final ServerContext server;
  private final Http2Connection connection;
  private final Http2Requests requests;
  private final Http2Output output;
  private final PeerSettings peer;
  private final RequestFields fields;
  private final AbuseGuard guard;
  private final Http2Windows windows;

  /** The priorities of streams that have not been opened. */
  private final Map<Integer, Priority> early = new LinkedHashMap<>(0);

  private boolean left; // The client has sent GOAWAY.
  private int last; // The highest stream whose request was accepted.

  Http2Frames(
      ServerContext server,
      Http2Connection connection,
      StreamTable<Http2Stream> streams,
      Http2Requests requests,
      Http2Output output,
      Http2Windows windows,
      PeerSettings peer) {
    super(streams, peer, output, server.limits());
    this.server = server;
    this.connection = connection;
    this.requests = requests;
    this.output = output;
    this.windows = windows;
    this.peer = peer;
    this.fields = new RequestFields(server.limits(), connection.channel.tls().isPresent());
    this.guard = new AbuseGuard(server.limits().http2(), server.now());
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

  /** The highest stream whose request was accepted. */
  int last() {
    return last;
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

  @Override
  protected boolean applies(FrameRule rule, int id, String frame) throws Http2Exception {
    if (rule == FrameRule.IGNORED) {
      chargeOddity("frames on closed streams");
    }
    return super.applies(rule, id, frame);
  }

  @Override
  public void frame(int type, int stream, int length, int flags) throws Http2Exception {
    super.frame(type, stream, length, flags);
    guard.frame(type, length, flags, now());
  }

  /* ------ Messages ------ */

  @Override
  public void headers(int id, byte[] block, int from, int to, int dependency, boolean endStream)
      throws Http2Exception {
    FrameRule rule = streams.state(id).onHeaders();
    fields.begin(rule == FrameRule.TAKES_EFFECT);
    decode(block, from, to, fields);
    String problem = dependency == id ? "the stream depends on itself" : fields.end();
    if (rule == FrameRule.OPENS) {
      open(id, endStream, problem);
      fields.forget();
    } else if (streams.isSkipped(id)) {
      throw error(ErrorCode.PROTOCOL_ERROR, "HEADERS for a lower stream than before: " + id);
    } else if (applies(rule, id, "HEADERS")) {
      if (problem == null && !endStream) {
        problem = "trailers without END_STREAM";
      }
      if (problem != null || fields.rejection() != null) {
        throw malformed(id, problem != null ? problem : fields.rejection().reason());
      }
      requests.hold(streams.get(id), fields.held());
      endOfRequest(streams.get(id), fields.trailers());
    }
  }

  /** Opens a stream for a request. */
  private void open(int id, boolean endStream, String problem) throws Http2Exception {
    if (!streams.use(id)) {
      throw error(ErrorCode.PROTOCOL_ERROR, "HEADERS for a stream of the server: " + id);
    }
    if (!connection.accepts()) {
      streams.refuse(id);
      server.http2Counts().refused(); // The client knows from GOAWAY that nothing was done.
      return;
    }
    if (problem != null || isFull(endStream)) {
      streams.refuse(id);
      if (problem == null) {
        server.http2Counts().refused();
      }
      output.reset(id, problem != null ? ErrorCode.PROTOCOL_ERROR : ErrorCode.REFUSED_STREAM);
      chargeOddity("malformed and refused requests");
      return;
    }
    Rejection rejection = fields.rejection();
    RequestHead head = rejection == null ? fields.head() : null;
    Headers seen = head == null ? fields.rejected() : head.headers();
    Response refusal =
        head == null
            ? Response.of(rejection.code(), rejection.reason())
            : requests.isTooMuch(head) ? Exchange.OUT_OF_MEMORY : null;
    Http2Stream stream =
        new Http2Stream(
            id,
            connection,
            peer.initialWindow(),
            refusal == null ? head : null,
            connection.arrivedAt());
    stream.progress = server.time();
    streams.add(stream);
    prioritize(stream);
    guard.streamOpened();
    server.http2Counts().opened();
    last = id;
    if (refusal != null) {
      requests.refuse(stream, seen, refusal);
    } else {
      requests.add(stream);
    }
    if (endStream) {
      endOfRequest(stream, Headers.empty());
    } else {
      windows.opened(stream);
    }
  }

  private boolean isFull(boolean endStream) {
    if (streams.size() >= server.limits().pipelined()) {
      return true;
    }
    boolean greedy = !endStream && windows.refuses(fields.length());
    if (greedy) {
      connection.exceeded(AbuseRule.BODIES, "a request is refused: too many bodies are unfinished");
    }
    return greedy;
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
    checkWhole(stream);
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
    receive(stream, size, padding);
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
  protected void settingsReceived() {
    output.acknowledge();
  }

  @Override
  protected void settingsAcked() {
    connection.settingsAcked();
  }

  @Override
  public void ping(long opaque, boolean ack) throws Http2Exception {
    if (!ack) {
      if (output.pings.ping(now())) {
        throw error(ErrorCode.ENHANCE_YOUR_CALM, PingStrikes.TEXT);
      }
      output.pong(opaque);
    } else if (opaque == Http2Times.LEAVE) {
      connection.leaveNow();
    } else if (opaque == WindowGrowth.MEASURE) {
      windows.measured();
    }
  }

  @Override
  protected void peerLeaves(int lastStream, ErrorCode code, String debug) {
    if (!left) {
      left = true;
      server.http2Counts().endedByPeer(code);
    }
    connection.drain(); // The client opens no more streams.
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Exception {
    guard.windowUpdate(now());
    super.windowUpdate(id, increment);
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

  /**
   * Whether memory is short for the part of a frame that has arrived: many clients that each send
   * no more could fill it. An upload goes on for longer than what has only begun.
   */
  boolean holdTooMuch(MemoryBudget memory) {
    return heldForHeads() > ArrivingBody.LEAST_COUNTED && memory.isExhausted()
        || held() > ArrivingBody.LEAST_COUNTED && memory.isOverdrawn();
  }
}
