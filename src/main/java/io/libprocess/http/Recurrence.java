package io.libprocess.http;

/**
 * What is done with requests that differ from an earlier one in nothing but their bodies: see
 * {@link RequestHandler#recurrence}.
 */
@FunctionalInterface
public interface Recurrence {

  /**
   * Answers a request with such a body, as {@link RequestHandler#handle} would; called in the same
   * place and order.
   *
   * @param body the whole body, whose array is given away
   * @return the response, without a stream; or null if the request is to be handled as any other
   */
  Response answer(byte[] body);
}
