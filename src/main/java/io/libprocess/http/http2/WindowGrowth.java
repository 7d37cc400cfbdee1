package io.libprocess.http.http2;

import io.libprocess.http.http2.frame.FrameWriter;
import io.libprocess.http.http2.frame.PeerSettings;
import java.util.function.LongSupplier;

/**
 * The windows of what the peer sends on one connection. Used by the thread that works on it.
 *
 * <p>The window of the connection is credited when DATA arrives, padding included: it bounds what
 * is on its way, is the same for fast and slow readers, and nothing can leak a part of it. The
 * windows of streams are credited by their owner when the reader of a body takes a piece.
 *
 * <p><b>Growth.</b> A ping measures how much arrives in a round trip. If that is much of a window,
 * and faster than before, then the window was what held the peer back: streams whose readers keep
 * up get larger ones, as long as the budget of the connection lasts: four times as large while what
 * arrives grows with the window, as on a long path, and twice as large when it is only somewhat
 * faster. As half of a window is announced at a time, a peer that sends all it may sends between a
 * half and all of it in a round trip. There is one ping at a time, only after much data, a tenth of
 * a second apart, and ever more seldom while nothing grows: some peers count pings as abuse.
 */
public final class WindowGrowth {

  /** The content of the pings that measure. */
  public static final long MEASURE = 0x67726F77L; // "grow"

  private static final long SHORTEST_PAUSE = 100; // From one ping to the next, in milliseconds.
  private static final long LONGEST_PAUSE = 10_000;
  private static final long NANOS = 1_000_000; // Of a millisecond.
  private static final double MUCH_FASTER = 1.5; // Than ever before: the window is far too small.
  private static final long SLOW = 1000; // When a reader that is behind counts as slow.

  private final FrameWriter writer;
  private final LongSupplier nanoTime;
  private final int initial; // The size of the window of a new stream.
  private final int most;
  private final int budget;
  private final ReceiveWindow connection = new ReceiveWindow(PeerSettings.INITIAL_WINDOW);

  private int target;
  private int grown; // By how much all windows together are larger than the initial ones.
  private boolean measures; // A ping is on its way.
  private long arrived; // Bytes since the ping that is on its way.
  private long sinceAnswer; // Bytes since the last ping's answer: there is none for a few bytes.
  private long pingedAt; // In nanoseconds.
  private long nextPing = Long.MIN_VALUE; // In milliseconds.
  private long pause = SHORTEST_PAUSE;
  private double bestRate; // In bytes in a millisecond.

  /**
   * Makes the windows of a connection that has none but the initial ones.
   *
   * @param nanoTime the clock's elapsed time
   * @param initial the window of a new stream
   * @param most the largest window of a stream
   * @param budget by how much all windows together may grow
   */
  public WindowGrowth(
      FrameWriter writer, LongSupplier nanoTime, int initial, int most, int budget) {
    this.writer = writer;
    this.nanoTime = nanoTime;
    this.initial = initial;
    this.most = most;
    this.budget = budget;
    this.target = initial;
  }

  /** Opens the window of the connection. */
  public void begin(long window) {
    connection.resize((int) Math.min(window, Integer.MAX_VALUE));
    writer.windowUpdate(0, connection.update());
  }

  private long now() {
    return nanoTime.getAsLong() / NANOS;
  }

  /* ------ Arriving ------ */

  /** Counts DATA; false if it is beyond the window of the connection. */
  public boolean receive(int octets) {
    if (!connection.receive(octets)) {
      return false;
    }
    connection.take(octets);
    int update = connection.update();
    if (update > 0) {
      writer.windowUpdate(0, update);
    }
    arrived += octets;
    sinceAnswer += octets;
    if (!measures && sinceAnswer >= target / 2 && target < most && now() >= nextPing) {
      measures = true;
      arrived = octets;
      pingedAt = nanoTime.getAsLong();
      writer.ping(MEASURE, false);
    }
    return true;
  }

  /** Notes that the peer has answered a ping that measures. */
  public void measured() {
    if (!measures) {
      return;
    }
    measures = false;
    sinceAnswer = 0; // The next ping is for data sent through the larger window.
    double millis = Math.max(1, nanoTime.getAsLong() - pingedAt) / (double) NANOS;
    double rate = arrived / millis;
    if (arrived >= target / 5 * 2 && rate > bestRate) {
      long factor = bestRate > 0 && rate >= MUCH_FASTER * bestRate ? 4 : 2;
      bestRate = rate;
      target = (int) Math.min(most, factor * target);
      pause = SHORTEST_PAUSE;
    } else {
      pause = Math.min(LONGEST_PAUSE, 2 * pause);
    }
    nextPing = pingedAt / NANOS + pause; // From its beginning, so not the later on a long path.
  }

  /* ------ Streams ------ */

  /**
   * Makes the window of a stream larger if its reader keeps up.
   *
   * @param unread the bytes that its reader has not taken
   * @return whether it has grown
   */
  public boolean grow(OpenStream stream, long unread) {
    int size = stream.receive.size();
    if (size >= target || unread > size / 4 || stream.leftToCome() <= stream.receive.open()) {
      return false;
    }
    int more = Math.min(target - size, budget - grown);
    if (more <= 0) {
      return false;
    }
    grown += more;
    stream.receive.resize(size + more);
    return true;
  }

  /** Takes the growth of a window back if the reader is far behind for some time. */
  public void shrink(OpenStream stream, long unread) {
    int size = stream.receive.size();
    if (size <= initial || unread < size / 4 * 3) {
      stream.behindSince = 0;
    } else if (stream.behindSince == 0) {
      stream.behindSince = now();
    } else if (now() - stream.behindSince >= SLOW) {
      reset(stream);
      stream.behindSince = 0;
    }
  }

  /** Takes the growth of a window back. Idempotent. */
  public void reset(OpenStream stream) {
    int size = stream.receive.size();
    if (size > initial) {
      grown -= size - initial;
      stream.receive.resize(initial);
    }
  }
}
