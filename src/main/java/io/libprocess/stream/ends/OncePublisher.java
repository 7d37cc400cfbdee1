package io.libprocess.stream.ends;

import static java.util.Objects.requireNonNull;

import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/** A publisher that runs a source for its first subscriber, and refuses the others. */
public final class OncePublisher<T> implements Flow.Publisher<T> {

  /** The subscription of refused subscribers. */
  private static final Flow.Subscription INERT =
      new Flow.Subscription() {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
      };

  private final AtomicReference<Source<T>> source;

  /** Makes a publisher of a source. */
  public OncePublisher(Source<T> source) {
    this.source = new AtomicReference<>(source);
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    requireNonNull(subscriber, "subscriber");
    Source<T> taken = source.getAndSet(null);
    if (taken == null) {
      subscriber.onSubscribe(INERT);
      subscriber.onError(new IllegalStateException("a stream has one subscriber"));
      return;
    }
    Run<Void> run = new Run<>();
    Start.source(taken, run, new FlowOutput<>(run, subscriber));
  }
}
