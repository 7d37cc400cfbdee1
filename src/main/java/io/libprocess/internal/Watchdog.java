package io.libprocess.internal;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Looks at the runtime threads every few milliseconds while they work. A thread that does not come
 * back from an event loses what waits for it to the other workers; one that serves many events is
 * asked to let others run; one event that takes longer than the threshold is reported. So the
 * workers themselves never read a clock or share what they are about to run.
 */
final class Watchdog implements AutoCloseable {

  private static final long TICK_NANOS = 2_000_000;
  private static final int IDLE_TICKS_BEFORE_SLEEP = 100;
  private static final long CLOSE_WAIT_MILLIS = 500;

  private final List<RunLoop> turns;
  private final Consumer<Task> submit;
  private final long stallNanos;
  private final BiConsumer<Thread, Object> stalled;
  private final Thread thread;
  private final ConcurrentLinkedQueue<Task> resubmitted = new ConcurrentLinkedQueue<>();
  private final Map<RunLoop, Observation> observations = new IdentityHashMap<>();

  private volatile boolean asleep;
  private volatile boolean ended; // The thread takes nothing out of resubmitted any more.
  private volatile boolean closed;

  Watchdog(
      String name,
      List<RunLoop> turns,
      Consumer<Task> submit,
      Duration stallThreshold,
      BiConsumer<Thread, Object> stalled) {
    this.turns = turns;
    this.submit = submit;
    this.stallNanos = Saturating.nanos(stallThreshold);
    this.stalled = stalled;
    this.thread = new Thread(this::watch, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** What was seen of a turn that is running. */
  private static final class Observation {
    private long events;
    private long since;
    private boolean stuck;
    private boolean reported;
  }

  /** Submits a task from a thread that is no worker. */
  void resubmit(Task task) {
    resubmitted.add(task);
    LockSupport.unpark(thread);
    if (ended && resubmitted.remove(task)) {
      submit.accept(task);
    }
  }

  /** To be called when work begins; cheap while the watchdog is awake. */
  void wake() {
    if (asleep) {
      asleep = false;
      LockSupport.unpark(thread);
    }
  }

  private void watch() {
    long nextTick = System.nanoTime();
    int idleTicks = 0;
    while (!closed) {
      submitAll();
      long now = System.nanoTime();
      if (now - nextTick < 0) {
        LockSupport.parkNanos(this, nextTick - now);
        continue;
      }
      nextTick = now + TICK_NANOS;
      idleTicks = look(now) ? 0 : idleTicks + 1;
      if (idleTicks > IDLE_TICKS_BEFORE_SLEEP) {
        sleep();
        idleTicks = 0;
      }
    }
    ended = true;
    submitAll();
  }

  private void submitAll() {
    for (Task task = resubmitted.poll(); task != null; task = resubmitted.poll()) {
      submit.accept(task);
    }
  }

  // Work that begins later finds the flag set. A thread that looked at the flag before may have
  // noted what it runs where this thread does not see it yet, because neither is ordered: hence the
  // second look, a long time after, as processors count.
  private void sleep() {
    asleep = true;
    if (!look(System.nanoTime())) {
      LockSupport.parkNanos(this, TICK_NANOS);
      if (asleep && !look(System.nanoTime())) {
        while (asleep && !closed && resubmitted.isEmpty()) {
          LockSupport.park(this);
        }
      }
    }
    asleep = false;
  }

  /** Looks at each turn; returns whether any is running. */
  private boolean look(long now) {
    try {
      return lookAtTurns(now);
    } catch (Throwable thrown) { // From a log, or for want of a thread: this thread must go on.
      Log.error("Looking after the threads of the runtime failed", thrown);
      return true;
    }
  }

  private boolean lookAtTurns(long now) {
    boolean anyRunning = false;
    for (RunLoop turn : turns) {
      if (turn.running() == null) {
        observations.remove(turn);
        continue;
      }
      anyRunning = true;
      turn.expired = true;
      Observation seen = observations.get(turn);
      if (seen == null || seen.events != turn.events()) {
        seen = new Observation();
        seen.events = turn.events();
        seen.since = now;
        observations.put(turn, seen);
      } else {
        notComingBack(turn, seen, now);
      }
    }
    if (observations.size() > turns.size()) {
      observations.keySet().retainAll(turns);
    }
    return anyRunning;
  }

  private void notComingBack(RunLoop turn, Observation seen, long now) {
    if (!seen.stuck) {
      seen.stuck = true;
      turn.stuck();
    } else {
      turn.handOver(); // Made ready since then by the event that is still being served.
      turn.flush();
    }
    if (!seen.reported && now - seen.since >= stallNanos) {
      seen.reported = true;
      stalled.accept(turn.thread, turn.context());
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
