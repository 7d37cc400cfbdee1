package io.libprocess.remote.links;

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
public final class RecentEnds {

  private static final int MOST = 512;
  private static final int LONGEST = 1024;

  /**
   * An end.
   *
   * @param ago how long ago it was, in nanoseconds
   * @param encoded see {@link LinkEnd#encode}
   */
  public record Ended(long ago, byte[] encoded) {}

  private volatile boolean all;

  private final LocalProcess[] processes = new LocalProcess[MOST];
  private final String[] ids = new String[MOST];
  private final long[] times = new long[MOST];
  private final byte[][] ends = new byte[MOST][]; // Encoded, so that a cause is not kept.
  private int next;

  /** Remembers all ends from now on. */
  public void wantAll() {
    if (!all) {
      all = true;
    }
  }

  /** Whether the end of a process is to be noted. */
  public boolean wants(LocalProcess process) {
    return all || process.isNamed();
  }

  /** Notes the end of a process at a time in nanoseconds of the clock. */
  public synchronized void add(LocalProcess process, LinkEnd end, long now) {
    String id = process.name().id();
    byte[] encoded = end.encode();
    processes[next] = process;
    ids[next] = id;
    times[next] = now;
    ends[next] = encoded.length > LONGEST ? Arrays.copyOf(encoded, LONGEST) : encoded;
    next = (next + 1) % MOST;
  }

  /** Whether the end of a process has been noted and is remembered. */
  public synchronized boolean has(LocalProcess process) {
    for (LocalProcess ended : processes) {
      if (ended == process) {
        return true;
      }
    }
    return false;
  }

  /** How the last process with an id ended that is remembered. */
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
