package io.libprocess.http.access;

import io.libprocess.runtime.Runtime;

/**
 * Makes clients on the threads of an existing runtime, and shows how they connect.
 *
 * @param <C> the client
 * @param <S> its settings
 * @param <D> what connects
 */
public interface ClientAccess<C, S, D> {

  /** Makes a client whose end leaves the runtime as it is. */
  C client(Runtime runtime, S settings);

  /** What makes the connections of a client. */
  D dialer(C client);
}
