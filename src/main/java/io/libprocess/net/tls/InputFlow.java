package io.libprocess.net.tls;

import io.libprocess.net.Transport;

/**
 * The decision whether a raw channel is read: not while the handler above has paused it, nor while
 * a task of the handshake runs. The lock of this object guards the reasons together with the call
 * of the raw channel, since otherwise an older decision could come last; it is taken before those
 * of the raw channel.
 */
final class InputFlow {

  private final Transport.Channel raw;
  private volatile boolean paused; // By the handler. Written under the lock.
  private boolean taskRuns; // Written under the lock by the polling thread, which alone reads it.

  InputFlow(Transport.Channel raw) {
    this.raw = raw;
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether a task runs; for the polling thread. */
  boolean taskRuns() {
    return taskRuns;
  }

  synchronized void pause() {
    paused = true;
    follow();
  }

  /** Resumes, and returns whether the channel was paused. */
  synchronized boolean resume() {
    boolean was = paused;
    paused = false;
    if (was) {
      follow();
    }
    return was;
  }

  /** Notes whether a task runs; for the polling thread. */
  synchronized void setTaskRuns(boolean runs) {
    taskRuns = runs;
    follow();
  }

  private void follow() {
    if (paused || taskRuns) {
      raw.pause();
    } else {
      raw.resume();
    }
  }
}
