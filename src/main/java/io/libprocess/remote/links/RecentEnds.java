package io.libprocess.remote.links;

import java.util.Arrays;
import java.util.Optional;

/**
 * A record of the processes that ended last, and of how they ended. The announcement of a link may
 * arrive when the linked process has already ended; the other node is then told how. A process that
 * was not given an id is recorded only once there has been a connection from another node: before
 * that its id cannot be known elsewhere, and there may be many such processes. Thread-safe.
 *
 * <p>It is a ring of fixed size, and texts are truncated, so its memory is bounded. All state is
 * guarded by this object's lock, except the flag whether all ends are recorded.
 */
public final class RecentEnds {

  private static final int MOST = 512;
  private static final int LONGEST = 1024;

  /**
   * A recorded end.
   *
   * @param ago the time since the end, in nanoseconds
   * @param encoded the end's form: see {@link LinkEnd#encode}
   */
  public record Ended(long ago, byte[] encoded) {}

  private volatile boolean all;

  private final LocalProcess[] processes = new LocalProcess[MOST];
  private final String[] ids = new String[MOST];
  private final long[] times = new long[MOST];
  private final byte[][] ends = new byte[MOST][]; // Encoded, so that a cause is not kept in memory.
  private int next;

  /** Records all ends from now on. */
  public void wantAll() {
    if (!all) {
      all = true;
    }
  }

  /** Whether the end of a process has to be recorded. */
  public boolean wants(LocalProcess process) {
    return all || process.isNamed();
  }

  /** Records the end of a process at a time in nanoseconds of the clock. */
  public synchronized void add(LocalProcess process, LinkEnd end, long now) {
    String id = process.name().id();
    byte[] encoded = end.encode();
    processes[next] = process;
    ids[next] = id;
    times[next] = now;
    ends[next] = encoded.length > LONGEST ? Arrays.copyOf(encoded, LONGEST) : encoded;
    next = (next + 1) % MOST;
  }

  /** Whether the end of a process has been recorded and is still remembered. */
  public synchronized boolean has(LocalProcess process) {
    for (LocalProcess ended : processes) {
      if (ended == process) {
        return true;
      }
    }
    return false;
  }

  /** The end of the last process with an id, if it is remembered. */
  public synchronized Optional<Ended> last(String id, long now) {
    for (int i = 1; i <= MOST; i++) {
      int at = (next - i + MOST) % MOST;
      if (ids[at] == null) {
        return Optional.empty();
      }
      if (ids[at].equals(id)) {
        return Optional.of(new Ended(now - times[at], ends[at]));
      }
    }
    return Optional.empty();
  }
}
