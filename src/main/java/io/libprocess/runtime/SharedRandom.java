package io.libprocess.runtime;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Random numbers for several threads, none of which waits for another: SplitMix64, whose state is a
 * counter. The numbers are the same for the same seed, in the order of the calls.
 */
public final class SharedRandom implements RandomGenerator {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final AtomicLong state;

  /** Begins with a seed. */
  public SharedRandom(long seed) {
    state = new AtomicLong(seed);
  }

  /** Begins with a secret seed. */
  public static SharedRandom unseeded() {
    return new SharedRandom(new Secrets().getAsLong());
  }

  @Override
  public long nextLong() {
    long z = state.addAndGet(GAMMA);
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
