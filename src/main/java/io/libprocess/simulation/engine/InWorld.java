package io.libprocess.simulation.engine;

/** A thread of a simulated world. */
public interface InWorld {

  /** The engine that runs the world; null before it begins. */
  Engine engine();

  /** The engine of the world that the calling thread belongs to; null if it belongs to none. */
  static Engine current() {
    return Thread.currentThread() instanceof InWorld thread ? thread.engine() : null;
  }

  /** Throws, because a world has a time of its own. */
  static void failForSystemTime() {
    throw new IllegalStateException(
        "the time of the system is not that of a simulated world: use Node.clock, Host.clock or"
            + " Clock.current");
  }
}
