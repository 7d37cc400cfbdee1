package io.libprocess.grpc;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.Headers;
import io.libprocess.http.Response;
import io.libprocess.http.grpc.GrpcWireException;
import io.libprocess.http.grpc.MessageReader;
import java.util.List;
import java.util.Optional;

/** A call with one reply. */
final class UnaryCall<Q, R> extends OutgoingCall<Q, R> {

  private final Promise<GrpcOutcome<R>> promise = new Promise<>();

  // Written by the steps, which follow each other, before the end.
  private volatile GrpcMetadata headers = GrpcMetadata.empty();
  private volatile Optional<R> reply = Optional.empty();

  UnaryCall(ChannelState channel, GrpcOptions options, GrpcMethod<Q, R> method, Requests body) {
    super(channel, options, method, body);
  }

  Future<GrpcOutcome<R>> start() {
    promise.future().onDiscard(this::giveUp);
    run();
    return promise.future();
  }

  @Override
  void headed(GrpcMetadata metadata) {
    headers = metadata;
  }

  @Override
  void receive(Response response, MessageReader reader) throws GrpcWireException {
    if (!(response.body() instanceof Body.Streamed streamed)) {
      accept(MessageBodies.in(response.bytes(), reader), response.trailers());
      return;
    }
    Future<List<byte[]>> read = MessageBodies.firstTwo(streamed.stream(), reader);
    enter(read);
    read.onReady(found -> accept(found, response.trailers()))
        .onFailed(thrown -> end(failed(thrown)))
        .onDiscarded(this::endDiscarded);
  }

  private void accept(List<byte[]> found, Future<Headers> trailers) {
    if (found.size() > 1) {
      end(wrong("more than one reply came"));
      return;
    }
    if (!found.isEmpty()) {
      try {
        reply = Optional.of(MessageBodies.decoded(method.replies(), found.get(0)));
      } catch (Throwable thrown) {
        end(failed(thrown));
        return;
      }
    }
    endBy(trailers);
  }

  private GrpcException wrong(String what) {
    return new GrpcException(GrpcStatus.UNIMPLEMENTED, method + ": " + what);
  }

  @Override
  void finish(GrpcException status, GrpcMetadata trailers) {
    GrpcException how = status == null && reply.isEmpty() ? wrong("no reply came") : status;
    GrpcOutcome<R> outcome =
        new GrpcOutcome<>(
            how == null ? reply : Optional.empty(),
            how == null ? GrpcStatus.OK : how.status(),
            how == null ? "" : how.description(),
            headers,
            trailers);
    if (!promise.setUnlessDiscardRequested(outcome)) {
      promise.discard();
    }
  }

  @Override
  void discarded() {
    promise.discard();
  }

  @Override
  void refused(Failure why) {
    promise.fail(why);
  }
}
