package io.libprocess.stream;

import java.lang.ref.WeakReference;
import org.reactivestreams.Publisher;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.TestEnvironment.ManualSubscriber;

/**
 * Rule 3.13 for a machine that is busy. The judge collects once and gives the JVM a tenth of a
 * second to report it, while the other classes run beside it; this collects until the reference is
 * cleared, or {@link Times#LONG} is over.
 */
final class References {

  private References() {}

  static <T> void assertSubscriberIsDropped(TestEnvironment environment, Publisher<T> publisher)
      throws InterruptedException {
    WeakReference<?> subscriber = subscribeAndCancel(environment, publisher);
    long start = System.nanoTime();
    while (!subscriber.refersTo(null)) {
      if (System.nanoTime() - start > Times.LONG * 1_000_000) {
        environment.flopAndFail(publisher + " keeps its subscriber after a cancel");
      }
      System.gc();
      Thread.sleep(Times.SHORT);
    }
    environment.verifyNoAsyncErrorsNoDelay();
  }

  // In a method of its own, whose frame is gone when the collector looks.
  private static <T> WeakReference<?> subscribeAndCancel(
      TestEnvironment environment, Publisher<T> publisher) throws InterruptedException {
    ManualSubscriber<T> subscriber = environment.newManualSubscriber(publisher);
    subscriber.request(1);
    subscriber.nextElement();
    subscriber.cancel();
    return new WeakReference<>(subscriber);
  }
}
