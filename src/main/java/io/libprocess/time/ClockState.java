package io.libprocess.time;

import io.libprocess.internal.SendFlags;
import java.time.Instant;

/**
 * The time of one clock and the timers that wait for it: all that its lock guards. All methods may
 * be called from any thread; those for the runner only by whoever runs the timers.
 */
final class ClockState {

  /*
   * Lock. `lock` guards the wheel, the links of its timers and the fields that say so. It is held
   * for a few instructions, or for as long as it takes to take out what is due; nothing waits,
   * nothing is allocated and no user code runs under it. `reading` and `closed` are written under it
   * and read without. Whoever starts a timer reads the time before taking the lock: meanwhile the
   * time can only have moved on, and then the timer is due sooner from now, never before its
   * deadline.
   *
   * Waking. `wakeAt` is the latest deadline that whoever runs the timers must be woken for. While
   * that one is on its way to look for due timers, or runs some, it is AWAKE, below every deadline.
   * Before it waits, it sets wakeAt to just before what it waits for, or to the frozen time. Whoever
   * adds a timer that is not later, or moves the time so that one is due, sets AWAKE and then wakes
   * it. Only the runner leaves AWAKE, when it has looked at the wheel under the same hold of the
   * lock. So no wake-up is lost and none is given twice. A thread that was never started counts as
   * one that waits. Cancelling wakes nobody: the runner may look and find nothing.
   */

  private static final long AWAKE = Long.MIN_VALUE;

  private final TimeSource source;
  private final long origin; // The elapsed time of a running clock that was never advanced,
  private final long mark; // when the source's monotonic count was this.
  private final long wallOffset; // Of its wall time from the source's.
  private final TimerRunner runner;
  private final ShortLock lock = new ShortLock();
  private final TimerWheel wheel; // Guarded by the lock.
  private volatile ClockReading reading; // Written under the lock.
  private volatile boolean closed; // Written under the lock.

  // Guarded by the lock.
  private long advanced; // Nanoseconds; it never falls.
  private long wakeAt;
  private int firing; // How many batches of timers were taken out and have not all run.
  private long batches; // How often timers were taken out.

  /** A time that runs, or one that is paused at a moment unless that is null. */
  ClockState(TimeSource source, TimerRunner runner, Instant pausedAt) {
    long wall = Nanos.of(source.wallTime());
    this.source = source;
    this.runner = runner;
    origin = pausedAt == null ? wall : Nanos.of(pausedAt);
    mark = source.nanoTime();
    wallOffset = Nanos.sum(origin, -wall);
    if (pausedAt == null) {
      reading = ClockReading.running(source, origin, mark, wallOffset);
      wakeAt = Nanos.MAX;
    } else {
      SendFlags.pause();
      reading = ClockReading.paused(source, origin, 0);
      wakeAt = origin;
    }
    wheel = new TimerWheel(origin);
  }

  ClockReading reading() {
    return reading;
  }

  boolean isClosed() {
    return closed;
  }

  /* ------ Time ------ */

  /** Stops the time; does nothing if it is stopped. */
  void pause() {
    lock.lock();
    try {
      if (reading.paused()) {
        return;
      }
      SendFlags.pause();
      long time = reading.nanos();
      reading = ClockReading.paused(source, time, Nanos.sum(reading.wall(), -time));
      if (!frozenTimeNeedsRunner()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Lets the time run again; does nothing if it runs. */
  void resume() {
    lock.lock();
    try {
      if (!reading.paused()) {
        return;
      }
      long now = source.nanoTime();
      long time = Nanos.sum(Nanos.sum(origin, now - mark), advanced);
      reading = ClockReading.running(source, time, now, Nanos.sum(wallOffset, advanced));
      if (wakeAt == AWAKE) {
        return;
      }
      if (wheel.isEmpty()) {
        wakeAt = Nanos.MAX;
        return;
      }
      wakeAt = AWAKE;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Moves the frozen time by nanoseconds; does nothing if the time runs. */
  void advance(long nanos) {
    lock.lock();
    try {
      if (!reading.paused() || !moveTo(Nanos.sum(reading.time(), nanos))) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Moves the frozen time to a later wall time; does nothing if the time runs. */
  void update(long wall) {
    lock.lock();
    try {
      long nanos = reading.elapsedAt(wall);
      if (!reading.paused() || nanos <= reading.time() || !moveTo(nanos)) {
        return;
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** Moves the frozen time. Whether the runner must be woken. */
  private boolean moveTo(long time) {
    advanced = Nanos.sum(advanced, Nanos.sum(time, -reading.time()));
    reading = reading.movedTo(time);
    return frozenTimeNeedsRunner();
  }

  private boolean frozenTimeNeedsRunner() {
    if (wakeAt == AWAKE) {
      return false;
    }
    boolean due = wheel.isDue(reading.time());
    wakeAt = due ? AWAKE : reading.time();
    return due;
  }

  /* ------ Timers ------ */

  /**
   * Adds a timer.
   *
   * @param now the elapsed time of the clock, read before
   * @throws IllegalStateException if the clock is closed
   */
  void add(Timer timer, long now) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the clock is closed");
      }
      wheel.add(timer, now);
      if (timer.deadline > wakeAt) {
        return;
      }
      wakeAt = AWAKE;
    } finally {
      lock.unlock();
    }
    wake();
  }

  /** How many timers wait. */
  int waiting() {
    return wheel.size();
  }

  /** Takes a timer out; false if it runs, has run or has been taken out. */
  boolean cancel(Timer timer) {
    lock.lock();
    try {
      if (timer.slot == TimerWheel.NOWHERE) {
        return false;
      }
      wheel.remove(timer);
    } finally {
      lock.unlock();
    }
    timer.thunk = null;
    return true;
  }

  /** Drops all timers and lets the runner end. */
  void close() {
    lock.lock();
    try {
      closed = true;
      wheel.clear();
    } finally {
      lock.unlock();
    }
    runner.closed();
  }

  /* ------ Running timers; for the runner ------ */

  /** Called without the lock by whoever set AWAKE. */
  private void wake() {
    runner.wake();
  }

  /** The runner cannot run: the next timer wakes it again. */
  void runnerFailed() {
    lock.lock();
    try {
      wakeAt = Nanos.MAX;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out what is due into an empty batch, or says for how many nanoseconds to wait. The timers
   * of the batch before have run.
   */
  long takeDue(DueTimers batch) {
    lock.lock();
    try {
      noteRun(batch);
      ClockReading current = reading;
      long now = current.nanos();
      Timer due = wheel.take(now);
      if (due != null) {
        batch.fill(due);
        firing++;
        batches++;
        wakeAt = AWAKE;
        return 0;
      }
      if (current.paused() || wheel.isEmpty()) {
        wakeAt = current.paused() ? now : Nanos.MAX;
        return Long.MAX_VALUE;
      }
      wakeAt = wheel.earliest() - 1;
      return wheel.next() - now;
    } finally {
      lock.unlock();
    }
  }

  /** The timers of a batch have all run. */
  void haveRun(DueTimers batch) {
    lock.lock();
    try {
      noteRun(batch);
    } finally {
      lock.unlock();
    }
  }

  private void noteRun(DueTimers batch) {
    if (batch.counted) {
      batch.counted = false;
      firing--;
    }
  }

  /** Moves what is left of a batch to one that another thread runs at the same time. */
  void split(DueTimers batch, DueTimers rest) {
    lock.lock();
    try {
      rest.fill(batch.takeAll());
      firing++;
    } finally {
      lock.unlock();
    }
  }

  /** Takes out the one timer that is due first; null if none is due. */
  Timer takeFirst() {
    lock.lock();
    try {
      return wheel.takeFirst(reading.nanos());
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many nanoseconds until the first timer is due, 0 if one is due; -1 if there is none. The
   * runner is woken when a timer is added that is due sooner.
   */
  long untilFirst() {
    lock.lock();
    try {
      if (wheel.isEmpty()) {
        wakeAt = Nanos.MAX;
        return -1;
      }
      long first = wheel.firstDeadline();
      wakeAt = first - 1;
      return Math.max(0, Nanos.sum(first, -reading.nanos()));
    } finally {
      lock.unlock();
    }
  }

  /** How often due timers were taken out; -1 if some are due or running. */
  long quietBatches() {
    lock.lock();
    try {
      return firing > 0 || wheel.isDue(reading.nanos()) ? -1 : batches;
    } finally {
      lock.unlock();
    }
  }
}
