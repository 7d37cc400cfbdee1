package io.libprocess.internal;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the failures that nobody takes notice of: futures that failed while nothing waited for
 * them, and that became garbage before anybody looked at them. A successful future costs nothing: a
 * reference is made only for one that fails in this way, and dropped at the first look.
 *
 * <p>Nothing is watched before the first {@link #report}, which some thread has to call now and
 * then; a simulation has no such thread, because it must not depend on the garbage collector. Any
 * thread may use this.
 */
public final class FailureWatch {

  /** How many failures may be watched at a time; those beyond that are not watched. */
  private static final int MOST = 10_000;

  /** The side that completes a future, and is told that nobody has noticed its failure. */
  public interface Origin {

    /** The watch that is used. */
    FailureWatch watch();

    /**
     * Takes a failure that nobody looked at; {@code what} says which of the origin's works it was.
     */
    void ignored(Object what, Throwable failure);
  }

  /** Completes promises, which packages above define. */
  public interface Promises {

    /** Makes a promise failed; see {@link FailureWatch#fail}. */
    boolean fail(Object promise, Throwable failure, Origin origin, Object what);

    /** Associates a promise with a future; see {@link FailureWatch#associate}. */
    boolean associate(Object promise, Object source, Origin origin, Object what);
  }

  /** A failure that nobody has looked at. */
  public static final class Unseen extends PhantomReference<Object> {

    private final FailureWatch watch;
    private final Origin origin;
    private final Object what;
    private final Throwable failure;

    private Unseen(
        FailureWatch watch, Object future, Origin origin, Object what, Throwable failure) {
      super(future, watch.collected);
      this.watch = watch;
      this.origin = origin;
      this.what = what;
      this.failure = failure;
    }

    /** Ends the watch, because somebody looks. */
    public void seen() {
      clear();
      watch.unseen.remove(this);
    }
  }

  private static volatile Promises promises; // Given when the class of promises is initialized.

  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();
  private final Set<Unseen> unseen = ConcurrentHashMap.newKeySet(); // Or they would be garbage too.
  private volatile boolean watching;

  /** Makes a watch that does not watch yet. */
  public FailureWatch() {}

  /** Registers the implementation. */
  public static void give(Promises given) {
    promises = given;
  }

  /**
   * Makes a promise failed, and tells {@code origin} if nobody takes notice.
   *
   * @return whether this call completed the future
   */
  public static boolean fail(Object promise, Throwable failure, Origin origin, Object what) {
    return promises.fail(promise, failure, origin, what);
  }

  /**
   * Gives the future of a promise the outcome of another one, and tells {@code origin} if that is a
   * failure of which nobody takes notice.
   *
   * @return true the first time, if the future is pending
   */
  public static boolean associate(Object promise, Object source, Origin origin, Object what) {
    return promises.associate(promise, source, origin, what);
  }

  /** Begins to watch a future that fails; null if it is not watched. */
  public Unseen watch(Object future, Origin origin, Object what, Throwable failure) {
    if (!watching || unseen.size() >= MOST) {
      return null;
    }
    Unseen made = new Unseen(this, future, origin, what, failure);
    unseen.add(made);
    return made;
  }

  /** Tells the origins of futures that have become garbage meanwhile. */
  public void report() {
    watching = true;
    for (Reference<?> one = collected.poll(); one != null; one = collected.poll()) {
      Unseen garbage = (Unseen) one;
      if (unseen.remove(garbage)) {
        garbage.origin.ignored(garbage.what, garbage.failure);
      }
    }
  }
}
