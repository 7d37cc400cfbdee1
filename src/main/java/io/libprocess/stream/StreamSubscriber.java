package io.libprocess.stream;

import io.libprocess.future.Future;
import io.libprocess.stream.ends.FlowInput;
import io.libprocess.stream.stage.Drain;
import io.libprocess.stream.stage.Run;
import java.util.concurrent.Flow;

/**
 * A subscriber that runs one publisher into a sink, with the sink's result. Made by {@link
 * Sink#toSubscriber}.
 *
 * @param <T> the type of the elements
 * @param <R> the type of the result
 */
public final class StreamSubscriber<T, R> implements Flow.Subscriber<T> {

  private final FlowInput<T> input;
  private final Future<R> result;

  StreamSubscriber(Drain<T, R> drain) {
    Run<R> run = new Run<>();
    input = FlowInput.of(drain.stage(run));
    result = run.future();
  }

  /** The sink's result. Discarding it cancels the subscription, even one that comes later. */
  public Future<R> result() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    input.onSubscribe(subscription);
  }

  @Override
  public void onNext(T element) {
    input.onNext(element);
  }

  @Override
  public void onError(Throwable failure) {
    input.onError(failure);
  }

  @Override
  public void onComplete() {
    input.onComplete();
  }
}
