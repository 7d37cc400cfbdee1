package io.libprocess.net.nio;

import java.io.IOException;
import java.nio.channels.Selector;

/**
 * Something whose readiness an {@link EventLoop} watches. All methods are called by the thread that
 * polls, one at a time.
 */
interface Selectable {

  /** Registers with a selector: at first, and again if the loop has to replace its selector. */
  void register(Selector selector) throws IOException;

  /** Acts on the operations of {@link java.nio.channels.SelectionKey} that are possible now. */
  void ready(int operations);

  /**
   * When the endpoint was last heard of, in rounds of its loop, if it may be closed because
   * descriptors are short; otherwise {@link Long#MAX_VALUE}.
   */
  default long silentSince() {
    return Long.MAX_VALUE;
  }

  /** Tries again what failed when the loop was told to {@linkplain EventLoop#retryLater retry}. */
  default void retry() {}

  /** Ends at once and leaves the loop; what waits for the endpoint is completed. */
  void abort();
}
