package io.libprocess.net.tls;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;

/**
 * The memory that one connection holds for TLS, which draws on the budget of all connections: the
 * engine, and an incomplete record. It is counted in steps. For one thread at a time, except {@link
 * #close}.
 */
final class HeldMemory {

  static final String NONE_LEFT = "there is no memory left for it";

  /** The approximate number of bytes that an engine and its handshake take. */
  static final int ENGINE = 24 << 10;

  private static final int LEAST_COUNTED = 256;
  private static final int STEP = 2 << 10;

  private final MemoryBudget.Share share;
  private final long fixed;
  private long counted;

  /** Counts the memory of a connection that has no engine. */
  HeldMemory(Transport.Channel raw) {
    this(raw, 0);
  }

  /**
   * Counts the memory of a connection that always holds a fixed amount, which is counted by {@link
   * #holds}.
   */
  HeldMemory(Transport.Channel raw, long fixed) {
    this.share = MemoryBudget.of(raw).share();
    this.fixed = fixed;
  }

  /** Counts the held bytes; false if there are more than before and no memory is left. */
  boolean holds(int bytes) {
    long needed = fixed + (bytes <= LEAST_COUNTED ? 0 : (bytes + STEP - 1) / STEP * STEP);
    if (needed != counted) {
      if (!share.tryResize(needed)) {
        return false;
      }
      counted = needed;
    }
    return true;
  }

  /** Releases everything for good. Idempotent; any thread may call it. */
  void close() {
    share.close();
  }
}
