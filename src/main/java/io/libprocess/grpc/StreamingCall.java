package io.libprocess.grpc;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Response;
import io.libprocess.http.grpc.MessageReader;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import java.util.Optional;

/** A call with a stream of replies, which wait in a pipe. */
final class StreamingCall<Q, R> extends OutgoingCall<Q, R> {

  private static final int CAPACITY = 16;

  private final Pipe<R> pipe = new Pipe<>(CAPACITY);
  private final Promise<GrpcMetadata> headers = Promise.undiscardable();
  private final Promise<GrpcOutcome<Void>> outcome = new Promise<>();

  StreamingCall(ChannelState channel, GrpcOptions options, GrpcMethod<Q, R> method, Requests body) {
    super(channel, options, method, body);
  }

  GrpcReplies<R> start() {
    outcome.future().onDiscard(this::giveUp);
    pipe.writer().readerClosed().onReady(cause -> giveUp());
    run();
    return new GrpcReplies<>(pipe.reader(), headers.future(), outcome.future());
  }

  @Override
  void headed(GrpcMetadata metadata) {
    headers.set(metadata);
  }

  @Override
  void receive(Response response, MessageReader reader) {
    Stream<R> replies =
        MessageBodies.values(response.stream(), reader, method.replies(), this::failed);
    Future<Void> copied = replies.to(Sink.forEachAsync(1, pipe.writer()::write));
    enter(copied);
    copied
        .onReady(all -> endBy(response.trailers()))
        .onFailed(thrown -> end(failed(thrown)))
        .onDiscarded(this::endDiscarded);
  }

  @Override
  void finish(GrpcException status, GrpcMetadata trailers) {
    if (status == null) {
      headers.set(GrpcMetadata.empty());
      pipe.writer().close();
    } else {
      headers.fail(status);
      if (status.status() == GrpcStatus.DEADLINE_EXCEEDED) {
        pipe.failFast();
      }
      pipe.writer().fail(status);
    }
    complete(
        new GrpcOutcome<>(
            Optional.empty(),
            status == null ? GrpcStatus.OK : status.status(),
            status == null ? "" : status.description(),
            headers.future().isReady() ? headers.future().get() : GrpcMetadata.empty(),
            trailers));
  }

  private void complete(GrpcOutcome<Void> how) {
    if (!outcome.setUnlessDiscardRequested(how)) {
      outcome.discard();
    }
  }

  @Override
  void discarded() {
    GrpcException why = Failures.cancelled("the caller has given up", null);
    pipe.writer().fail(why);
    headers.fail(why);
    outcome.discard();
  }

  @Override
  void refused(Failure why) {
    pipe.writer().fail(why);
    headers.fail(why);
    outcome.fail(why);
  }
}
