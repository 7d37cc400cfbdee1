package io.libprocess.stream;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;

/**
 * A sink as a subscriber. It asks for one element at a time, the next one when the future of the
 * one before is ready; so the judge, which wants to say when it asks, completes these futures.
 */
public class SinkTck extends FlowSubscriberWhiteboxVerification<Integer> {

  public SinkTck() {
    super(new TestEnvironment(Times.LONG, Times.SHORT));
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }

  @Override
  protected Flow.Subscriber<Integer> createFlowSubscriber(WhiteboxSubscriberProbe<Integer> probe) {
    return new Watched(probe);
  }

  private static final class Watched implements Flow.Subscriber<Integer>, SubscriberPuppet {

    private final WhiteboxSubscriberProbe<Integer> probe;
    private final StreamSubscriber<Integer, Void> sink =
        Sink.<Integer>forEachAsync(1, this::element).toSubscriber();
    private boolean subscribed;

    // Guarded by this.
    private long allowed = -1; // It asks for the first one by itself.
    private Promise<Void> pending;

    Watched(WhiteboxSubscriberProbe<Integer> probe) {
      this.probe = probe;
    }

    private synchronized Future<Void> element(Integer element) {
      probe.registerOnNext(element);
      if (allowed > 0) {
        allowed--;
        return Future.done();
      }
      pending = new Promise<>();
      return pending.future();
    }

    @Override
    public void triggerRequest(long elements) {
      Promise<Void> ready;
      synchronized (this) {
        allowed += elements;
        ready = pending;
        pending = null;
        if (ready != null) {
          allowed--;
        }
      }
      if (ready != null) {
        ready.set(null);
      }
    }

    @Override
    public void signalCancel() {
      sink.result().discard();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      sink.onSubscribe(subscription);
      if (!subscribed) {
        subscribed = true;
        probe.registerOnSubscribe(this);
        sink.result().onReady(done -> probe.registerOnComplete()).onFailed(probe::registerOnError);
      }
    }

    @Override
    public void onNext(Integer element) {
      sink.onNext(element);
    }

    @Override
    public void onError(Throwable failure) {
      sink.onError(failure);
    }

    @Override
    public void onComplete() {
      sink.onComplete();
    }
  }
}
