package io.libprocess.sync;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.internal.StackReserve;
import java.util.HashMap;
import java.util.Map;

/**
 * A state that changes by declared steps only, and those who wait for a state. Usually {@code S} is
 * an enum; states are compared with {@code equals}. All methods may be called from any thread
 * (libprocess's is for use inside one process).
 *
 * @param <S> the type of the states
 */
public final class StateMachine<S> {

  /*
   * One lock guards the state and the map. A transition changes the state and takes the event of
   * the new state out under the lock; it gives the event, and runs the caller's function, without.
   * So whoever asks for a state either finds the machine in it or has a place in the next event.
   */

  private final Object lock = new Object();
  private final Map<S, OneShot> events = new HashMap<>(); // Of states that somebody waits for.
  private S state;

  /** Makes a machine in its first state. */
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
   * A future that is ready if this is the current state, else when it is entered next. Each call
   * makes a future of its own; discarding one makes it discarded and concerns no other.
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
   * Goes from one state to another. Those who wait for it are told inside this call.
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
   * Takes a step as the other method does, and fails with {@code Invalid current state} if the step
   * is refused.
   */
  public <R> Future<R> transition(S from, S to, CheckedSupplier<Future<R>> function) {
    return transition(from, to, "Invalid current state", function);
  }

  /**
   * Goes from one state to another, tells those who wait for it, and then runs a function. The
   * result is the future that the function returns; the state stays changed whatever becomes of it.
   *
   * @param message what the result fails with if the current state is not {@code from}: a {@link
   *     Failure}; the function does not run then
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
