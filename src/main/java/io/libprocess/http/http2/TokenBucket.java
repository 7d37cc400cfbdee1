package io.libprocess.http.http2;

/** A number of tokens that grows with time up to a capacity. For one thread at a time. */
final class TokenBucket {

  private final long capacity; // In thousandths of a token, as the others.
  private final int perMilli;
  private long tokens;
  private long filledAt; // In milliseconds.

  /** Makes a full bucket. */
  TokenBucket(int capacity, int perSecond, long now) {
    this.capacity = 1000L * capacity;
    this.perMilli = perSecond;
    this.tokens = this.capacity;
    this.filledAt = now;
  }

  /** Takes a token; false if there is none. */
  boolean take(long now) {
    if (now > filledAt) {
      // A long time fills it in any case, and must not overflow.
      long time = Math.min(now - filledAt, capacity / perMilli + 1);
      tokens = Math.min(capacity, tokens + time * perMilli);
      filledAt = now;
    }
    if (tokens < 1000) {
      return false;
    }
    tokens -= 1000;
    return true;
  }
}
