package io.libprocess.stream.stage;

/**
 * The side of a stage that receives. Its neighbour upstream signals it:
 *
 * <pre>{@code
 * begin  next*  (complete | fail)?
 * }</pre>
 *
 * <ul>
 *   <li>{@link #begin} comes first and once, inside {@link Source#start}.
 *   <li>Signals are serial: each happens-before the next one, on whatever threads. None is sent
 *       under a lock.
 *   <li>There are no more {@code next} than were requested. {@code complete} and {@code fail} need
 *       no request, and come at most once, and after all elements.
 *   <li>After a cancel that was called inside a signal nothing comes any more. After one from
 *       elsewhere what was on its way may still come, and is dropped by whoever gets it.
 *   <li>An element belongs to the stage that it was given to by {@code next}: it passes it on, or
 *       {@linkplain Elements#release releases} it.
 *   <li>No method throws because of what is received. If something like {@code OutOfMemoryError}
 *       comes out all the same, the {@link Emitter} that signalled cancels its upstream and fails
 *       its downstream.
 *   <li>{@code complete} and {@code fail} do not call the upstream.
 * </ul>
 *
 * <p>A class and not an interface, because a call costs less like this where stages are many.
 *
 * @param <T> the type of the elements
 */
public abstract class Downstream<T> {

  /** For subclasses. */
  protected Downstream() {}

  /**
   * Whether elements may be chunks that are {@linkplain io.libprocess.stream.FileRegion parts of
   * files}, because whoever gets them does not look at their bytes but hands them to the system.
   * The same at all times.
   */
  public boolean takesFileRegions() {
    return false;
  }

  /** Gets to know whom to ask; may ask at once, as the last thing it does. */
  public abstract void begin(Upstream up);

  /** The next element. */
  public abstract void next(T element);

  /** There will be no more elements. */
  public abstract void complete();

  /** The source, or a stage between, has failed: there will be no more elements. */
  public abstract void fail(Throwable failure);
}
