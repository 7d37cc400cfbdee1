package io.libprocess.internal.scheduler;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A list of the objects that the watchdogs of all schedulers check in addition to their own
 * workers, such as the thread of a clock, which may serve several nodes. All methods may be called
 * from any thread.
 *
 * <p>References are weak: what is left alone without being removed, such as a node of a simulated
 * host that has failed, is not kept.
 */
public final class WatchList {

  private static final List<Reference<Watched>> ALL = new CopyOnWriteArrayList<>();

  private WatchList() {}

  /** An object that user code may hold up. */
  public interface Watched {

    /**
     * Checks whether it has been held up for too long. Called about every second, or more often, by
     * one or more threads; must not block.
     *
     * @param now the time as {@link System#nanoTime} counts it
     */
    void look(long now);
  }

  /** Adds an object to be checked; once is enough. */
  public static void add(Watched watched) {
    remove(watched);
    ALL.add(new WeakReference<>(watched));
  }

  /** Removes an object. */
  public static void remove(Watched watched) {
    ALL.removeIf(one -> one.refersTo(watched) || one.refersTo(null));
  }

  /** Checks all objects. */
  static void look(long now) {
    for (Reference<Watched> one : ALL) {
      Watched watched = one.get();
      if (watched != null) {
        watched.look(now);
      }
    }
  }
}
