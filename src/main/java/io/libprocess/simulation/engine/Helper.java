package io.libprocess.simulation.engine;

import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.RuntimeThread;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.internal.scheduler.WaitsForTasks;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.Semaphore;

/**
 * A thread for blocking calls. It runs while it has the baton, which it gives back when the call
 * has ended or waits for a future.
 */
final class Helper extends RuntimeThread implements InWorld, WaitsForTasks {

  private final Engine engine;
  private final Semaphore baton = new Semaphore(0);

  // Read and written by whoever has the baton.
  private Machine machine; // Null while it has no call.
  private Runnable call; // Null if the thread is to end.
  private boolean killed;

  private Helper(Engine engine) {
    super("libprocess-simulation-async", null, engine.thread());
    this.engine = engine;
  }

  static Helper of(Engine engine) {
    return new Helper(engine);
  }

  @Override
  public Engine engine() {
    return engine;
  }

  Machine machine() {
    return machine;
  }

  @Override
  public void run() {
    baton.acquireUninterruptibly();
    while (call != null) {
      try {
        ThreadContext.bindClock(machine.clock());
        call.run();
      } catch (Stopped ended) {
        // Its host has failed, or the world is over.
      } catch (Throwable thrown) {
        Log.error("A blocking call threw", thrown);
      }
      ThreadContext.bindClock(null);
      Thread.interrupted();
      call = null;
      machine = null;
      killed = false;
      engine.helpers().idle(this);
      engine.helpers().giveBack();
      baton.acquireUninterruptibly();
    }
    engine.helpers().giveBack();
  }

  /** Gives it a call to run. */
  void assign(Machine on, Runnable body) {
    machine = on;
    call = body;
  }

  /** Lets it run. */
  void proceed() {
    baton.release();
  }

  /** Whatever it waits for will not happen. */
  void kill() {
    killed = true;
  }

  @Override
  public void await(ManagedBlocker blocker) {
    engine.helpers().waits(this, blocker);
    while (!blocker.isReleasable()) {
      giveBatonBack();
    }
  }

  @Override
  public Executor blocking() {
    return machine.blocking();
  }

  @Override
  public Optional<Executor> programs() {
    return Optional.of(machine.blocking());
  }

  /** Lets everything else run until this has the baton again. */
  void giveBatonBack() {
    if (killed) {
      throw new Stopped("the host has failed");
    }
    engine.helpers().giveBack();
    baton.acquireUninterruptibly();
    if (killed) {
      throw new Stopped("the host has failed");
    }
  }

  @Override
  public void refuseSystemTime() {
    InWorld.failForSystemTime();
  }
}
