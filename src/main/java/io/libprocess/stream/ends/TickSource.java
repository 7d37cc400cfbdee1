package io.libprocess.stream.ends;

import io.libprocess.internal.Saturating;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A source that sends the numbers of ticks, from 0 on; those not requested in time are left out.
 */
public final class TickSource extends Emitter<Long> {

  private final long interval; // Nanoseconds.
  private final AtomicLong due = new AtomicLong(); // Ticks that have passed.

  private volatile Timer timer; // Null before the first request.

  // Used only by the loop.
  private long origin;
  private long handled; // Ticks that were sent or left out.

  /** Makes a source with an interval. */
  public TickSource(Run<?> run, Downstream<? super Long> down, Duration interval) {
    super(run, down);
    this.interval = Saturating.nanos(interval);
  }

  /** Begins; time is measured from the first request. */
  public void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    Timer running = timer;
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  protected void step() {
    if (timer == null) {
      if (!mayEmit()) {
        return;
      }
      origin = run().clock().nanoTime();
      await(1);
    }
    long passed = due.get();
    if (passed == handled) {
      return;
    }
    while (handled < passed) {
      long tick = handled++;
      if (claim()) {
        down.next(tick);
      }
    }
    await(passed + 1);
  }

  private void await(long tick) {
    long at = tick > Long.MAX_VALUE / interval ? Long.MAX_VALUE : tick * interval;
    long passed = run().clock().nanoTime() - origin;
    timer = run().clock().timer(Duration.ofNanos(Math.max(0, at - passed)), this::tick);
    if (isOver()) {
      timer.cancel();
    }
  }

  private void tick() {
    due.incrementAndGet();
    ask();
  }
}
