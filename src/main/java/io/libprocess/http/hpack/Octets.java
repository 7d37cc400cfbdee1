package io.libprocess.http.hpack;

import java.util.Arrays;

/** A growing array of octets. For one thread at a time. */
public final class Octets {

  private static final byte[] NONE = {};
  private static final int LEAST_CAPACITY = 64;

  /** The octets up to {@link #size}; replaced by a larger array when it is full. */
  public byte[] bytes = NONE;

  /** How many octets there are. */
  public int size;

  /** Makes room for more octets. */
  public void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.max(LEAST_CAPACITY, 2 * size)));
    }
  }

  /** Puts an octet. */
  public void put(int octet) {
    reserve(1);
    bytes[size++] = (byte) octet;
  }

  /** Puts octets. */
  public void put(byte[] more, int from, int length) {
    reserve(length);
    System.arraycopy(more, from, bytes, size, length);
    size += length;
  }

  /** Puts a number as four octets, the highest first. */
  public void putInt(int number) {
    reserve(Integer.BYTES);
    bytes[size++] = (byte) (number >> 24);
    bytes[size++] = (byte) (number >> 16);
    bytes[size++] = (byte) (number >> 8);
    bytes[size++] = (byte) number;
  }

  /** Forgets the octets and their memory. */
  public void clear() {
    bytes = NONE;
    size = 0;
  }
}
