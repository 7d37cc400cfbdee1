package io.libprocess.simulation.engine;

/** Unwinds the function of a world, or a blocking call in it, when the run or its host is over. */
public final class Stopped extends Error {

  private static final long serialVersionUID = 1L;

  Stopped(String message) {
    super(message, null, false, false);
  }
}
