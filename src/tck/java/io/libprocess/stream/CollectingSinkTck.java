package io.libprocess.stream;

import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;

/** A sink that asks for everything. */
public class CollectingSinkTck extends FlowSubscriberBlackboxVerification<Integer> {

  public CollectingSinkTck() {
    super(new TestEnvironment(Times.LONG, Times.SHORT));
  }

  @Override
  public Flow.Subscriber<Integer> createFlowSubscriber() {
    return Sink.<Integer>toList(Integer.MAX_VALUE).toSubscriber();
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }
}
