package io.libprocess.simulation.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** The threads of a world for blocking calls, and which of them wait for what. */
final class Helpers {

  private record Waiting(Helper helper, BooleanSupplier released) {}

  private final Engine engine;
  private final Semaphore baton = new Semaphore(0);
  private final Deque<Helper> idle = new ArrayDeque<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Deque<Helper> busy = new ArrayDeque<>(); // Those whose calls have not ended.

  private Thread running; // The helper that has the baton; null if none has. Read by anybody.

  Helpers(Engine engine) {
    this.engine = engine;
  }

  /** The thread that may run now. */
  Thread holder() {
    Thread helper = running;
    return helper == null ? engine.thread() : helper;
  }

  /** Runs a call on a thread of its own until it has ended or waits. */
  void run(Machine machine, Runnable call) {
    Helper helper = idle.poll();
    if (helper == null) {
      helper = Helper.of(engine);
      helper.start();
    }
    helper.assign(machine, call);
    busy.add(helper);
    handTo(helper);
  }

  private void handTo(Helper helper) {
    running = helper;
    helper.proceed();
    baton.acquireUninterruptibly();
    running = null;
  }

  /** A helper has done what it could. */
  void giveBack() {
    baton.release();
  }

  void idle(Helper helper) {
    busy.remove(helper);
    idle.push(helper);
  }

  /** A helper is about to give the baton back until something has happened. */
  void waits(Helper helper, ManagedBlocker blocker) {
    waits(helper, blocker::isReleasable);
  }

  void waits(Helper helper, BooleanSupplier released) {
    waiting.add(new Waiting(helper, released));
  }

  /** After each step: those whose wait is over have a step to take. */
  void look() {
    if (waiting.isEmpty()) {
      return;
    }
    for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
      Waiting one = each.next();
      if (one.released.getAsBoolean()) {
        each.remove();
        engine.add(new Resume(one.helper));
      }
    }
  }

  /** A machine has failed: its calls stay where they are until the world is over. */
  void abandon(Machine machine) {
    waiting.removeIf(one -> one.helper.machine() == machine);
  }

  /** The world is over: all threads end. */
  void end() {
    waiting.clear();
    for (Helper helper = busy.poll(); helper != null; helper = busy.poll()) {
      helper.kill();
      handTo(helper);
    }
    for (Helper helper = idle.poll(); helper != null; helper = idle.poll()) {
      helper.assign(null, null);
      handTo(helper);
    }
  }

  /** A blocking call goes on. */
  private final class Resume extends Step {
    private final Helper helper;

    Resume(Helper helper) {
      super(helper.machine());
      this.helper = helper;
    }

    @Override
    void take() {
      handTo(helper);
    }

    @Override
    StepTrace.Kind kind() {
      return StepTrace.Kind.ASYNC;
    }

    @Override
    Object subject() {
      return "goes on";
    }

    @Override
    long identity() {
      return 2;
    }
  }
}
