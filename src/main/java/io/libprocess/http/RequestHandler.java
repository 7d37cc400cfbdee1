package io.libprocess.http;

import io.libprocess.future.Future;

/** Answers requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Answers a request. Called on a thread of the runtime, which must not be blocked, for the
   * requests of one connection in order, but not only after the responses before. When the client
   * goes away a discard is requested.
   *
   * <p>If the future fails, or the handler throws, with a {@link StatusException}, that says what
   * is answered. Of a {@link io.libprocess.future.Failure} without a cause, which the handler has
   * made itself, the client gets the message with status 500. Of anything else it gets status 500
   * and a number, under which the log has what has failed. If the future is discarded or abandoned,
   * the status is 500 too.
   */
  Future<Response> handle(Request request);
}
