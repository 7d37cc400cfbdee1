package io.libprocess.net.nio;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;

/**
 * The end of a channel that has sent everything while its peer has not: its input is read and
 * dropped until the peer closes too, but not for ever. All methods are for the polling thread.
 */
final class Lingering {

  /**
   * A peer that goes on sending is read, and not answered, for {@link #MOST_PERIODS} of these; a
   * silent one for one.
   */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private static final int MOST_PERIODS = 5;

  /** How many bytes are read at most: most clients look for an answer only after sending. */
  private static final long MOST_BYTES = 64 << 20;

  private final EventLoop loop;
  private final Runnable close;

  private long dropped; // Bytes.
  private int periods;
  private Timer timer; // Null before it begins.
  private boolean over;

  /**
   * Makes a lingering end that counts dropped bytes; time runs from {@link #begin} on.
   *
   * @param close called on the polling thread when the end has lasted too long
   */
  Lingering(EventLoop loop, Runnable close) {
    this.loop = loop;
    this.close = close;
  }

  /** Counts bytes that were read and dropped. */
  void dropped(int bytes) {
    dropped += bytes;
  }

  /** Whether too much has been dropped. */
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

  /** Stops the time, because the channel is closed. */
  void end() {
    over = true;
    if (timer != null) {
      timer.cancel();
    }
  }
}
