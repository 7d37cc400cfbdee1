package io.libprocess.simulation.network;

import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;

/** One direction between two hosts. */
public final class Direction {

  private final Engine engine;
  private final String name;

  private Draws draws; // Null before the first number is needed.
  private int cuts; // How many faults let everything on it be lost.
  private int rejections; // How many faults let it be answered by resets.
  private long cloggedUntil;
  private double loss; // The probability that a segment is lost.
  private long bytesPerSecond; // 0 for as many as there are.
  private long freeAt; // When what is on it with a bandwidth has left.

  /** A link on which everything gets through. */
  Direction(Engine engine, String name) {
    this.engine = engine;
    this.name = name;
  }

  /** What happens by chance to what is sent this way. */
  Draws draws() {
    if (draws == null) {
      draws = engine.draws("network", name);
    }
    return draws;
  }

  /** Whether nothing gets through. */
  boolean isCut() {
    return cuts > 0;
  }

  /** Whether what is sent is answered by a reset. */
  boolean isRejecting() {
    return rejections > 0;
  }

  long cloggedUntil() {
    return cloggedUntil;
  }

  double loss() {
    return loss;
  }

  /** Loses everything until {@link #join}, which is to be called as often. */
  public void cut() {
    cuts++;
  }

  /** Ends what {@link #cut} has begun; does nothing if all was ended before. */
  public void join() {
    cuts = Math.max(0, cuts - 1);
  }

  /** Answers everything by resets until {@link #accept}, which is to be called as often. */
  public void reject() {
    rejections++;
  }

  /** Ends what {@link #reject} has begun. */
  public void accept() {
    rejections = Math.max(0, rejections - 1);
  }

  /** Lets nothing arrive before a time. */
  public void clog(long until) {
    cloggedUntil = Math.max(cloggedUntil, until);
  }

  /** Loses each segment with a probability, below 1. */
  public void lose(double probability) {
    loss = probability;
  }

  /** Lets no more bytes through in a second; 0 for any number. */
  public void bandwidth(long bytes) {
    bytesPerSecond = bytes;
  }

  /** When something has left that is sent at a time. */
  long departure(long now, int bytes) {
    if (bytesPerSecond == 0) {
      return now;
    }
    freeAt = Math.max(now, freeAt) + bytes * 1_000_000_000L / bytesPerSecond;
    return freeAt;
  }

  /** Lets everything through again. */
  public void heal() {
    cuts = 0;
    rejections = 0;
    cloggedUntil = 0;
    loss = 0;
    bytesPerSecond = 0;
    freeAt = 0;
  }
}
