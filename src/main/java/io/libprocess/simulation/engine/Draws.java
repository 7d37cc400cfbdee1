package io.libprocess.simulation.engine;

import java.util.function.LongConsumer;

/**
 * A stream of random numbers that a seed and a name decide: SplitMix64 (Steele, Lea and Flood,
 * 2014). It is written here because no class of the JDK promises its numbers bit by bit. Draws of
 * one stream shift no other. For the thread that has the baton.
 */
public final class Draws {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private final Hash hash;
  private final LongConsumer told; // Null if nobody wants to know.
  private long state;
  private long drawn;

  /**
   * A stream.
   *
   * @param hash gets every number that is drawn
   */
  public Draws(long seed, String name, Hash hash) {
    this(seed, name, hash, null);
  }

  /**
   * A stream that tells somebody.
   *
   * @param told gets every number too; null if nobody does
   */
  Draws(long seed, String name, Hash hash, LongConsumer told) {
    this.hash = hash;
    this.told = told;
    state = seed(seed, name);
  }

  /** The seed of a named stream. */
  static long seed(long seed, String name) {
    long mixed = mix(seed + GAMMA);
    for (int i = 0; i < name.length(); i++) {
      mixed = mix(mixed ^ name.charAt(i) * GAMMA);
    }
    return mixed;
  }

  /** Mixes the bits of a number. */
  static long mix(long number) {
    long z = number;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** The next number. */
  public long next() {
    state += GAMMA;
    drawn++;
    long number = mix(state);
    hash.roll(number);
    if (told != null) {
      told.accept(number);
    }
    return number;
  }

  /** How many numbers have been drawn. */
  long drawn() {
    return drawn;
  }

  /** A number from 0 up to a bound, which is at least 1 and does not belong to it. */
  public long below(long bound) {
    return Math.floorMod(next() >>> 1, bound);
  }

  /** A number from one bound to another, both of which belong to it. */
  public long between(long least, long most) {
    return least + below(most - least + 1);
  }

  /** A number from 0 to 1, without 1. */
  public double unit() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  /** Whether something happens that has a probability. */
  public boolean chance(double probability) {
    return probability > 0 && unit() < probability;
  }

  /** An exponentially distributed number; the largest is 37 times the mean. */
  public double exponential(double mean) {
    return -mean * StrictMath.log(1 - unit());
  }
}
