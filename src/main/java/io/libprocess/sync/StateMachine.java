package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import java.util.HashMap;
import java.util.Map;

/**
 * A state that changes only by explicit transitions, with futures that wait for a state. Usually
 * {@code S} is an enum; states are compared with {@code equals}. All methods may be called from any
 * thread (libprocess's is for use inside one process).
 *
 * @param <S> the type of the states
 */
public final class StateMachine<S> {

  /*
   * One lock guards the state and the map. A transition changes the state and takes the event of
   * the new state out under the lock; it lets the event happen, and runs the caller's function,
   * outside the lock. So a caller that waits for a state either finds the machine in it or waits
   * for its next event.
   */

  private final Object lock = new Object();
  private final Map<S, OneShot> events = new HashMap<>(); // Only states that are waited for.
  private S state;

  /** Makes a machine in an initial state. */
  public StateMachine(S initial) {
    this.state = requireNonNull(initial, "initial");
  }

  /** The current state. */
  public S state() {
    synchronized (lock) {
      return state;
    }
  }

  /** Whether this is the current state. */
  public boolean is(S state) {
    return state().equals(requireNonNull(state, "state"));
  }

  /**
   * A future that is ready at once if this is the current state, otherwise when the state is
   * entered next. Each call makes a new future; discarding one has no effect on the others.
   */
  public Future<Void> when(S state) {
    requireNonNull(state, "state");
    OneShot event;
    synchronized (lock) {
      if (this.state.equals(state)) {
        return Future.done();
      }
      event = events.computeIfAbsent(state, unused -> new OneShot());
    }
    return event.future();
  }

  /**
   * Goes from one state to another. The callbacks of those that wait for the new state run inside
   * this call.
   *
   * @return false if the current state is not {@code from}; nothing is changed then
   */
  public boolean transition(S from, S to) {
    requireNonNull(from, "from");
    requireNonNull(to, "to");
    StackReserve.checkForOperation();
    OneShot entered;
    synchronized (lock) {
      if (!state.equals(from)) {
        return false;
      }
      entered = events.remove(to);
      state = to;
    }
    if (entered != null) {
      entered.giveNow();
    }
    return true;
  }

  /**
   * Like {@link #transition(Object, Object, String, CheckedSupplier)}, with the message {@code
   * Invalid current state}.
   */
  public <R> Future<R> transition(S from, S to, CheckedSupplier<Future<R>> function) {
    return transition(from, to, "Invalid current state", function);
  }

  /**
   * Goes from one state to another, runs the callbacks of those that wait for the new state, and
   * then runs a function. The result is the future that the function returns; the state stays
   * changed whatever its outcome.
   *
   * @param message the message of the {@link Failure} with which the result fails if the current
   *     state is not {@code from}; the function does not run then
   */
  public <R> Future<R> transition(
      S from, S to, String message, CheckedSupplier<Future<R>> function) {
    requireNonNull(message, "message");
    requireNonNull(function, "function");
    if (!transition(from, to)) {
      return Future.failed(message);
    }
    try {
      return requireNonNull(function.get(), "the function returned null instead of a future");
    } catch (Throwable thrown) {
      return Future.failed(thrown);
    }
  }
}
