package io.libprocess.http.server.http2;

import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.access.Access;
import io.libprocess.http.access.BodyAccess;
import io.libprocess.http.coding.ContentCoding;
import io.libprocess.http.exchange.ArrivingBody;
import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.grpc.GrpcAnswers;
import io.libprocess.http.grpc.PingStrikes;
import io.libprocess.http.http1.RequestParser;
import io.libprocess.http.http2.StreamBody;
import io.libprocess.http.http2.frame.AbuseRule;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.http.http2.message.RequestHead;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Passes the requests of one connection to the handler, in the order in which their heads have
 * arrived. Used by the thread that works on the connection.
 *
 * <p>A request takes a place until its handler's future has ended, even if its stream is reset
 * before. While all places are taken, requests wait, and vanish if their streams are reset.
 */
final class Http2Requests {

  private static final BodyAccess<Body.Streamed> BODIES = Access.to(Body.Streamed.class);
  private static final Runnable NOTHING = () -> {};

  private final ServerContext server;
  private final Address client; // Null if it has none.
  private final PingStrikes pings;
  private final int places;
  private final int mostWaiting; // Those whose streams were reset count as well.

  private final ArrayDeque<Http2Stream> found = new ArrayDeque<>();
  private final Set<Http2Exchange> late = new HashSet<>(); // Given up; their handlers go on.
  private int running;
  private long held; // By those that have not ended; the approximate bytes of memory.
  private boolean fromNode; // One of them was from a node.

  Http2Requests(ServerContext server, Transport.Channel channel, PingStrikes pings) {
    this.server = server;
    this.client = channel.remote().inet().orElse(null);
    this.pings = pings;
    this.places = server.limits().pipelined();
    this.mostWaiting = server.limits().http2().bursts().waiting();
  }

  /** Whether a request has shown that the client is a node. */
  boolean isFromNode() {
    return fromNode;
  }

  /** The approximate bytes of memory that the requests take without their bodies; none if few. */
  long held() {
    return MemoryBudget.unlessSmall(held);
  }

  /** Whether memory is short for one more request. */
  boolean isTooMuch(RequestHead head) {
    return server.memory().refuses(held + head.held());
  }

  /** Adds a request whose head has arrived. */
  void add(Http2Stream stream) throws Http2Exception {
    if (running >= places && found.size() >= mostWaiting) {
      throw Http2Exception.calm(
          AbuseRule.WAITING_REQUESTS, "too many requests wait for the handlers of others");
    }
    held += stream.held;
    found.add(stream);
  }

  /** Starts the requests for which there are places. */
  void start() {
    while (!found.isEmpty() && running < places) {
      Http2Stream stream = found.poll();
      if (!stream.isClosed()) {
        start(stream);
      }
    }
  }

  /** Gives a place back if the handler of an exchange has ended. */
  void look(Http2Exchange exchange) {
    if (exchange.holdsPlace && exchange.isOver()) {
      exchange.holdsPlace = false;
      running--;
      late.remove(exchange);
      if (exchange.stream.isClosed()) {
        release(exchange.stream);
      }
    }
  }

  /** Notes that a stream is closed: unless its handler goes on, its request is garbage. */
  void closed(Http2Stream stream) {
    if (stream.exchange == null || !stream.exchange.holdsPlace) {
      release(stream);
    }
  }

  /** Counts more that is held until a stream is closed. */
  void hold(Http2Stream stream, int bytes) {
    stream.held += bytes;
    held += bytes;
  }

  private void release(Http2Stream stream) {
    held -= stream.held;
    stream.held = 0;
  }

  /** Notes that an exchange was given up: its handler may go on for long. */
  void gaveUp(Http2Exchange exchange) {
    if (exchange.holdsPlace && !exchange.isOver()) {
      late.add(exchange);
    }
  }

  /** Notes that the connection is gone: no handler that goes on keeps it. */
  void close() {
    clear();
    late.forEach(Http2Exchange::letGo);
    late.clear();
  }

  /** Forgets the requests that have not been started. */
  void clear() {
    found.clear();
  }

  private void start(Http2Stream stream) {
    RequestHead head = stream.head;
    stream.head = null;
    MemoryBudget.Share memory = null;
    Body body;
    Future<Headers> trailers;
    if (!stream.isOpen()) {
      Chunk content = stream.takePieces();
      if (content.size() > ArrivingBody.LEAST_COUNTED) {
        memory = server.memory().share();
        if (!memory.tryTake(content.size())) {
          refuse(stream, head.headers(), Exchange.OUT_OF_MEMORY);
          return;
        }
      }
      body = whole(content, memory);
      trailers = stream.trailers.isEmpty() ? RequestParser.NO_TRAILERS : Future.of(stream.trailers);
    } else {
      memory = server.memory().share();
      body = streamed(stream, head, memory);
      trailers = stream.body.trailers();
    }
    Request request =
        ContentCoding.decoded(head.request(body, trailers, client, stream.began), memory);
    if (!fromNode && server.nodes() != null) {
      fromNode = server.nodes().isFromNode(request);
    }
    if (GrpcAnswers.isCall(request)) {
      pings.call();
    }
    stream.memory = memory;
    Http2Exchange exchange = new Http2Exchange(server, stream, request, memory);
    stream.exchange = exchange;
    exchange.holdsPlace = true;
    running++;
    exchange.start(server.handler());
  }

  /** The body of a request that has arrived completely. */
  private Body whole(Chunk content, MemoryBudget.Share memory) {
    if (content.size() > server.limits().body()) { // The limit applies nevertheless.
      return BODIES.streamed(ArrivingBody.reader(content), NOTHING, NOTHING, memory);
    }
    return content.isEmpty() ? Body.empty() : Body.of(content);
  }

  private static Body streamed(Http2Stream stream, RequestHead head, MemoryBudget.Share memory) {
    StreamBody body = new StreamBody(stream, stream.receive);
    stream.awaitsContinue = head.expectsContinue() && !stream.hasPieces();
    stream.body = body;
    stream.passPieces(body);
    return BODIES.streamed(
        body.reader(), stream.awaitsContinue ? body::want : NOTHING, NOTHING, memory);
  }

  /**
   * Answers a request that is not passed to the handler.
   *
   * @param fields its fields, as far as they were looked at
   */
  void refuse(Http2Stream stream, Headers fields, Response answer) {
    server.refused(client, answer);
    stream.exchange = new Http2Exchange(server, stream, Request.get("/"), null);
    stream.exchange.refuse(GrpcAnswers.inKind(fields, answer));
    stream.ask();
  }
}
