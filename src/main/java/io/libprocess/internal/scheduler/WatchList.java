package io.libprocess.internal.scheduler;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the watchdogs of all schedulers look at beside their own workers, such as the thread of a
 * clock, which may serve several nodes. All methods may be called from any thread.
 */
public final class WatchList {

  private static final List<Watched> ALL = new CopyOnWriteArrayList<>();

  private WatchList() {}

  /** Something that may be held up by what a user does in it. */
  public interface Watched {

    /**
     * Looks whether something has been held up for too long. Called about every second, or more
     * often, by one or more threads; must not block.
     *
     * @param now as {@link System#nanoTime} counts
     */
    void look(long now);
  }

  /** Has something looked at from now on; once is enough. */
  public static void add(Watched watched) {
    if (!ALL.contains(watched)) {
      ALL.add(watched);
    }
  }

  /** Forgets something. */
  public static void remove(Watched watched) {
    ALL.remove(watched);
  }

  /** Looks at everything. */
  static void look(long now) {
    for (Watched watched : ALL) {
      watched.look(now);
    }
  }
}
