package io.libprocess.grpc;

import static java.util.Objects.requireNonNull;

import io.libprocess.Codec;
import io.libprocess.Node;
import io.libprocess.UPID;
import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.Stream;

/**
 * The methods of services, as handlers of routes. The id of the process is the full name of the
 * service, and the path of a route is a method:
 *
 * <pre>{@code
 * route(Route.at("/SayHello").streaming(), Grpc.unary(REQUESTS, REPLIES, this::sayHello));
 * }</pre>
 *
 * <p><b>Handlers.</b> They are called in the process. A handler that fails, whose future fails or
 * whose stream fails, ends the call: with the status of a {@link GrpcException}; with {@link
 * GrpcStatus#UNKNOWN} and the text of a {@link io.libprocess.future.Failure}, or the name of the
 * class of any other exception; with {@link GrpcStatus#CANCELLED} if its future is discarded. The
 * replies before that are sent.
 *
 * <p><b>The end of a call.</b> When its time is over or the caller has gone, a discard of the
 * handler's future is requested, its streams of requests fail with {@link GrpcStatus#CANCELLED},
 * and its stream of replies is cancelled with that cause. The deadline is in the handler's {@link
 * io.libprocess.context.Context}, so calls made in it have it too. If the handler's future does not
 * end then, the call counts as one of the connection's until it does.
 *
 * <p><b>Pace.</b> Requests are read as the handler takes them, and up to 16 replies wait for a
 * caller that is behind; then the stream of replies is asked for no more.
 */
public final class Grpc {

  private Grpc() {}

  /** A method with one message each way. */
  public static <Q, R> GrpcHandler unary(
      Codec<Q> requests, Codec<R> replies, CheckedFunction<? super Q, Future<R>> handler) {
    requireNonNull(handler, "handler");
    return unary(requests, replies, (request, call) -> handler.apply(request));
  }

  /** A method with one message each way, whose handler sees the call. */
  public static <Q, R> GrpcHandler unary(
      Codec<Q> requests,
      Codec<R> replies,
      CheckedBiFunction<? super Q, GrpcCall, Future<R>> handler) {
    requireNonNull(handler, "handler");
    return method(
        requests,
        replies,
        call -> call.withOne(one -> call.reply(handler.apply(one, call.call()))));
  }

  /** A method with one request and a stream of replies. */
  public static <Q, R> GrpcHandler serverStreaming(
      Codec<Q> requests, Codec<R> replies, CheckedFunction<? super Q, Stream<R>> handler) {
    requireNonNull(handler, "handler");
    return serverStreaming(requests, replies, (request, call) -> handler.apply(request));
  }

  /** A method with one request and a stream of replies, whose handler sees the call. */
  public static <Q, R> GrpcHandler serverStreaming(
      Codec<Q> requests,
      Codec<R> replies,
      CheckedBiFunction<? super Q, GrpcCall, Stream<R>> handler) {
    requireNonNull(handler, "handler");
    return method(
        requests,
        replies,
        call -> call.withOne(one -> call.replies(handler.apply(one, call.call()))));
  }

  /** A method with a stream of requests and one reply. */
  public static <Q, R> GrpcHandler clientStreaming(
      Codec<Q> requests, Codec<R> replies, CheckedFunction<Stream<Q>, Future<R>> handler) {
    requireNonNull(handler, "handler");
    return clientStreaming(requests, replies, (all, call) -> handler.apply(all));
  }

  /** A method with a stream of requests and one reply, whose handler sees the call. */
  public static <Q, R> GrpcHandler clientStreaming(
      Codec<Q> requests,
      Codec<R> replies,
      CheckedBiFunction<Stream<Q>, GrpcCall, Future<R>> handler) {
    requireNonNull(handler, "handler");
    return method(
        requests, replies, call -> call.reply(handler.apply(call.requests(), call.call())));
  }

  /** A method with streams both ways. */
  public static <Q, R> GrpcHandler bidirectional(
      Codec<Q> requests, Codec<R> replies, CheckedFunction<Stream<Q>, Stream<R>> handler) {
    requireNonNull(handler, "handler");
    return bidirectional(requests, replies, (all, call) -> handler.apply(all));
  }

  /** A method with streams both ways, whose handler sees the call. */
  public static <Q, R> GrpcHandler bidirectional(
      Codec<Q> requests,
      Codec<R> replies,
      CheckedBiFunction<Stream<Q>, GrpcCall, Stream<R>> handler) {
    requireNonNull(handler, "handler");
    return method(
        requests, replies, call -> call.replies(handler.apply(call.requests(), call.call())));
  }

  /**
   * Starts the health service of gRPC on a node: {@code Check} and {@code Watch} of {@code
   * grpc.health.v1.Health}. The empty name is the node, and any other one a service, which serves
   * while its process lives. Neither does while the node {@linkplain
   * io.libprocess.config.Health#drain drains}. Changes are found within a second.
   *
   * @return the process of the service
   * @throws IllegalStateException if the node has it already, or is closed
   */
  public static UPID health(Node node) {
    return node.spawn(new HealthService());
  }

  private static <Q, R> GrpcHandler method(
      Codec<Q> requests, Codec<R> replies, CheckedConsumer<ServerCall<Q, R>> start) {
    requireNonNull(requests, "requests");
    requireNonNull(replies, "replies");
    return new GrpcHandler(
        (request, most) -> ServerCall.serve(request, requests, replies, most, start));
  }
}
