package io.libprocess.stream;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.IdentityFlowProcessorVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/** A pipe as a processor, which has one subscriber. */
public class ProcessorTck extends IdentityFlowProcessorVerification<Integer> {

  private final TestEnvironment environment;
  private ExecutorService executor;

  public ProcessorTck() {
    this(new TestEnvironment(Times.LONG, Times.SHORT));
  }

  private ProcessorTck(TestEnvironment environment) {
    super(environment);
    this.environment = environment;
  }

  @Override
  @Test
  public void
      required_spec313_cancelMustMakeThePublisherEventuallyDropAllReferencesToTheSubscriber()
          throws Throwable {
    References.assertSubscriberIsDropped(environment, createPublisher(3));
  }

  @BeforeClass
  public void startExecutor() {
    executor = Executors.newFixedThreadPool(4);
  }

  @AfterClass
  public void stopExecutor() {
    executor.shutdown();
  }

  @Override
  protected Flow.Publisher<Integer> createFailedFlowPublisher() {
    return PublisherTck.usedPublisher();
  }

  @Override
  protected Flow.Processor<Integer, Integer> createIdentityFlowProcessor(int bufferSize) {
    return new Pipe<Integer>(bufferSize).toProcessor();
  }

  @Override
  public ExecutorService publisherExecutorService() {
    return executor;
  }

  @Override
  public Integer createElement(int element) {
    return element;
  }

  @Override
  public long maxSupportedSubscribers() {
    return 1;
  }
}
