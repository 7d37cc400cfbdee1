package io.libprocess.net.nio;

import java.io.IOException;
import java.nio.channels.Selector;

/**
 * An endpoint whose readiness an {@link EventLoop} watches. All methods are called by the thread
 * that polls, one at a time.
 */
interface Selectable {

  /** Registers with a selector: initially, and again if the loop has to replace its selector. */
  void register(Selector selector) throws IOException;

  /**
   * The loop has replaced its selector, and registering with the new one has failed. Needs no
   * memory.
   */
  default void unregistered() {
    abort();
  }

  /** Acts on the operations of {@link java.nio.channels.SelectionKey} that are possible now. */
  void ready(int operations);

  /**
   * The round of the loop in which the endpoint last received something, if it may be closed when
   * descriptors are short; otherwise {@link Long#MAX_VALUE}.
   */
  default long silentSince() {
    return Long.MAX_VALUE;
  }

  /**
   * Retries the operation that failed when the loop was told to {@linkplain EventLoop#retryLater
   * retry}.
   */
  default void retry() {}

  /** Ends at once and leaves the loop; requests that wait for the endpoint are completed. */
  void abort();
}
