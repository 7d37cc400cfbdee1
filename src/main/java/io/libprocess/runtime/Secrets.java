package io.libprocess.runtime;

import java.security.SecureRandom;
import java.util.function.LongSupplier;

/** Numbers that nobody can guess, from the system. For any thread. */
public final class Secrets implements LongSupplier {

  /** Made when first needed, because nodes without remote links need none. */
  private static final class Source {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  @Override
  public long getAsLong() {
    return Source.RANDOM.nextLong();
  }
}
