package io.libprocess.http.access;

import io.libprocess.future.Future;

/**
 * Makes requests of parts that a parser has checked, and notes who makes them.
 *
 * @param <Q> the request
 * @param <V> its version
 * @param <H> its headers
 * @param <B> its body
 * @param <A> the client's address
 * @param <P> who makes it
 */
public interface RequestAccess<Q, V, H, B, A, P> {

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

  /** Notes who makes a request, for itself and for those of which it is a copy. */
  void identify(Q request, P principal);

  /** Notes that its body may be silent for any time, likewise. */
  void allowSilence(Q request);

  /** Whether its body may be silent for any time. */
  boolean mayBeSilent(Q request);
}
