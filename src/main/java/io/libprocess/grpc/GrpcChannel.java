package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.grpc.GrpcMethod.Kind;
import io.libprocess.http.Body;
import io.libprocess.http.Url;
import io.libprocess.stream.Stream;

/**
 * A client of the services at one address. It connects with the first call, and again whenever that
 * is needed; all calls share a connection. May be used by any thread, and by as many as like.
 * (libprocess: {@code grpc::client::Connection} and {@code Runtime}.)
 *
 * <p><b>Failures.</b> A call that ends with another status than OK fails with a {@link
 * GrpcException}, of which {@link #outcome} makes a value instead. A call that was made after
 * {@link #close} fails with another failure, whose text is {@code the channel has been terminated}.
 *
 * <p><b>Repetition.</b> A call that the server has certainly not begun with is sent again, up to
 * three times, unless its requests are a stream. All else is up to the caller.
 *
 * <p><b>Giving up.</b> Discarding the future of a call gives it up, and tells the server; it is
 * then discarded even if the server has succeeded.
 *
 * <p><b>Reaching the server.</b> When an attempt to connect has failed, the next one is made after
 * a second, then 1.6 times as long and so on up to 120 s, each by up to a fifth longer or shorter.
 */
public final class GrpcChannel implements AutoCloseable {

  private final ChannelState state;
  private final GrpcOptions options;

  private GrpcChannel(ChannelState state, GrpcOptions options) {
    this.state = state;
    this.options = options;
  }

  /** A channel with the default settings; see {@link #to(Node, Url, GrpcSettings)}. */
  public static GrpcChannel to(Node node, Url url) {
    return to(node, url, GrpcSettings.defaults());
  }

  /**
   * A channel on the threads and the clock of a node. Close it before the node.
   *
   * @param url the scheme, host and port of the server; {@code http} is without TLS, and its server
   *     has to understand HTTP/2
   * @throws IllegalArgumentException if the scheme is none of HTTP
   */
  public static GrpcChannel to(Node node, Url url, GrpcSettings settings) {
    requireNonNull(settings, "settings");
    return new GrpcChannel(
        new ChannelState(requireNonNull(node, "node"), requireNonNull(url, "url"), settings),
        settings.options());
  }

  /** The same channel for calls with other options; closing one closes both. */
  public GrpcChannel with(GrpcOptions other) {
    return new GrpcChannel(state, requireNonNull(other, "other"));
  }

  /** The options of its calls. */
  public GrpcOptions options() {
    return options;
  }

  /* ------ Calls ------ */

  /**
   * Calls a method with one message each way.
   *
   * @throws IllegalArgumentException if the method is of another kind
   */
  public <Q, R> Future<R> call(GrpcMethod<Q, R> method, Q request) {
    return value(outcome(method, request));
  }

  /**
   * Does the same as {@link #call}, and is ready whatever the status is. It fails only if the
   * channel was closed before. (libprocess: what {@code Runtime::call} returns.)
   *
   * @throws IllegalArgumentException if the method is of another kind
   */
  public <Q, R> Future<GrpcOutcome<R>> outcome(GrpcMethod<Q, R> method, Q request) {
    check(method, Kind.UNARY);
    return new UnaryCall<>(state, options, method, one(method, request)).start();
  }

  /**
   * Calls a method with one request and a stream of replies.
   *
   * @throws IllegalArgumentException if the method is of another kind
   */
  public <Q, R> GrpcReplies<R> serverStreaming(GrpcMethod<Q, R> method, Q request) {
    check(method, Kind.SERVER_STREAMING);
    return new StreamingCall<>(state, options, method, one(method, request)).start();
  }

  /**
   * Calls a method with a stream of requests and one reply. The stream is cancelled if the server
   * answers before its end.
   *
   * @throws IllegalArgumentException if the method is of another kind
   */
  public <Q, R> Future<R> clientStreaming(GrpcMethod<Q, R> method, Stream<Q> requests) {
    check(method, Kind.CLIENT_STREAMING);
    return value(new UnaryCall<>(state, options, method, many(method, requests)).start());
  }

  /**
   * Calls a method with streams both ways. The stream of requests is cancelled when the call ends.
   *
   * @throws IllegalArgumentException if the method is of another kind
   */
  public <Q, R> GrpcReplies<R> bidirectional(GrpcMethod<Q, R> method, Stream<Q> requests) {
    check(method, Kind.BIDIRECTIONAL);
    return new StreamingCall<>(state, options, method, many(method, requests)).start();
  }

  private static void check(GrpcMethod<?, ?> method, Kind kind) {
    if (method.kind() != kind) {
      throw new IllegalArgumentException(method + " is " + method.kind() + ", not " + kind);
    }
  }

  private <Q> OutgoingCall.Requests one(GrpcMethod<Q, ?> method, Q request) {
    requireNonNull(request, "request");
    return () -> Body.of(MessageBodies.encoded(method.requests(), request, options.gzip()));
  }

  private <Q> OutgoingCall.Requests many(GrpcMethod<Q, ?> method, Stream<Q> requests) {
    Body body = Body.of(MessageBodies.frames(requests, method.requests(), options.gzip()));
    return () -> body;
  }

  private static <R> Future<R> value(Future<GrpcOutcome<R>> outcome) {
    return outcome.map(GrpcOutcome::get);
  }

  /* ------ The end ------ */

  /**
   * Takes no more calls. Those in progress go on, and end by their answers or deadlines; then the
   * connection is ended. Idempotent. (libprocess: {@code Runtime::terminate}.)
   */
  @Override
  public void close() {
    state.close();
  }

  /**
   * Ready when the channel was closed and all its calls have ended. A discard request does nothing.
   * (libprocess: {@code Runtime::wait}.)
   */
  public Future<Void> closed() {
    return state.closed();
  }

  /** The address. */
  @Override
  public String toString() {
    return state.toString();
  }
}
