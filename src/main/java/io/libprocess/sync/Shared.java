package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.internal.StackReserve;

/**
 * One of several handles on an object, through which it is only read. Java cannot enforce the
 * reading: let {@code T} be an interface that offers nothing else. A holder that wants to change
 * the object asks for it with {@link #own} and gets it when all other handles are closed.
 *
 * <p>A handle is given up by {@link #close}. Handles are equal if they are copies of one another.
 * All methods may be called from any thread.
 *
 * @param <T> the type of the object
 */
public final class Shared<T> implements AutoCloseable {

  /**
   * The state that all copies share. Its monitor guards its fields, and whether each of its handles
   * is open; no future is completed and no object cleaned up under it.
   */
  private static final class Cell<T> {
    final Ownership<T> ownership;
    final Promise<Owned<T>> owner = new Promise<>();
    int handles = 1;
    boolean claimed;

    Cell(Ownership<T> ownership) {
      this.ownership = ownership;
    }

    /** Called without the monitor by the thread that closed the last handle. */
    void end() {
      if (claimed) {
        owner.set(new Owned<>(ownership));
      } else {
        ownership.end();
      }
    }
  }

  private final Cell<T> cell; // Null in a handle made empty.
  private volatile boolean open; // Written under the cell's monitor.

  /** Makes an empty handle. */
  public Shared() {
    this((Cell<T>) null);
  }

  /** Makes the first handle on an object. */
  public Shared(T object) {
    this(new Ownership<>(requireNonNull(object, "object"), unused -> {}));
  }

  Shared(Ownership<T> ownership) {
    this(new Cell<>(ownership));
  }

  private Shared(Cell<T> cell) {
    this.cell = cell;
    this.open = cell != null;
  }

  /**
   * The object.
   *
   * @throws IllegalStateException if this handle is empty
   */
  public T get() {
    if (!open) {
      throw new IllegalStateException("the handle is empty");
    }
    return cell.ownership.object();
  }

  /** Whether this handle is empty: made so, closed, or the handle that asked to own the object. */
  public boolean isEmpty() {
    return !open;
  }

  /** Whether this is the only handle on the object; false for an empty handle. */
  public boolean isUnique() {
    if (!open) {
      return false;
    }
    synchronized (cell) {
      return open && cell.handles == 1;
    }
  }

  /** Another handle on the same object; an empty one if this is empty. */
  public Shared<T> copy() {
    if (!open) {
      return new Shared<>();
    }
    StackReserve.check();
    // Made before it is counted, so that no count is left over.
    Shared<T> copy = new Shared<>(cell);
    synchronized (cell) {
      if (!open) {
        return new Shared<>();
      }
      cell.handles++;
      return copy;
    }
  }

  /**
   * Asks for the object, in order to change it, and empties this handle. The future is ready when
   * all other handles are closed, on the thread that closes the last one. Only the first caller
   * gets the object: for any other the result fails at once with {@code Ownership has already been
   * transferred}, and its handle stays open and must be closed. Discarding the result changes
   * nothing.
   *
   * @return an empty owner if this handle is empty
   */
  public Future<Owned<T>> own() {
    if (!open) {
      return Future.of(new Owned<>());
    }
    StackReserve.checkForOperation();
    boolean last;
    synchronized (cell) {
      if (!open) {
        return Future.of(new Owned<>());
      }
      if (cell.claimed) {
        return Future.failed("Ownership has already been transferred");
      }
      cell.claimed = true;
      open = false;
      last = --cell.handles == 0;
    }
    if (last) {
      cell.end();
    }
    return cell.owner.future();
  }

  /** Empties this handle. Idempotent. (libprocess: {@code reset}.) */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    StackReserve.checkForOperation();
    boolean last;
    synchronized (cell) {
      if (!open) {
        return;
      }
      open = false;
      last = --cell.handles == 0;
    }
    if (last) {
      cell.end();
    }
  }

  /**
   * Whether the other handle is a copy of this one, closed or not. Handles that were made empty are
   * all equal.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Shared<?> shared && shared.cell == cell;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(cell);
  }
}
