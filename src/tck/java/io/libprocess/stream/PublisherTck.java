package io.libprocess.stream;

import java.util.Iterator;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.Test;

/** The rules for publishers, for a stream of as many elements as the judge wants. */
abstract class PublisherTck extends FlowPublisherVerification<Integer> {

  private final TestEnvironment environment;

  PublisherTck() {
    this(new TestEnvironment(Times.LONG, Times.SHORT));
  }

  private PublisherTck(TestEnvironment environment) {
    super(environment);
    this.environment = environment;
  }

  @Override
  @Test
  public void
      required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
          throws Throwable {
    activePublisherTest(
        3, false, publisher -> References.assertSubscriberIsDropped(environment, publisher));
  }

  abstract Stream<Integer> stream(long elements);

  @Override
  public Flow.Publisher<Integer> createFlowPublisher(long elements) {
    return stream(elements).toPublisher();
  }

  /** One that was used already. */
  @Override
  public Flow.Publisher<Integer> createFailedFlowPublisher() {
    return usedPublisher();
  }

  static <T> Flow.Publisher<T> usedPublisher() {
    Flow.Publisher<T> publisher = Stream.<T>empty().toPublisher();
    publisher.subscribe(Sink.<T>ignore().toSubscriber());
    return publisher;
  }

  static Stream<Integer> count(long elements) {
    return elements == 0 ? Stream.empty() : Stream.from(() -> numbers(elements));
  }

  private static Iterator<Integer> numbers(long elements) {
    return new Iterator<>() {
      private long given;

      @Override
      public boolean hasNext() {
        return given < elements;
      }

      @Override
      public Integer next() {
        return (int) given++;
      }
    };
  }
}
