package io.libprocess.badhouse.internal;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Draws unseeded random numbers in every forbidden way, each in a member of its own. */
final class DrawsRandom {

  Random random() {
    return new Random();
  }

  SplittableRandom splittable() {
    return new SplittableRandom();
  }

  Random threadLocal() {
    return ThreadLocalRandom.current();
  }

  double math() {
    return Math.random();
  }

  double strictMath() {
    return StrictMath.random();
  }

  SecureRandom secure() {
    return new SecureRandom();
  }

  SecureRandom strong() throws NoSuchAlgorithmException {
    return SecureRandom.getInstanceStrong();
  }

  UUID uuid() {
    return UUID.randomUUID();
  }

  void shuffle() {
    Collections.shuffle(new ArrayList<String>());
  }

  RandomGenerator generator() {
    return RandomGenerator.getDefault();
  }

  RandomGenerator namedGenerator() {
    return RandomGenerator.of("L64X128MixRandom");
  }
}
