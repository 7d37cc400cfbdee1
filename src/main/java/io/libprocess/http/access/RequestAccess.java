package io.libprocess.http.access;

import io.libprocess.future.Future;

/**
 * Makes requests of parts that a parser has checked.
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
   * A request that was received.
   *
   * @param pathEnd where in the target the path ends
   * @param client null if it came over no address
   * @param received when its first bytes came, in milliseconds
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
