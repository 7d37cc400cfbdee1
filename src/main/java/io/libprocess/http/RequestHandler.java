package io.libprocess.http;

import io.libprocess.future.Future;

/** A function that answers requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Answers a request. Called on a thread of the runtime, which it must not block, for the requests
   * of one connection in order, but without waiting for earlier responses. When the client goes
   * away, a discard of the future is requested.
   *
   * <p>If the future fails, or the handler throws, with a {@link StatusException}, that determines
   * the answer. For a {@link io.libprocess.future.Failure} without a cause, which the handler has
   * made itself, the client gets its message with status 500. For any other failure it gets status
   * 500 and a number, under which the log has the failure. If the future is discarded or abandoned,
   * the status is 503.
   */
  Future<Response> handle(Request request);
}
