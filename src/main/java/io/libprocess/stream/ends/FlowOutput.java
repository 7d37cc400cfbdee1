package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Log;
import io.libprocess.stream.stage.DemandSwitch;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Passes a stream's signals on to a subscriber, and is its subscription.
 *
 * <p>Requests that the subscriber makes inside {@code onSubscribe} are passed on when that has
 * returned, and an end that arrives meanwhile waits for it too: so signals are serial (rule 1.3).
 * {@code state} tells how far the subscription is; the thread that moves it to ENDED sends the end
 * or passes on the cancel. After that there is no reference to the subscriber (rule 3.13).
 *
 * @param <T> the type of the elements
 */
public final class FlowOutput<T> extends Downstream<T> implements Flow.Subscription {

  private enum State {
    SUBSCRIBING,
    ENDED_EARLY, // The stream has ended; the subscriber is notified later.
    OPEN,
    ENDED
  }

  private final Run<Void> run;
  private final AtomicReference<State> state = new AtomicReference<>(State.SUBSCRIBING);
  private final DemandSwitch early = new DemandSwitch(); // For requests inside onSubscribe.
  private volatile Flow.Subscriber<? super T> subscriber; // Null after the end.
  private Upstream up;
  private Throwable failure; // Null if the stream has completed; written before the state.

  /** Makes a subscription for a subscriber. */
  public FlowOutput(Run<Void> run, Flow.Subscriber<? super T> subscriber) {
    this.run = run;
    this.subscriber = requireNonNull(subscriber, "subscriber");
  }

  /* ------ From the stream ------ */

  @Override
  public void begin(Upstream upstream) {
    up = upstream;
    try {
      subscriber.onSubscribe(this);
    } catch (Throwable thrown) {
      broken(thrown);
      return;
    }
    if (state.compareAndSet(State.SUBSCRIBING, State.OPEN)) {
      early.switchTo(upstream);
    } else if (state.compareAndSet(State.ENDED_EARLY, State.ENDED)) {
      tellEnd();
    }
  }

  @Override
  public void next(T element) {
    Flow.Subscriber<? super T> to = subscriber;
    if (to == null) {
      Elements.release(element);
      return;
    }
    try {
      to.onNext(element);
    } catch (Throwable thrown) {
      broken(thrown);
    }
  }

  @Override
  public void complete() {
    end(null);
  }

  @Override
  public void fail(Throwable thrown) {
    end(thrown);
  }

  private void end(Throwable thrown) {
    failure = thrown;
    if (state.compareAndSet(State.OPEN, State.ENDED)) {
      tellEnd();
    } else if (!state.compareAndSet(State.SUBSCRIBING, State.ENDED_EARLY)
        && state.compareAndSet(State.OPEN, State.ENDED)) {
      tellEnd(); // It was opened just now.
    }
  }

  private void tellEnd() {
    Flow.Subscriber<? super T> to = subscriber;
    subscriber = null;
    try {
      if (failure == null) {
        to.onComplete();
      } else {
        to.onError(failure);
      }
    } catch (Throwable thrown) {
      Log.error("A subscriber of a stream threw, which it must not (rule 2.13)", thrown);
    } finally {
      run.succeed(null);
    }
  }

  private void broken(Throwable thrown) {
    Log.error("A subscriber of a stream threw, which it must not (rule 2.13)", thrown);
    cancel(thrown);
  }

  /* ------ From the subscriber ------ */

  @Override
  public void request(long count) {
    switch (state.get()) {
      case SUBSCRIBING -> early.request(count);
      case OPEN -> up.request(count);
      default -> {}
    }
  }

  @Override
  public void cancel() {
    cancel(null);
  }

  private void cancel(Throwable cause) {
    State old = state.getAndSet(State.ENDED);
    if (old == State.ENDED) {
      return;
    }
    subscriber = null;
    if (old != State.ENDED_EARLY) {
      up.cancel(cause);
    }
    run.discard();
  }
}
