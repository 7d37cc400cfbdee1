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
 *   <li>After a cancel that was called inside a signal no further signals come. After a cancel from
 *       elsewhere, elements that were on their way may still come, and are dropped by the stage
 *       that gets them.
 *   <li>An element belongs to the stage to which {@code next} passes it: that stage passes it on,
 *       or {@linkplain Elements#release releases} it.
 *   <li>No method throws because of its input. If an error such as {@code OutOfMemoryError} comes
 *       out nevertheless, the {@link Emitter} that signalled cancels its upstream and fails its
 *       downstream.
 *   <li>{@code complete} and {@code fail} do not call the upstream.
 * </ul>
 *
 * <p>A class rather than an interface, because calls are cheaper that way if there are many stages.
 *
 * @param <T> the type of the elements
 */
public abstract class Downstream<T> {

  /** For subclasses. */
  protected Downstream() {}

  /**
   * Whether elements may be chunks that are {@linkplain io.libprocess.stream.FileRegion parts of
   * files}, because their receiver does not look at the bytes but hands them to the system. The
   * value never changes.
   */
  public boolean takesFileRegions() {
    return false;
  }

  /** Begins with the upstream; may request from it at once, as its last action. */
  public abstract void begin(Upstream up);

  /** Receives the next element. */
  public abstract void next(T element);

  /** Receives the end: there will be no more elements. */
  public abstract void complete();

  /** Receives a failure of the source or of a stage in between: there will be no more elements. */
  public abstract void fail(Throwable failure);
}
