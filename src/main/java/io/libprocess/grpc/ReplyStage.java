package io.libprocess.grpc;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Promise;
import io.libprocess.http.Headers;
import io.libprocess.http.http2.frame.Http2Exception;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.TwoWayStage;
import java.util.function.Function;

/**
 * A stage that turns replies into the body of a response, and the end of the replies, good or bad,
 * into its trailers. Only what must reset the stream is a failure of the body.
 */
final class ReplyStage<R> extends TwoWayStage<R, Chunk> {

  private final CheckedFunction<R, Chunk> encoder;
  private final Function<Throwable, Throwable> failures;
  private final Function<GrpcException, Headers> end;
  private final Promise<Headers> trailers;

  /**
   * A stage for one call.
   *
   * @param failures makes a {@link GrpcException}, or an {@link Http2Exception} that resets
   * @param end the fields that say how the call ends; of null that it has succeeded
   */
  ReplyStage(
      Downstream<? super Chunk> down,
      CheckedFunction<R, Chunk> encoder,
      Function<Throwable, Throwable> failures,
      Function<GrpcException, Headers> end,
      Promise<Headers> trailers) {
    super(down);
    this.encoder = encoder;
    this.failures = failures;
    this.end = end;
    this.trailers = trailers;
  }

  /** Nobody wants the replies, nor how they end: also if the answer came too late to be sent. */
  @Override
  public void cancel(Throwable cause) {
    trailers.discard();
    super.cancel(cause);
  }

  @Override
  public void next(R reply) {
    if (done) {
      return;
    }
    Chunk frame;
    try {
      frame = encoder.apply(reply);
    } catch (Throwable thrown) {
      trailers.set(end.apply((GrpcException) failures.apply(thrown)));
      finished();
      return;
    }
    down.next(frame);
  }

  @Override
  public void complete() {
    trailers.set(end.apply(null));
    super.complete();
  }

  @Override
  public void fail(Throwable failure) {
    Throwable how = failures.apply(failure);
    if (how instanceof GrpcException status) {
      trailers.set(end.apply(status));
      super.complete();
    } else {
      trailers.fail(how);
      super.fail(how);
    }
  }
}
