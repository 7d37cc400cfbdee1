package io.libprocess.time;

import io.libprocess.internal.SendFlags;
import java.time.Instant;

/**
 * The time of one clock and the timers that wait for it, which its lock guards. All methods may be
 * called from any thread, except that the methods for the runner may be called only by the runner
 * of the timers.
 */
final class ClockState {

  /*
   * Lock. `lock` guards the wheel, the links of its timers and the fields marked as such. It is
   * held for a few instructions, or for as long as it takes to take out the timers that are due;
   * nothing waits, nothing is allocated and no user code runs under it. `reading` and `closed` are
   * written under it and read without it. A thread that starts a timer reads the time before taking
   * the lock: meanwhile the time can only have moved on, and then the timer is due sooner from now,
   * but never before its deadline.
   *
   * Waking. `wakeAt` is the latest deadline for which the runner must be woken. While the runner is
   * about to look for due timers, or runs some, `wakeAt` is AWAKE, below every deadline. Before it
   * waits, the runner sets `wakeAt` to just before the deadline it waits for, or to the frozen
   * time. A thread that adds a timer which is not later, or moves the time so that one is due, sets
   * AWAKE and then wakes the runner. Only the runner replaces AWAKE, after looking at the wheel
   * while holding the lock. So no wake-up is lost and none is given twice. A thread that was never
   * started counts as a waiting one. Cancelling does not wake the runner: the runner may look and
   * find nothing.
   */

  private static final long AWAKE = Long.MIN_VALUE;

  private final TimeSource source;
  private final long origin; // The elapsed time of a running clock that was never advanced
  private final long mark; // when the source's monotonic count was this.
  private final long wallOffset; // How far its wall time is from the source's.
  private final TimerRunner runner;
  private final ShortLock lock = new ShortLock();
  private final TimerWheel wheel; // Guarded by the lock.
  private volatile ClockReading reading; // Written under the lock.
  private volatile boolean closed; // Written under the lock.

  // Guarded by the lock.
  private long advanced; // Nanoseconds; it never decreases.
  private long wakeAt;
  private int firing; // How many batches of timers have been taken out but have not all run.
  private long batches; // How often timers have been taken out.

  /**
   * Makes a state whose time runs or, if {@code pausedAt} is not null, is paused at that moment.
   */
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

  /** Stops the time; does nothing if it is already stopped. */
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

  /** Moves the frozen time, and tells whether the runner must be woken. */
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
   * @param now the elapsed time of the clock, read before the call
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

  /** The number of timers that wait. */
  int waiting() {
    return wheel.size();
  }

  /** Takes out a timer; false if it runs, has run or has been taken out. */
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

  /** Wakes the runner. Called without the lock by the thread that set AWAKE. */
  private void wake() {
    runner.wake();
  }

  /** Records that the runner cannot run: the next timer wakes it again. */
  void runnerFailed() {
    lock.lock();
    try {
      wakeAt = Nanos.MAX;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the due timers out into an empty batch, or returns the nanoseconds to wait. The timers of
   * the batch before have run.
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

  /** Records that the timers of a batch have all run. */
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

  /** Moves the remaining timers of a batch to one that another thread runs at the same time. */
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
   * The nanoseconds until the first timer is due, 0 if one is due; -1 if there is none. The runner
   * is woken when a timer is added that is due sooner.
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

  /** How often due timers have been taken out; -1 if some are due or running. */
  long quietBatches() {
    lock.lock();
    try {
      return firing > 0 || wheel.isDue(reading.nanos()) ? -1 : batches;
    } finally {
      lock.unlock();
    }
  }
}
