package io.libprocess.http.http2;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the bodies that are still arriving by HTTP/2 may yet occupy, summed for all connections of a
 * server: a window of memory for each, or less if the rest is known to be shorter. While the sum is
 * too large, connections that have more than an equal part of it get no more requests with bodies;
 * so one greedy client cannot shut out the others. For any thread.
 */
public final class UnfinishedBodies {

  private static final long LEAST_LIMIT = 8 << 20;

  private final long limit;
  private final AtomicLong promised = new AtomicLong();
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * Makes an account.
   *
   * @param memory the memory of which an eighth may be occupied
   */
  public UnfinishedBodies(long memory) {
    limit = Math.max(LEAST_LIMIT, memory / 8);
  }

  /** The part of one connection, which is used by the thread that works on the connection. */
  public final class Part {

    private long own;

    /** Makes the part of a new connection. */
    public Part() {
      connections.incrementAndGet();
    }

    /** Whether a body that may occupy so much is to be refused. */
    public boolean refuses(long bytes) {
      return promised.get() + bytes > limit && own + bytes > limit / connections.get();
    }

    /** Whether the sum is so large that no window may grow. */
    public boolean isShort() {
      return promised.get() > limit;
    }

    /** Counts what bodies may occupy, or no longer may. */
    public void add(long bytes) {
      own += bytes;
      promised.addAndGet(bytes);
    }

    /** Ends the part. */
    public void close() {
      promised.addAndGet(-own);
      connections.decrementAndGet();
    }
  }
}
