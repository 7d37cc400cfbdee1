package io.libprocess.context;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.ContextSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The values that belong to the request being worked on, by their keys. Immutable. One context is
 * current on each thread, at first the empty one; it is changed for the duration of a call only,
 * and there is no other way to set it:
 *
 * <pre>{@code
 * Future<Reply> reply = Context.with(USER, user, () -> service.apply(request));
 * ...
 * Optional<User> user = USER.current(); // In whatever the service does, on whatever thread.
 * }</pre>
 */
public final class Context {

  private static final Object[] NONE = {};
  private static final Context EMPTY = new Context(NONE);

  /** A key, its value, the next key and so on; each key once, compared by identity. */
  private final Object[] entries;

  private Context(Object[] entries) {
    this.entries = entries;
  }

  /**
   * A body of code that runs in a context.
   *
   * @param <R> the type of the result
   * @param <X> what it may throw; no checked exception if it declares none
   */
  @FunctionalInterface
  public interface Body<R, X extends Throwable> {

    /**
     * Does it.
     *
     * @throws X anything, which comes out of the call that sets the context
     */
    R call() throws X;
  }

  /** The context that is current on the calling thread. */
  public static Context current() {
    Object context = ContextSlot.get();
    return context == null ? EMPTY : (Context) context;
  }

  /** The context without values. */
  public static Context empty() {
    return EMPTY;
  }

  /**
   * Does something in the current context with one more value, which takes the place of another one
   * of that key; afterwards, also if it throws, the context is what it was before.
   *
   * @return what the body returns
   * @throws X what the body throws
   */
  public static <T, R, X extends Throwable> R with(ContextKey<T> key, T value, Body<R, X> body)
      throws X {
    return current().with(key, value).call(body);
  }

  /**
   * Does something in the current context without the value of a key.
   *
   * @return what the body returns
   * @throws X what the body throws
   */
  public static <R, X extends Throwable> R clear(ContextKey<?> key, Body<R, X> body) throws X {
    return current().without(key).call(body);
  }

  /* ---------------- Values ---------------- */

  /** Whether there are no values. */
  public boolean isEmpty() {
    return entries.length == 0;
  }

  /** The value of a key. */
  @SuppressWarnings("unchecked") // A value is stored with a key of its type.
  public <T> Optional<T> get(ContextKey<T> key) {
    int at = indexOf(requireNonNull(key, "key"));
    return at < 0 ? Optional.empty() : Optional.of((T) entries[at + 1]);
  }

  /** The keys that have a value. */
  public List<ContextKey<?>> keys() {
    List<ContextKey<?>> keys = new ArrayList<>(entries.length / 2);
    for (int i = 0; i < entries.length; i += 2) {
      keys.add((ContextKey<?>) entries[i]);
    }
    return keys;
  }

  /** This context with one more value, which takes the place of another one of that key. */
  public <T> Context with(ContextKey<T> key, T value) {
    requireNonNull(value, "value");
    int at = indexOf(requireNonNull(key, "key"));
    boolean isNew = at < 0;
    int place = isNew ? entries.length : at;
    Object[] changed = Arrays.copyOf(entries, isNew ? place + 2 : entries.length);
    changed[place] = key;
    changed[place + 1] = value;
    return new Context(changed);
  }

  /** This context without the value of a key. */
  public Context without(ContextKey<?> key) {
    int at = indexOf(requireNonNull(key, "key"));
    if (at < 0) {
      return this;
    }
    if (entries.length == 2) {
      return EMPTY;
    }
    Object[] changed = new Object[entries.length - 2];
    System.arraycopy(entries, 0, changed, 0, at);
    System.arraycopy(entries, at + 2, changed, at, changed.length - at);
    return new Context(changed);
  }

  private int indexOf(ContextKey<?> key) {
    for (int i = 0; i < entries.length; i += 2) {
      if (entries[i] == key) {
        return i;
      }
    }
    return -1;
  }

  /* ---------------- Scope ---------------- */

  /**
   * Does something in this context, in place of the current one.
   *
   * @return what the body returns
   * @throws X what the body throws
   */
  public <R, X extends Throwable> R call(Body<R, X> body) throws X {
    Object outer = ContextSlot.enter(slot());
    try {
      return body.call();
    } finally {
      ContextSlot.exit(outer);
    }
  }

  /** Runs something in this context, in place of the current one. */
  public void run(Runnable body) {
    Object outer = ContextSlot.enter(slot());
    try {
      body.run();
    } finally {
      ContextSlot.exit(outer);
    }
  }

  /**
   * A task that runs another one in this context, on whatever thread: for executors of the JDK and
   * of other libraries. Those of this library do so of themselves.
   */
  public Runnable bind(Runnable task) {
    requireNonNull(task, "task");
    return () -> run(task);
  }

  private Object slot() {
    return isEmpty() ? null : this;
  }

  /** The names of the keys; values may be secret. */
  @Override
  public String toString() {
    return "Context" + keys();
  }
}
