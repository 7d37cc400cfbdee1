package io.libprocess.http.http1;

import io.libprocess.http.Response;

/**
 * What is done with requests that differ from an earlier one in nothing but their bodies. They are
 * not parsed again, and need neither a request nor a future.
 */
@FunctionalInterface
public interface Recurrence {

  /**
   * Answers a request with such a body, as the handler would; called in the same place and order.
   *
   * @param body the whole body, whose array is given away
   * @return the response, without a stream; or null if the request is to be handled as any other
   */
  Response answer(byte[] body);
}
