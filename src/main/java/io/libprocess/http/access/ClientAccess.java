package io.libprocess.http.access;

import io.libprocess.runtime.Runtime;

/**
 * Makes clients on the threads of an existing runtime.
 *
 * @param <C> the client
 * @param <S> its settings
 */
@FunctionalInterface
public interface ClientAccess<C, S> {

  /** Makes a client whose end leaves the runtime as it is. */
  C client(Runtime runtime, S settings);
}
