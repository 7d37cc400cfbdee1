package io.libprocess.stream.stage;

/**
 * Passes requests to one stage after another: the demand that earlier stages have not satisfied
 * goes to the next one. The lock guards the fields, except {@code produced}, which is counted and
 * used inside signals; nothing is called under it. A request goes to the stage that is current when
 * it is added, and earlier demand is requested by {@link #switchTo}: so each request is passed on
 * once.
 */
public final class DemandSwitch implements Upstream {

  private long produced;

  // Guarded by the monitor of this.
  private Upstream current; // Null between two stages.
  private long outstanding;
  private boolean invalid; // An illegal request was made; the next stage fails with it.
  private boolean cancelled;
  private Throwable cause;

  /** Makes a switch that passes requests to no stage yet. */
  public DemandSwitch() {}

  @Override
  public void request(long count) {
    Upstream to;
    synchronized (this) {
      if (count <= 0) {
        invalid = true;
      } else {
        long sum = outstanding + count;
        outstanding = sum < 0 ? UNBOUNDED : sum;
      }
      to = current;
    }
    if (to != null) {
      to.request(count);
    }
  }

  @Override
  public void cancel(Throwable why) {
    Upstream to;
    synchronized (this) {
      if (cancelled) {
        return;
      }
      cancelled = true;
      cause = why;
      to = current;
      current = null;
    }
    if (to != null) {
      to.cancel(why);
    }
  }

  /** Whether it was cancelled. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /** The reason of the cancel; null if there is none. */
  public synchronized Throwable cause() {
    return cause;
  }

  /** Whether there is a current stage. */
  public synchronized boolean isOn() {
    return current != null;
  }

  /** Counts an element, inside its signal. */
  public void produced() {
    produced++;
  }

  /** Drops the current stage, which has ended; called inside a signal. */
  public synchronized void off() {
    current = null;
  }

  /** Passes the open demand and all further requests to another stage; called inside a signal. */
  public void switchTo(Upstream next) {
    long count;
    boolean any;
    boolean over;
    synchronized (this) {
      if (outstanding != UNBOUNDED) {
        outstanding -= produced;
      }
      produced = 0;
      over = cancelled;
      current = over ? null : next;
      count = invalid ? 0 : outstanding;
      any = invalid || outstanding > 0;
    }
    if (over) {
      next.cancel(cause);
    } else if (any) {
      next.request(count);
    }
  }
}
