package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.internal.Log;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Upstream;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Passes a publisher's signals on to a stage, and the stage's requests to the publisher.
 *
 * <p>Requests are collected, and passed on by one thread at a time (rule 2.7) that holds {@code
 * work}, a counter of the threads that have something to pass on. A cancel does not wait for a
 * request to return, because inside that a publisher may send elements without end. Calls that a
 * subscriber may not make after the end (rule 2.4) are left out.
 *
 * @param <T> the type of the elements
 */
public final class FlowInput<T> implements Flow.Subscriber<T>, Upstream {

  private final Downstream<? super T> down;
  private final Flow.Publisher<? extends T> publisher; // Null if this is subscribed by other code.
  private final AtomicBoolean subscribing = new AtomicBoolean();
  private final AtomicBoolean subscribed = new AtomicBoolean();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicInteger work = new AtomicInteger();
  private final AtomicLong wanted = new AtomicLong(); // Requested but not passed on.
  // An illegal request was made, which the publisher has to judge.
  private volatile boolean invalid;
  private volatile boolean cancelled;
  private volatile boolean ended; // The publisher has signalled the end.
  private volatile Flow.Subscription subscription; // Null before it and after the end.
  // Whether the cancel has been passed on.
  private final AtomicBoolean passed = new AtomicBoolean();

  private FlowInput(Downstream<? super T> down, Flow.Publisher<? extends T> publisher) {
    this.down = down;
    this.publisher = publisher;
  }

  /** Makes a subscriber that begins when it is subscribed. */
  public static <T> FlowInput<T> of(Downstream<? super T> down) {
    return new FlowInput<>(down, null);
  }

  /** Begins now, and subscribes to a publisher with the first request or with a cancel. */
  public static <T> void start(Flow.Publisher<? extends T> publisher, Downstream<? super T> down) {
    FlowInput<T> input = new FlowInput<>(down, publisher);
    input.begin();
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      down.begin(this);
    }
  }

  /* ------ From the publisher ------ */

  @Override
  public void onSubscribe(Flow.Subscription given) {
    requireNonNull(given, "subscription");
    if (!subscribed.compareAndSet(false, true) || ended) {
      given.cancel();
      return;
    }
    subscription = given;
    begin();
    if (cancelled) {
      passOnCancel();
    } else {
      passOn();
    }
  }

  @Override
  public void onNext(T element) {
    requireNonNull(element, "element");
    if (ended || cancelled) {
      Elements.release(element);
    } else {
      down.next(element);
    }
  }

  @Override
  public void onComplete() {
    if (end()) {
      down.complete();
    }
  }

  @Override
  public void onError(Throwable failure) {
    requireNonNull(failure, "failure");
    if (end()) {
      down.fail(failure);
    }
  }

  private boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    begin();
    subscription = null;
    return !cancelled;
  }

  /* ------ To the publisher ------ */

  @Override
  public void request(long count) {
    if (count <= 0) {
      invalid = true;
    } else {
      wanted.getAndUpdate(old -> old + count < 0 ? UNBOUNDED : old + count);
    }
    if (!cancelled) {
      subscribe();
    }
    passOn();
  }

  @SuppressWarnings("unchecked") // The subscriber only reads, so a publisher of a subtype will do.
  private void subscribe() {
    if (publisher == null || !subscribing.compareAndSet(false, true)) {
      return;
    }
    try {
      ((Flow.Publisher<T>) publisher).subscribe(this);
    } catch (Throwable thrown) {
      onError(thrown);
    }
  }

  @Override
  public void cancel(Throwable cause) {
    cancelled = true;
    subscribe(); // If nothing was requested: so that the publisher releases what it holds.
    passOnCancel();
  }

  private void passOnCancel() {
    Flow.Subscription to = subscription;
    if (to == null || ended || !passed.compareAndSet(false, true)) {
      return;
    }
    subscription = null;
    try {
      to.cancel();
    } catch (Throwable thrown) {
      log(thrown);
    }
  }

  private void passOn() {
    if (work.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      Flow.Subscription to = subscription;
      if (to != null && !ended && !cancelled) {
        passOn(to);
      }
      seen = work.addAndGet(-seen);
    } while (seen != 0);
  }

  private void passOn(Flow.Subscription to) {
    try {
      if (invalid) {
        invalid = false;
        to.request(0);
      }
      long count = wanted.getAndSet(0);
      if (count > 0) {
        to.request(count);
      }
    } catch (Throwable thrown) {
      log(thrown);
    }
  }

  private static void log(Throwable thrown) {
    Log.error("A subscription of a stream threw, which it must not (rule 3.16)", thrown);
  }
}
