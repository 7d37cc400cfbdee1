package io.libprocess.stream.stage;

/**
 * Passes requests to one stage after another: what was requested and not produced by those before
 * goes to the next one. The lock guards the fields, but for {@code produced}, which is counted by
 * signals and used inside them; nothing is called under it. A request goes to the stage that is
 * there when it is added, and what was added before is requested by {@link #switchTo}: so each is
 * passed on once.
 */
public final class DemandSwitch implements Upstream {

  private long produced;

  // Guarded by this.
  private Upstream current; // Null between two.
  private long outstanding;
  private boolean invalid; // A request was not allowed, for the next stage to fail with.
  private boolean cancelled;
  private Throwable cause;

  /** One that passes to nobody yet. */
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

  /** Whether there is a stage to which requests go. */
  public synchronized boolean isOn() {
    return current != null;
  }

  /** Counts an element, inside its signal. */
  public void produced() {
    produced++;
  }

  /** Lets go of the stage, which has ended; called inside a signal. */
  public synchronized void off() {
    current = null;
  }

  /** Passes to another stage from now on, and what is open at once; called inside a signal. */
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
