package io.libprocess.http.access;

import io.libprocess.runtime.Runtime;

/**
 * Makes clients on somebody else's threads.
 *
 * @param <C> the client
 * @param <S> its settings
 */
@FunctionalInterface
public interface ClientAccess<C, S> {

  /** A client, whose end leaves the runtime as it is. */
  C client(Runtime runtime, S settings);
}
