package io.libprocess.grpc;

import io.libprocess.future.Future;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Stream;

/**
 * The replies of a call with several of them. Closing their reader, or cancelling their stream,
 * gives up the call.
 *
 * @param <R> the type of the replies
 */
public final class GrpcReplies<R> {

  private final Pipe.Reader<R> reader;
  private final Future<GrpcMetadata> headers;
  private final Future<GrpcOutcome<Void>> outcome;

  GrpcReplies(
      Pipe.Reader<R> reader, Future<GrpcMetadata> headers, Future<GrpcOutcome<Void>> outcome) {
    this.reader = reader;
    this.headers = headers;
    this.outcome = outcome;
  }

  /**
   * The replies as they come; up to 16 wait here, and then the server is held back. After them it
   * ends, or fails with the {@link GrpcException} of a status other than OK; at once if the time of
   * the call is over. Always the same reader.
   */
  public Pipe.Reader<R> reader() {
    return reader;
  }

  /** The replies as a stream, which takes them from the {@link #reader}. */
  public Stream<R> stream() {
    return reader.stream();
  }

  /** The metadata before the first reply; fails with the status if the call ends without any. */
  public Future<GrpcMetadata> headers() {
    return headers.discardable();
  }

  /**
   * How the call has ended, without a value. It may be known before all replies have been read, and
   * only if they are read. A discard request gives up the call.
   */
  public Future<GrpcOutcome<Void>> outcome() {
    return outcome;
  }
}
