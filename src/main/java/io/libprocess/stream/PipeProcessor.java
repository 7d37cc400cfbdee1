package io.libprocess.stream;

import io.libprocess.stream.ends.FlowInput;
import io.libprocess.stream.stage.Run;
import java.util.concurrent.Flow;

/** A pipe as a processor of the JDK's {@code Flow}. */
final class PipeProcessor<T> implements Flow.Processor<T, T> {

  private final Flow.Subscriber<T> input;
  private final Flow.Publisher<T> output;

  PipeProcessor(Pipe<T> pipe) {
    input = FlowInput.of(new PipeSink<>(new Run<>(), pipe.state()));
    output = pipe.reader().stream().toPublisher();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    output.subscribe(subscriber);
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
