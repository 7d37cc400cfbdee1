package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.StackReserve;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * One of several handles on an object, through each of which it may be changed. {@link #share}
 * turns the object into one that handles only read; {@link #release} takes it out. Either works
 * once: the first caller gets the object, and the other handles become useless.
 *
 * <p>A handle is given up by {@link #close}; when the last one is closed, the object is passed to
 * the function that was given for this purpose, if any. Handles are equal if they are copies of one
 * another. All methods may be called from any thread; the object must provide its own thread
 * safety.
 *
 * @param <T> the type of the object
 */
public final class Owned<T> implements AutoCloseable {

  /** The state that all copies share. */
  private static final class Cell<T> {
    final AtomicReference<Ownership<T>> content; // Null once it has been taken.
    final AtomicInteger handles = new AtomicInteger(1);

    Cell(Ownership<T> ownership) {
      content = new AtomicReference<>(ownership);
    }

    void drop() {
      if (handles.decrementAndGet() == 0) {
        Ownership<T> last = content.getAndSet(null);
        if (last != null) {
          last.end();
        }
      }
    }
  }

  private final Cell<T> cell; // Kept for equality.
  private final AtomicReference<Cell<T>> handle; // The cell, or null: this handle is empty.

  /** Makes an empty handle. */
  public Owned() {
    this((Cell<T>) null);
  }

  /** Makes the first handle on an object. */
  public Owned(T object) {
    this(object, unused -> {});
  }

  /**
   * Makes the first handle on an object that needs cleanup.
   *
   * @param end called when the last handle on the object is closed, as an owner or after it was
   *     shared, on the thread that closes it; not if the object is released
   */
  public Owned(T object, Consumer<? super T> end) {
    this(new Ownership<>(requireNonNull(object, "object"), requireNonNull(end, "end")));
  }

  Owned(Ownership<T> ownership) {
    this(new Cell<>(ownership));
  }

  private Owned(Cell<T> cell) {
    this.cell = cell;
    this.handle = new AtomicReference<>(cell);
  }

  /**
   * The object.
   *
   * @throws IllegalStateException if this handle is empty, or another one shared or released the
   *     object
   */
  public T get() {
    Cell<T> open = handle.get();
    if (open == null) {
      throw new IllegalStateException("the handle is empty");
    }
    Ownership<T> ownership = open.content.get();
    if (ownership == null) {
      throw new IllegalStateException("the object was shared or released through another handle");
    }
    return ownership.object();
  }

  /**
   * Whether this handle is empty: made so, closed, or the handle that shared or released the
   * object.
   */
  public boolean isEmpty() {
    return handle.get() == null;
  }

  /** Another handle on the same object; an empty one if this is empty. */
  public Owned<T> copy() {
    Cell<T> open = handle.get();
    if (open == null) {
      return new Owned<>();
    }
    StackReserve.check();
    Owned<T> copy = new Owned<>(open); // Made before it is counted, so that no count is left over.
    int handles = open.handles.get();
    while (handles > 0 && !open.handles.compareAndSet(handles, handles + 1)) {
      handles = open.handles.get();
    }
    return handles > 0 ? copy : new Owned<>(); // Another thread closed this meanwhile.
  }

  /**
   * Gives the object away for reading, and empties this handle.
   *
   * @return an empty handle if this is empty, or another handle was first
   */
  public Shared<T> share() {
    Ownership<T> taken = take();
    return taken == null ? new Shared<>() : new Shared<>(taken);
  }

  /**
   * Takes the object out, and empties this handle. From then on the object belongs to the caller.
   *
   * @return nothing if this is empty, or another handle was first
   */
  public Optional<T> release() {
    Ownership<T> taken = take();
    return taken == null ? Optional.empty() : Optional.of(taken.object());
  }

  private Ownership<T> take() {
    StackReserve.checkForOperation();
    Cell<T> open = handle.get();
    Ownership<T> taken = open == null ? null : open.content.getAndSet(null);
    if (taken != null) {
      drop();
    }
    return taken;
  }

  /** Empties this handle. Idempotent. (libprocess: {@code reset}.) */
  @Override
  public void close() {
    StackReserve.checkForOperation();
    drop();
  }

  private void drop() {
    Cell<T> open = handle.getAndSet(null);
    if (open != null) {
      open.drop();
    }
  }

  /**
   * Whether the other handle is a copy of this one, closed or not. Handles that were made empty are
   * all equal.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Owned<?> owned && owned.cell == cell;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(cell);
  }
}
