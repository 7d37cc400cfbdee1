package io.libprocess.simulation.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** 64 bits over all that has happened in a run, in its order. For the thread with the baton. */
public final class Hash {

  private static final long PRIME = 0x9FB21C651E98DF25L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private long value = 0x243F6A8885A308D3L;

  /** Adds a number. */
  public void roll(long number) {
    value = (Long.rotateLeft(value, 23) ^ number) * PRIME;
  }

  /** A number that some bytes and a number decide; eight bytes at a time. */
  public static long of(byte[] bytes, long start) {
    long sum = start * PRIME + bytes.length;
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      sum = (Long.rotateLeft(sum, 29) ^ (long) LONGS.get(bytes, at)) * PRIME;
    }
    for (; at < bytes.length; at++) {
      sum = sum * 31 + bytes[at];
    }
    return sum;
  }

  /** The bits so far. */
  public long value() {
    return value ^ value >>> 32;
  }
}
