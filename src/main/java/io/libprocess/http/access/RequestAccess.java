package io.libprocess.http.access;

import io.libprocess.future.Future;

/**
 * Makes requests from parts that a parser has checked.
 *
 * @param <Q> the request
 * @param <V> its version
 * @param <H> its headers
 * @param <B> its body
 * @param <A> the client's address
 */
@FunctionalInterface
public interface RequestAccess<Q, V, H, B, A> {

  /**
   * Makes a request that was received.
   *
   * @param pathEnd the end of the path in the target
   * @param client the client's address; null if it has none
   * @param received the time when its first bytes arrived, in milliseconds
   */
  Q request(
      String method,
      String target,
      int pathEnd,
      V version,
      boolean keepAlive,
      H headers,
      B body,
      Future<H> trailers,
      A client,
      long received);
}
