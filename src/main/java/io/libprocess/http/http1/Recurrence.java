package io.libprocess.http.http1;

import io.libprocess.http.Response;

/**
 * A shortcut for requests that differ from an earlier one only in their bodies. They are not parsed
 * again, and need neither a request nor a future.
 */
@FunctionalInterface
public interface Recurrence {

  /**
   * Answers a request with a given body, as the handler would; called in the same place and order.
   *
   * @param body the whole body, whose array is handed over
   * @return the response, without a stream; or null if the request must be handled like any other
   */
  Response answer(byte[] body);
}
