package io.libprocess.simulation.engine;

/** 64 bits over all that has happened in a run, in its order. For the thread with the baton. */
public final class Hash {

  private static final long PRIME = 0x9FB21C651E98DF25L;

  private long value = 0x243F6A8885A308D3L;

  /** Adds a number. */
  public void roll(long number) {
    value = (Long.rotateLeft(value, 23) ^ number) * PRIME;
  }

  /** The bits so far. */
  public long value() {
    return value ^ value >>> 32;
  }
}
