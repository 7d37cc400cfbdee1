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

  /**
   * A shortcut for requests on the same connection whose heads are, byte by byte, that of a request
   * which was handled before: to be used for those that are small and arrive in one piece. They are
   * then not parsed again, and need neither a request nor a future.
   *
   * @return null, as by default, if there is none
   */
  default Recurrence recurrence(Request request) {
    return null;
  }
}
