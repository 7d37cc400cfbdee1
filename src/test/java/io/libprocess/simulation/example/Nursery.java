package io.libprocess.simulation.example;

import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.Supervisor;
import io.libprocess.UPID;
import io.libprocess.future.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Children of a supervisor that fail, end, are started and stopped; and what is known of them. */
final class Nursery extends Verdict {

  /** A child, in all its lives. */
  static final class Child {
    int alive;
    int lives;
    boolean stopping; // Somebody has asked for its end.
    boolean wanted = true;
    Future<PID<Living>> started; // Null while nobody has asked.
  }

  /** A process of a child. */
  static final class Living extends Process<Living> {
    private final Nursery nursery;
    private final Child child;
    private boolean isIn;

    Living(Nursery nursery, Child child) {
      this.nursery = nursery;
      this.child = child;
    }

    @Override
    protected void initialize() {
      isIn = true;
      child.lives++;
      if (++child.alive > 1) {
        nursery.wrong("there are " + child.alive + " of one child");
      }
      if (node().random().nextInt(8) == 0 && !nursery.calm) {
        leave();
        throw new Talker.Tired();
      }
      again();
    }

    private void again() {
      delay(
          Duration.ofMillis(1 + node().random().nextInt(200)),
          one -> {
            if (!nursery.calm) {
              one.act();
            }
          });
    }

    private void act() {
      switch (node().random().nextInt(4)) {
        case 0 -> {
          leave();
          throw new Talker.Tired();
        }
        case 1 -> node().terminate(self());
        default -> again();
      }
    }

    private void leave() {
      if (isIn) {
        isIn = false;
        child.alive--;
      }
    }

    @Override
    protected void finish() {
      leave();
    }
  }

  final List<Child> children = new ArrayList<>();
  boolean calm;

  int restarts() {
    return children.stream().mapToInt(child -> Math.max(0, child.lives - 1)).sum();
  }

  /** Each child that was started and not stopped is there, once; and no other one. */
  boolean isComplete() {
    for (Child child : children) {
      boolean expected = child.started.isReady() && child.wanted;
      if (child.alive != (expected ? 1 : 0) && !(child.started.isDiscarded() && child.alive <= 1)) {
        return false;
      }
    }
    return true;
  }

  /** Has children started and stopped, and does not wait for some of the answers. */
  static final class Parent extends Process<Parent> {
    private final Nursery nursery;
    private final PID<Supervisor> supervisor;
    private int left = 25;

    Parent(Nursery nursery, PID<Supervisor> supervisor) {
      this.nursery = nursery;
      this.supervisor = supervisor;
    }

    @Override
    protected void initialize() {
      again();
    }

    boolean isDone() {
      return left == 0;
    }

    private void again() {
      if (left > 0) {
        left--;
        act();
        delay(Duration.ofMillis(node().random().nextInt(200)), one -> one.again());
      }
    }

    private void act() {
      if (node().random().nextInt(3) > 0 || nursery.children.isEmpty()) {
        Child child = new Child();
        nursery.children.add(child);
        child.started = supervisor.call(one -> one.start(() -> new Living(nursery, child)));
        if (node().random().nextInt(4) == 0) {
          child.started.discard();
        }
        return;
      }
      Child child = nursery.children.get(node().random().nextInt(nursery.children.size()));
      if (child.started.isReady() && !child.stopping) {
        child.stopping = true;
        UPID first = child.started.get();
        supervisor
            .call(one -> one.stop(first))
            .onReady(
                stopped -> {
                  if (stopped) {
                    child.wanted = false; // Otherwise it has been restarted under another name.
                  }
                });
      }
    }
  }
}
