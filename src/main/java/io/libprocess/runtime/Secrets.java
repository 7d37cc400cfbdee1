package io.libprocess.runtime;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** A source of numbers that cannot be guessed, from the system. Thread-safe. */
public final class Secrets implements LongSupplier {

  /** The random generator, made when first needed because nodes without remote links need none. */
  private static final class Source {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  @Override
  public long getAsLong() {
    return Source.RANDOM.nextLong();
  }
}
