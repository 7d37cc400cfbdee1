package io.libprocess.remote;

import java.util.Arrays;
import java.util.Optional;

/**
 * How the processes ended that ended last. The announcement of a link may arrive when the linked
 * process has ended already; then the other node is told how. A process that was not given an id is
 * remembered only once there has been a connection from another node: nobody else can know its id,
 * and there may be many of them. For any thread.
 *
 * <p>It is a ring of fixed size, and a text is cut short, so what it keeps is bounded. All state is
 * guarded by this object's lock, but for the note whether all are wanted.
 */
final class RecentEnds {

  private static final int MOST = 512;
  private static final int LONGEST = 1024;

  /** How much later than the link an end may seem to be, because announcements take time. */
  private static final long SLACK_NANOS = 500_000_000;

  private volatile boolean all;

  private final String[] ids = new String[MOST];
  private final long[] times = new long[MOST];
  private final byte[][] ends = new byte[MOST][]; // Encoded, so that a cause is not kept.
  private int next;

  /** Remembers all ends from now on. */
  void wantAll() {
    if (!all) {
      all = true;
    }
  }

  /** Whether the end of a process is to be noted. */
  boolean wants(LocalProcess process) {
    return all || process.isNamed();
  }

  /** Notes the end of a process at a time in nanoseconds of the clock. */
  synchronized void add(String id, LinkEnd end, long now) {
    byte[] encoded = end.encode();
    ids[next] = id;
    times[next] = now;
    ends[next] = encoded.length > LONGEST ? Arrays.copyOf(encoded, LONGEST) : encoded;
    next = (next + 1) % MOST;
  }

  /**
   * How a process with an id ended after a link was made.
   *
   * @param age how long ago that was, in nanoseconds
   * @param replaced whether another process has the id, so that it matters not to confuse them
   */
  synchronized Optional<byte[]> endSince(String id, long age, long now, boolean replaced) {
    long most = replaced || age > Long.MAX_VALUE - SLACK_NANOS ? age : age + SLACK_NANOS;
    for (int i = 1; i <= ids.length; i++) {
      int at = (next - i + ids.length) % ids.length;
      if (ids[at] == null || now - times[at] > most) {
        return Optional.empty(); // All before are older.
      }
      if (ids[at].equals(id)) {
        return Optional.of(ends[at]);
      }
    }
    return Optional.empty();
  }
}
