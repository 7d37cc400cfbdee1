package io.libprocess.stream;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** What a stream of a publisher subscribes. */
public class BridgeTck extends FlowSubscriberBlackboxVerification<Integer> {

  public BridgeTck() {
    super(new TestEnvironment(Times.LONG, Times.SHORT));
  }

  @Override
  public Flow.Subscriber<Integer> createFlowSubscriber() {
    AtomicReference<Flow.Subscriber<? super Integer>> subscriber = new AtomicReference<>();
    Stream.<Integer>fromPublisher(subscriber::set).to(Sink.ignore());
    Flow.Subscriber<? super Integer> bridge = subscriber.get();
    return new Flow.Subscriber<>() {
      @Override
      public void onSubscribe(Flow.Subscription subscription) {
        bridge.onSubscribe(subscription);
      }

      @Override
      public void onNext(Integer element) {
        bridge.onNext(element);
      }

      @Override
      public void onError(Throwable failure) {
        bridge.onError(failure);
      }

      @Override
      public void onComplete() {
        bridge.onComplete();
      }
    };
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
