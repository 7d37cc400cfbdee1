package io.libprocess.runtime;

import java.io.IOException;

/**
 * Starts nodes on runtimes that were made elsewhere, and sees what is in them. The class of
 * processes provides the only implementation when it is initialized.
 *
 * @param <N> the type of the node
 * @param <C> the type of its configuration
 */
public interface NodeAccess<N, C> {

  /**
   * Starts a node on a runtime, which ends with the node.
   *
   * @throws IOException if the address cannot be listened on
   */
  N start(C config, Runtime runtime) throws IOException;

  /** The table of a node's processes. */
  Object processes(N node);
}
