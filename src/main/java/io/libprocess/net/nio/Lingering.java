package io.libprocess.net.nio;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;

/**
 * The end of a channel that has said everything to a peer that has not: its input is read and
 * dropped until the peer closes too, but not for ever. All methods are the polling thread's.
 */
final class Lingering {

  /**
   * A peer that goes on sending is read, and not answered, for {@link #MOST_PERIODS} of these; one
   * that is silent for one.
   */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private static final int MOST_PERIODS = 5;

  /** How many bytes are read at most: most clients look for an answer when they have sent. */
  private static final long MOST_BYTES = 64 << 20;

  private final EventLoop loop;
  private final Runnable close;

  private long dropped; // Bytes.
  private int periods;
  private Timer timer; // Null before it begins.
  private boolean over;

  /**
   * Counts what is dropped; time runs from {@link #begin} on.
   *
   * @param close called on the polling thread when it has lasted too long
   */
  Lingering(EventLoop loop, Runnable close) {
    this.loop = loop;
    this.close = close;
  }

  /** Counts bytes that were read and dropped. */
  void dropped(int bytes) {
    dropped += bytes;
  }

  /** Whether more has been dropped than anybody should send. */
  boolean isTooMuch() {
    return dropped > MOST_BYTES;
  }

  boolean hasBegun() {
    return timer != null;
  }

  /** Begins to measure the time, because everything has been sent. */
  void begin() {
    long before = dropped;
    timer = Clock.current().timer(PERIOD, () -> loop.execute(() -> passed(before)));
  }

  private void passed(long before) {
    if (over) {
      return;
    }
    if (++periods == MOST_PERIODS || dropped == before) {
      close.run();
    } else {
      begin();
    }
  }

  /** The channel is closed. */
  void end() {
    over = true;
    if (timer != null) {
      timer.cancel();
    }
  }
}
