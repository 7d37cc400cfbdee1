package io.libprocess.simulation.engine;

import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * A host from its start to its failure or end: its clock, and whether it runs just now. What is
 * left of it when it has failed never runs. For the thread with the baton.
 */
public final class Machine implements TimeSource {

  private static final Instant START = Instant.parse("2000-01-01T00:00:00Z");
  private static final double MILLION = 1e6;
  private static final long TIE = 1_000_000; // Timers that are due within it, in nanoseconds.

  private final Engine engine;
  private final String name;
  private final String life; // The name of this start of it.
  private final Map<String, Draws> streams = new HashMap<>(); // By group.
  private final Draws costs; // Of its steps.
  private final ClockDriver driver;
  private final TimerStep timers = new TimerStep();
  private final Deque<Step> held = new ArrayDeque<>(); // While it does not run.

  private final boolean ties;

  private boolean dead;
  private long heldUntil; // It does not run before this time.
  private long slowness = 1;
  private long leastCall = 100_000; // Of the time that a blocking call takes.
  private long mostCall = 10_000_000;
  private LongSupplier lateness = () -> 0;
  private Executor blocking; // Of its blocking calls.
  private Agenda.Entry alarm; // Null if no timer waits.
  private long alarmAt = Long.MAX_VALUE;

  // Its clock: where it stood at a time of the world, and how much it gains.
  private long base;
  private long since;
  private double gained; // In a second, in parts of a million.

  /**
   * A machine that starts now.
   *
   * @param offset how far its wall clock is ahead of the world's, in nanoseconds
   */
  Machine(Engine engine, String name, long offset) {
    this.engine = engine;
    this.name = name;
    life = engine.life(name);
    costs = draws("clock");
    since = engine.time();
    base = engine.time() + offset;
    driver = new ClockDriver(this, this::timerAdded);
    ties = engine.happens("clock.ties");
    blocking = this::async;
  }

  /** The name of the host. */
  public String name() {
    return name;
  }

  /** A stream of its own until it fails, of a group of such streams. */
  public Draws draws(String group) {
    return streams.computeIfAbsent(group, key -> engine.draws(key, life));
  }

  Draws costs() {
    return costs;
  }

  /** Its clock. */
  public Clock clock() {
    return driver.clock();
  }

  /** Whether it has failed. */
  public boolean isDead() {
    return dead;
  }

  /** Whether it does not run just now. */
  public boolean isHeld() {
    return heldUntil > engine.time();
  }

  @Override
  public long nanoTime() {
    long elapsed = engine.time() - since;
    return base + elapsed + (long) (elapsed * gained / MILLION);
  }

  @Override
  public Instant wallTime() {
    return START.plusNanos(nanoTime());
  }

  /* ------ Timers ------ */

  private void timerAdded() {
    engine.timersChanged(this);
  }

  /** Plans to look for timers when the next one is due. */
  void arm() {
    if (dead || timers.queued) {
      return;
    }
    arm(driver.nanosToNext());
  }

  /**
   * Plans to look for timers.
   *
   * @param wait how long it is until the next one is due
   */
  private void arm(OptionalLong wait) {
    long at = Long.MAX_VALUE;
    if (wait.isPresent()) {
      double nanos = wait.getAsLong() / (1 + gained / MILLION);
      at = engine.time() + (long) StrictMath.ceil(nanos);
      at = at < 0 ? Long.MAX_VALUE : tied(at);
    }
    if (at == alarmAt && alarm != null) {
      return;
    }
    if (alarm != null) {
      alarm.cancel();
      alarm = null;
    }
    alarmAt = at;
    if (at != Long.MAX_VALUE) {
      long late = wait.getAsLong() == 0 ? 0 : lateness.getAsLong();
      alarm = engine.at(at + late, this::timersAreDue);
    }
  }

  /** Lets timers fire together that are due at about the same time. */
  private long tied(long at) {
    return ties && at > engine.time() && at < Long.MAX_VALUE - TIE
        ? (at + TIE - 1) / TIE * TIE
        : at;
  }

  private void timersAreDue() {
    alarm = null;
    alarmAt = Long.MAX_VALUE;
    OptionalLong wait = driver.nanosToNext();
    if (wait.isPresent() && wait.getAsLong() == 0) {
      timers.queued = true;
      engine.add(timers);
    } else if (!dead) {
      arm(wait);
    }
  }

  /** Runs the timer that is due first. */
  private final class TimerStep extends Step {
    private boolean queued;

    TimerStep() {
      super(Machine.this);
    }

    @Override
    void take() {
      queued = false;
      driver.runNext();
      timersAreDue();
    }

    @Override
    StepTrace.Kind kind() {
      return StepTrace.Kind.TIMER;
    }
  }

  /* ------ Faults ------ */

  /** Keeps a step while the machine does not run; whether it did. */
  boolean keeps(Step step) {
    if (!isHeld()) {
      return false;
    }
    held.add(step);
    return true;
  }

  /** Holds everything on it for some time, unless it is held for longer already. */
  public void hold(long nanos) {
    long until = engine.in(nanos);
    if (dead || until <= heldUntil) {
      return;
    }
    if (!isHeld()) {
      engine.takeOut(this, held::add);
    }
    heldUntil = until;
    engine.at(until, this::release);
  }

  private void release() {
    if (!dead && !isHeld()) {
      for (Step step = held.poll(); step != null; step = held.poll()) {
        engine.add(step);
      }
    }
  }

  /** Lets it run again. */
  public void unhold() {
    heldUntil = 0;
    release();
  }

  /** Lets each of its steps take so many times as long. */
  public void slow(long factor) {
    slowness = factor;
  }

  /** A step of it has taken a time, for which others ran as well if it is slow. */
  void took(long nanos) {
    if (slowness > 1 && nanos > 0) {
      hold(nanos * (slowness - 1));
    }
  }

  /** Lets its clock gain so many microseconds in each second, from now on. */
  public void drift(double perMillion) {
    base = nanoTime();
    since = engine.time();
    gained = perMillion;
    engine.timersChanged(this);
  }

  /** Lets its timers fire late, each by as many nanoseconds as are drawn for it. */
  public void late(LongSupplier nanos) {
    lateness = nanos;
  }

  /** Lets its blocking calls take a time of this range. */
  public void callTime(long least, long most) {
    leastCall = least;
    mostCall = most;
  }

  /** Runs a blocking call some time later, on a thread that may wait. */
  public void async(Runnable call) {
    engine.async(this, call);
  }

  /** Runs something as soon as possible on a thread that may wait. */
  public void apart(Runnable body) {
    engine.runApart(this, body);
  }

  /** The executor of its blocking calls. */
  public Executor blocking() {
    return blocking;
  }

  /** Gives its nodes another executor of blocking calls. */
  public void blocking(Executor other) {
    blocking = other;
  }

  /** How long it is until a blocking call that is made now begins, and has an end. */
  long callDelay() {
    Draws calls = draws("async");
    return calls.between(10_000, 200_000) + calls.between(leastCall, mostCall);
  }

  /** Nothing of it ever runs again. */
  public void kill() {
    if (!dead) {
      dead = true;
      held.clear();
      engine.takeOut(this, step -> {});
      engine.died();
      driver.close();
      engine.helpers().abandon(this);
    }
  }

  /** When a timer fires next, for people; empty if none waits. */
  public List<String> nextTimers() {
    OptionalLong wait = driver.nanosToNext();
    return wait.isPresent() ? List.of("the next in " + Engine.text(wait.getAsLong())) : List.of();
  }
}
