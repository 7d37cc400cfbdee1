package io.libprocess.http.access;

import io.libprocess.time.Clock;
import java.util.concurrent.Executor;

/**
 * Makes clients on somebody else's threads.
 *
 * @param <C> the client
 * @param <T> what makes its connections
 * @param <S> its settings
 */
@FunctionalInterface
public interface ClientAccess<C, T, S> {

  /**
   * A client, whose end leaves the transport and the executor as they are.
   *
   * @param blocking runs look-ups of names
   * @param clock measures the times of the settings
   */
  C client(T transport, Executor blocking, Clock clock, S settings);
}
