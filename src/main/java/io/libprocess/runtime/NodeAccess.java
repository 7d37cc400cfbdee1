package io.libprocess.runtime;

import java.io.IOException;

/**
 * Starts nodes on runtimes that somebody else has made. The class of processes gives the one
 * implementation when it is initialized.
 *
 * @param <N> the node
 * @param <C> its configuration
 */
@FunctionalInterface
public interface NodeAccess<N, C> {

  /**
   * Starts a node on a runtime, which ends with the node.
   *
   * @throws IOException if the address cannot be listened on
   */
  N start(C config, Runtime runtime) throws IOException;
}
