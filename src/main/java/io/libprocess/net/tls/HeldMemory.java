package io.libprocess.net.tls;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;

/**
 * The memory that one connection holds for TLS, which draws on what all connections share: the
 * engine, and the part of a record that has arrived. It is counted in steps. For one thread at a
 * time, but for {@link #close}.
 */
final class HeldMemory {

  static final String NONE_LEFT = "there is no memory left for it";

  /** What an engine and its handshake take, in bytes, about. */
  static final int ENGINE = 24 << 10;

  private static final int LEAST_COUNTED = 256;
  private static final int STEP = 2 << 10;

  private final MemoryBudget.Share share;
  private final long fixed;
  private long counted;

  /** Of a connection that has no engine. */
  HeldMemory(Transport.Channel raw) {
    this(raw, 0);
  }

  /** Of a connection that always holds as much, which is counted when {@link #holds} is asked. */
  HeldMemory(Transport.Channel raw, long fixed) {
    this.share = MemoryBudget.of(raw).share();
    this.fixed = fixed;
  }

  /** Counts what is held; false if it is more than before and there is no memory left. */
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

  /** Gives all back, for good. Idempotent, for any thread. */
  void close() {
    share.close();
  }
}
