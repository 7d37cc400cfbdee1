package io.libprocess.stream.bytes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Makes digests by the names of their algorithms. */
public final class Digests {

  private Digests() {}

  /**
   * Makes a new digest.
   *
   * @throws IllegalArgumentException if there is no such algorithm
   */
  public static MessageDigest of(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalArgumentException("no algorithm for digests: " + algorithm, e);
    }
  }
}
