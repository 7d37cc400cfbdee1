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
  private final NioChannel channel;

  private long dropped; // Bytes.
  private int periods;
  private Timer timer; // Null before it begins.
  private boolean over;

  /** Makes the lingering end of a channel; time runs from {@link #begin} on. */
  Lingering(EventLoop loop, NioChannel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /** Counts bytes that were read and dropped; too many hold the peer up, or close the channel. */
  void dropped(int bytes) {
    dropped += bytes;
    if (!isTooMuch()) {
      return;
    }
    if (timer == null) {
      channel.pause(); // Until everything is sent.
    } else {
      channel.close();
    }
  }

  private boolean isTooMuch() {
    return dropped > MOST_BYTES;
  }

  /** Begins to measure the time, because everything has been sent; closes if nothing is to come. */
  void begin(boolean inputEnded) {
    if (inputEnded || isTooMuch()) {
      channel.close();
    } else {
      startTimer();
      channel.resume();
    }
  }

  private void startTimer() {
    long before = dropped;
    timer = Clock.current().timer(PERIOD, () -> loop.execute(() -> passed(before)));
  }

  private void passed(long before) {
    if (over) {
      return;
    }
    if (++periods == MOST_PERIODS || dropped == before) {
      channel.close();
    } else {
      startTimer();
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
