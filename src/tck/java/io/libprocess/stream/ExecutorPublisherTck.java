package io.libprocess.stream;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** A change of threads. */
public class ExecutorPublisherTck extends PublisherTck {

  private ExecutorService executor;

  @BeforeClass
  public void startExecutor() {
    executor = Executors.newFixedThreadPool(2);
  }

  @AfterClass
  public void stopExecutor() {
    executor.shutdown();
  }

  @Override
  Stream<Integer> stream(long elements) {
    return count(elements).via(Transform.on(executor));
  }
}
