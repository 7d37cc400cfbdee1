package io.libprocess.service.support;

import io.libprocess.runtime.Secrets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Random numbers for several threads, none of which waits for another: SplitMix64, whose state is a
 * counter. The numbers are the same for the same seed, in the order of the calls.
 */
public final class SharedRandom implements RandomGenerator {

  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

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
    long z = state.addAndGet(GOLDEN_RATIO);
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
