package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.RuntimeThread;
import io.libprocess.internal.scheduler.WaitsForTasks;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;

/** The thread on which a world runs. */
public final class SimulationThread extends RuntimeThread implements InWorld, WaitsForTasks {

  private Engine engine; // Null before the world begins.

  private SimulationThread(Runnable body) {
    super(new ThreadGroup("libprocess-simulation"), "libprocess-simulation", body);
  }

  /**
   * A thread that was started in the world by something else than the library, and lives; null if
   * there is none. To be called on this thread.
   */
  public Thread stranger() {
    ThreadGroup group = getThreadGroup();
    Thread[] living = new Thread[group.activeCount() + 1]; // If there are more, one is seen.
    int count = group.enumerate(living);
    for (int i = 0; i < count; i++) {
      if (!(living[i] instanceof InWorld)) {
        return living[i];
      }
    }
    return null;
  }

  /** Makes a thread that is yet to be started. */
  public static SimulationThread of(Runnable body) {
    return new SimulationThread(body);
  }

  void engine(Engine made) {
    engine = made;
  }

  @Override
  public Engine engine() {
    return engine;
  }

  /** Everything that could complete the future would have to run on this very thread. */
  @Override
  public void await(ManagedBlocker blocker) {
    throw new IllegalStateException(
        "waiting for a future here would stop the simulated world: outside of its processes use"
            + " World.await, inside of them a callback, or Async.async around what blocks");
  }

  @Override
  public Executor blocking() {
    throw new IllegalStateException(
        "a blocking call outside of a node would run on a thread that is none of the simulated"
            + " world: use Node.async");
  }

  @Override
  public Optional<Executor> programs() {
    return Optional.empty(); // It belongs to no host.
  }

  @Override
  public void refuseSystemTime() {
    InWorld.failForSystemTime();
  }
}
