package io.libprocess.simulation.engine;

import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.ThreadContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Runs a world: takes one ready step after the other, and lets time pass. Everything but {@link
 * #steps} is for the thread that has the baton.
 */
public final class Engine {

  /** Decides at which points of the seams something rare, but legal, happens. */
  public interface Points {

    /** Whether it happens at a point now. */
    boolean happens(String point);
  }

  /** The limits of a run. */
  public record Limits(long nanos, long steps, long leastCost, long mostCost) {}

  /** So many steps at one time, if they cost nothing, are a livelock. */
  private static final int MOST_AT_ONE_TIME = 100_000;

  private final SimulationThread thread;
  private final Object owner;
  private final long seed;
  private final Limits limits;
  private final TaskNames names;
  private final StepTrace trace;
  private final ReadyQueue ready;
  private final Agenda agenda = new Agenda();
  private final Helpers helpers;
  private final RandomStreams streams;
  private final List<Machine> changedTimers = new ArrayList<>();
  private final Machine outside; // Whose clock is that of the world's function.
  private final PendingFutures pending;

  private Runnable afterStep = () -> {};
  private Points points = point -> false;
  private long time;
  private volatile long steps; // Written by the thread with the baton.
  private long atThisTime;
  private long lastDeath = -1;
  private boolean inStep;
  private Machine acting; // Null if it is whose step is taken.
  private boolean happening; // Something between two steps.
  private Step current; // Null if no step is being taken.
  private long mostNanos;
  private RunLoop entered; // Null if none is.
  private Problem problem; // Null while there is none.

  /**
   * Makes an engine for the calling thread.
   *
   * @param owner whoever runs it; see {@link #owner}
   * @param explains whether it is to be known where each promise was made, which takes time
   */
  public Engine(
      long seed,
      Schedule schedule,
      Limits limits,
      StepTrace trace,
      TaskNames names,
      Object owner,
      boolean explains) {
    this.owner = owner;
    pending = new PendingFutures(this, explains);
    this.thread = (SimulationThread) Thread.currentThread();
    this.seed = seed;
    this.limits = limits;
    mostNanos = limits.nanos;
    this.trace = trace;
    streams = new RandomStreams(seed, trace, this);
    this.names = names;
    helpers = new Helpers(this);
    ready = schedule.queue(draws("schedule"));
    outside = new Machine(this, "world", 0);
    thread.engine(this);
    ThreadContext.bindClock(outside.clock());
  }

  /** Whoever runs it. */
  public Object owner() {
    return owner;
  }

  /** Lets the run need more time. */
  public void extend(long nanos) {
    mostNanos += nanos;
  }

  /** Whether a step is being taken. */
  public boolean isInStep() {
    return inStep;
  }

  /** A stream of random numbers, the same one for each name. */
  public Draws draws(String name) {
    return streams.draws(name);
  }

  /**
   * A new stream that belongs to one of many.
   *
   * @param group by what name its numbers are counted
   * @param member what it belongs to, for which this is called once
   */
  public Draws draws(String group, String member) {
    return streams.draws(group, member);
  }

  /** A name for the life of a machine that starts now. */
  String life(String name) {
    return streams.life(name, time);
  }

  /** The stream of plans of faults: apart, because a plan that is replayed is not drawn again. */
  public Draws planDraws() {
    return new Draws(seed, "fault", new Hash());
  }

  /** A machine that starts now, its wall clock ahead of the world's by nanoseconds. */
  public Machine machine(String name, long offset) {
    return new Machine(this, name, offset);
  }

  /** The time of the world in nanoseconds since it began. */
  public long time() {
    return time;
  }

  /** How many steps have been taken. Any thread may ask. */
  public long steps() {
    return steps;
  }

  /** The trace of the run so far. */
  public StepTrace trace() {
    return trace;
  }

  /** The thread of the world. */
  SimulationThread thread() {
    return thread;
  }

  /** The thread that runs just now. Any thread may ask. */
  public Thread holder() {
    return helpers.holder();
  }

  Helpers helpers() {
    return helpers;
  }

  /** The promises that were made and not kept. */
  public PendingFutures pending() {
    return pending;
  }

  /** The machine of the world's function. */
  Machine outside() {
    return outside;
  }

  /** The machine that runs just now; null if none does. */
  Machine runs() {
    if (Thread.currentThread() instanceof Helper helper) {
      return helper.machine();
    }
    if (acting != null) {
      return acting;
    }
    return inStep ? current.machine : happening ? null : outside;
  }

  /** Runs something as a part of a machine rather than of the world's function. */
  public void actAs(Machine machine, Runnable body) {
    Machine before = acting;
    acting = machine;
    try {
      body.run();
    } finally {
      acting = before;
    }
  }

  /** What runs just now, for people; null if that has no name. */
  Object maker() {
    return inStep && current.task() != null ? current.subject() : null;
  }

  /** What the last step was about: a UPID if it was one of a process. */
  public Object lastSubject() {
    return current == null || current.task() == null ? null : current.subject();
  }

  /** How many numbers have been drawn of each stream, or group of streams. */
  public Map<String, Long> drawn() {
    return streams.drawn();
  }

  TaskNames names() {
    return names;
  }

  /** Has something called after each step. */
  public void afterStep(Runnable look) {
    afterStep = look;
  }

  /** Has something asked at each point of the seams. */
  public void points(Points decide) {
    points = decide;
  }

  /** Whether something rare, but legal, is to happen at a point now. */
  public boolean happens(String point) {
    return points.happens(point);
  }

  /* ------ What is to happen ------ */

  /** Refuses what another thread does than the one whose turn it is. */
  public void check(String what) {
    Thread caller = Thread.currentThread();
    if (caller != helpers.holder()) {
      IllegalStateException stranger =
          new IllegalStateException(
              what + " by thread '" + caller.getName() + "', which is none of the world");
      if (problem == null) {
        problem = new Problem("NOT_DETERMINISTIC", stranger.getMessage(), stranger, time, steps);
      }
      throw stranger;
    }
  }

  /** Something becomes ready. */
  void add(Step step) {
    if (step.machine.isDead() || step.machine.keeps(step)) {
      return;
    }
    step.since = time;
    ready.add(step);
  }

  /** A machine has failed. */
  void died() {
    lastDeath = steps;
  }

  /** The number of the step at which a machine failed last; -1 if none has. */
  long lastDeath() {
    return lastDeath;
  }

  void takeOut(Machine machine, Consumer<Step> removed) {
    ready.remove(step -> step.machine == machine, removed);
  }

  /**
   * The time after some more nanoseconds; {@code Long.MAX_VALUE}, which never comes, if too many.
   */
  public long in(long nanos) {
    return Saturating.sum(time, nanos);
  }

  /** Has something done at a time; at once, when this step is over, if that is past. */
  public Agenda.Entry at(long when, Runnable body) {
    return agenda.add(when < 0 ? Long.MAX_VALUE : Math.max(when, time), body); // A sum overflowed.
  }

  void timersChanged(Machine machine) {
    check("a timer was started");
    if (!changedTimers.contains(machine)) {
      changedTimers.add(machine);
    }
  }

  /** Runs a blocking call of a machine some time later. */
  void async(Machine machine, Runnable call) {
    check("a blocking call was made");
    at(time + machine.callDelay(), () -> add(new CallStep(helpers, machine, call)));
  }

  /* ------ Steps ------ */

  void enter(RunLoop loop) {
    if (entered != loop) {
      entered = loop;
      thread.enter(loop, outside.clock());
    }
  }

  /** Takes one step, if there is one by a time, to which time may pass; whether it did. */
  public boolean step(long until) {
    if (inStep) {
      throw new IllegalStateException("the world cannot be run by one of its own steps");
    }
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException("only the function of the world can let time pass");
    }
    Step next = next(until);
    if (next == null) {
      enter(null);
      throwProblem();
      return false;
    }
    take(next);
    helpers.look();
    enter(null);
    afterStep.run();
    throwProblem();
    return true;
  }

  private Step next(long until) {
    for (; ; ) {
      armTimers();
      while (agenda.first() <= time) {
        happen();
      }
      Step next = ready.poll(time);
      if (next != null) {
        return next;
      }
      long first = agenda.first();
      if (first > until || first == Long.MAX_VALUE) {
        return null;
      }
      if (first > time) {
        time = first;
        atThisTime = 0;
      }
      throwProblem();
    }
  }

  private void happen() {
    happening = true;
    agenda.take().run();
    happening = false;
    helpers.look();
    armTimers();
    throwProblem();
  }

  private void armTimers() {
    for (int i = 0; i < changedTimers.size(); i++) {
      changedTimers.get(i).arm();
    }
    changedTimers.clear();
  }

  private void take(Step step) {
    long number = steps + 1;
    steps = number;
    trace.add(time, number, step.kind(), step.machine.name(), step.identity(), step.subject());
    inStep = true;
    current = step;
    try {
      if (step.task() == null) {
        enter(null);
      }
      step.take();
    } finally {
      inStep = false;
    }
    long cost =
        limits.leastCost == limits.mostCost
            ? limits.leastCost
            : step.machine.costs().between(limits.leastCost, limits.mostCost);
    time += cost;
    step.machine.took(cost);
    if (cost == 0 && ++atThisTime > MOST_AT_ONE_TIME) {
      fail("livelock", MOST_AT_ONE_TIME + " steps and no time has passed", null);
    }
    if (number >= limits.steps || time >= mostNanos) {
      fail("limit", "the run has needed " + number + " steps and " + text(time), null);
    }
  }

  /** Takes steps until a time, which then is the world's. */
  public void runUntil(long until) {
    while (step(until)) {
      if (time >= until) {
        return;
      }
    }
    time = Math.max(time, until);
  }

  /** Takes steps until something holds, or a time has passed; whether it holds. */
  public boolean runUntil(BooleanSupplier condition, long until) {
    while (!condition.getAsBoolean()) {
      if (time >= until || !step(until)) {
        time = Math.max(time, Math.min(until, mostNanos));
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** Lets a blocking call take a time; in a step no time passes. */
  public void pass(long nanos) {
    if (Thread.currentThread() instanceof Helper) {
      await(() -> false, nanos);
    }
  }

  /** Waits for something, as the function of the world or a blocking call. */
  boolean await(BooleanSupplier done, long nanos) {
    long until = time + Math.min(nanos, mostNanos);
    if (Thread.currentThread() instanceof Helper helper) {
      at(until, () -> {});
      helpers.waits(helper, () -> done.getAsBoolean() || time >= until);
      helper.giveBatonBack();
      return done.getAsBoolean();
    }
    return runUntil(done, until);
  }

  /* ------ The end ------ */

  /** The run fails; the first reason counts. */
  public void fail(String check, String message, Throwable cause) {
    if (problem == null) {
      problem = new Problem(check, message, cause, time, steps);
      note(StepTrace.Kind.CHECK, "world", check + " " + message);
    }
  }

  /** Why the run has failed; null if it has not. */
  public Problem problem() {
    return problem;
  }

  private void throwProblem() {
    if (problem != null) {
      enter(null);
      throw new Stopped(problem.check());
    }
  }

  /** Adds something to the trace that is no step, and whose text need not be in its hash. */
  public void note(StepTrace.Kind kind, String host, long identity, Object subject) {
    trace.add(time, steps, kind, host, identity, subject);
  }

  /** Adds something to the trace that is no step. */
  public void note(StepTrace.Kind kind, String host, Object subject) {
    trace.add(time, steps, kind, host, subject.toString().hashCode(), subject);
  }

  /** Runs something on a thread for blocking calls. */
  public void runApart(Machine machine, Runnable body) {
    add(new CallStep(helpers, machine, body));
  }

  /** The world is over: its threads end, and nothing of it runs. */
  public void end() {
    helpers.end();
    outside.kill();
    entered = null;
    thread.enter(null);
  }

  /** A time of the world for people. */
  public static String text(long nanos) {
    long millis = nanos / 1_000_000;
    StringBuilder text = new StringBuilder(12);
    digits(text, millis / 3_600_000, 2).append(':');
    digits(text, millis / 60_000 % 60, 2).append(':');
    digits(text, millis / 1000 % 60, 2).append('.');
    return digits(text, millis % 1000, 3).toString();
  }

  /** Adds a number with at least so many digits. */
  static StringBuilder digits(StringBuilder text, long number, int least) {
    String digits = Long.toString(number);
    return text.append("0".repeat(Math.max(0, least - digits.length()))).append(digits);
  }
}
