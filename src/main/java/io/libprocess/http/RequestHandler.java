package io.libprocess.http;

import io.libprocess.future.Future;

/** Answers requests. */
@FunctionalInterface
public interface RequestHandler {

  /**
   * Answers a request. Called on a thread of the runtime, which must not be blocked, for the
   * requests of one connection in order, but not only after the responses before. If the future
   * fails, the response has status 500 and the failure's message, or what a {@link StatusException}
   * says; if it is discarded or abandoned, the status is 500 too. When the client goes away a
   * discard is requested.
   */
  Future<Response> handle(Request request);
}
