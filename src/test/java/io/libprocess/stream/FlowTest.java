package io.libprocess.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.sync.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The bridges to {@code Flow}: tests beyond the TCK. */
class FlowTest {

  private static Stream<Integer> count(int count) {
    return Stream.from(IntStream.range(0, count).boxed().toList());
  }

  /** Records its signals, and checks that they are serial. */
  private static class Recorder implements Flow.Subscriber<Integer> {
    final List<String> signals = new ArrayList<>();
    final AtomicBoolean inside = new AtomicBoolean();
    volatile Flow.Subscription subscription;
    volatile boolean over;
    volatile boolean overlapped;

    void signal(String what, Runnable then) {
      if (!inside.compareAndSet(false, true)) {
        overlapped = true;
      }
      synchronized (signals) {
        signals.add(what);
      }
      then.run();
      inside.set(false);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      signal("subscribe", this::subscribed);
    }

    void subscribed() {}

    void element(Integer element) {}

    @Override
    public void onNext(Integer element) {
      signal("next " + element, () -> element(element));
    }

    @Override
    public void onError(Throwable failure) {
      signal("error " + failure.getMessage(), () -> over = true);
    }

    @Override
    public void onComplete() {
      signal("complete", () -> over = true);
    }
  }

  /* ------ Publishers ------ */

  @Test
  void publisher_waitsForTheEndOfOnSubscribe() {
    Recorder recorder =
        new Recorder() {
          @Override
          void subscribed() {
            subscription.request(2);
            signals.add("requested");
          }
        };
    count(2).toPublisher().subscribe(recorder);

    assertEquals(
        List.of("subscribe", "requested", "next 0", "next 1", "complete"), recorder.signals);
    assertFalse(recorder.overlapped);
  }

  @Test
  void publisher_isSilentAfterTheEnd() { // Rule 1.6.
    Recorder recorder = new Recorder();
    count(1).toPublisher().subscribe(recorder);
    recorder.subscription.request(1);
    assertEquals(List.of("subscribe", "next 0", "complete"), recorder.signals);
    recorder.subscription.request(1);
    recorder.subscription.request(-1);
    recorder.subscription.cancel();

    assertEquals(3, recorder.signals.size());
  }

  @Test
  void publisher_isSilentAfterACancel() { // Rule 1.8.
    Recorder recorder =
        new Recorder() {
          @Override
          void element(Integer element) {
            if (element == 2) {
              subscription.cancel();
            }
          }
        };
    count(10).toPublisher().subscribe(recorder);
    recorder.subscription.request(Long.MAX_VALUE);

    assertEquals(List.of("subscribe", "next 0", "next 1", "next 2"), recorder.signals);
  }

  @Test
  void publisher_refusesASecondSubscriber() {
    Flow.Publisher<Integer> publisher = count(3).toPublisher();
    Recorder first = new Recorder();
    Recorder second = new Recorder();
    publisher.subscribe(first);
    publisher.subscribe(second);
    second.subscription.request(1);
    second.subscription.cancel();
    first.subscription.request(3);

    assertEquals(List.of("subscribe", "error a stream has one subscriber"), second.signals);
    assertTrue(first.over);
    assertThrows(NullPointerException.class, () -> publisher.subscribe(null));
  }

  @Test
  void publisher_cancelsIfTheSubscriberThrows() { // Rule 2.13.
    Probe.Cancelled cancelled = new Probe.Cancelled();
    Failure broken = new Failure("broken");
    Recorder recorder =
        new Recorder() {
          @Override
          void element(Integer element) {
            throw broken;
          }
        };
    try (LogCapture log = new LogCapture()) {
      count(3).via(cancelled.watch()).toPublisher().subscribe(recorder);
      recorder.subscription.request(1);
      assertEquals(1, log.count(text -> text.contains("rule 2.13")));
    }

    assertSame(broken, cancelled.cause());
  }

  @Test
  void publisher_ofManyThreadsSignalsInTurn() throws Exception {
    int rounds = Stress.times(200);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < rounds; i++) {
        Recorder recorder = new Recorder();
        Stream.merge(count(50).via(Transform.on(pool)), count(50).via(Transform.on(pool)))
            .toPublisher()
            .subscribe(recorder);
        boolean cancels = i % 2 == 0;
        Stress.inParallel(
            3,
            thread -> {
              for (int n = 0; n < 40; n++) {
                recorder.subscription.request(1);
              }
              if (cancels && thread == 0) {
                recorder.subscription.cancel();
              }
            });
        if (!cancels) {
          Expect.until(() -> recorder.over);
          assertEquals(102, recorder.signals.size());
        }
        assertFalse(recorder.overlapped);
      }
    } finally {
      pool.shutdown();
    }
  }

  /* ------ Subscribers ------ */

  /** A manual publisher, which records the signals of a stream. */
  private static final class Manual implements Flow.Publisher<Integer>, Flow.Subscription {
    final List<String> calls = new ArrayList<>();
    Flow.Subscriber<? super Integer> subscriber;

    @Override
    public void subscribe(Flow.Subscriber<? super Integer> given) {
      subscriber = given;
      given.onSubscribe(this);
    }

    @Override
    public void request(long count) {
      calls.add("request " + count);
    }

    @Override
    public void cancel() {
      calls.add("cancel");
    }
  }

  @Test
  void fromPublisher_subscribesWithTheFirstRequestAndRefillsAtHalf() {
    Manual publisher = new Manual();
    Probe<Integer> probe = new Probe<>(0);
    probe.run(Stream.fromPublisher(publisher, 8));
    assertEquals(List.of(), publisher.calls);
    probe.request(100);
    assertEquals(List.of("request 8"), publisher.calls);
    for (int i = 0; i < 8; i++) {
      publisher.subscriber.onNext(i);
    }
    assertEquals(List.of("request 8", "request 4", "request 4"), publisher.calls);
    probe.cancel(null);
    probe.cancel(null);
    assertEquals("cancel", publisher.calls.get(3));
    assertEquals(4, publisher.calls.size());
  }

  @Test
  void fromPublisher_failsIfMoreIsSentThanWasAskedFor() {
    Manual publisher = new Manual();
    Probe<Integer> probe = new Probe<>(1);
    probe.run(Stream.fromPublisher(publisher, 2));
    for (int i = 0; i < 6; i++) {
      publisher.subscriber.onNext(i);
    }

    assertEquals("fail", probe.end());
    assertInstanceOf(IllegalStateException.class, probe.failure());
    assertEquals("cancel", publisher.calls.get(publisher.calls.size() - 1));
  }

  @Test
  void fromPublisher_asksNothingOfAPublisherThatHasEnded() { // Rules 2.3 and 2.4.
    Manual publisher = new Manual();
    Probe<Integer> probe = new Probe<>(1);
    probe.run(Stream.fromPublisher(publisher, 2));
    publisher.subscriber.onNext(0);
    publisher.subscriber.onNext(1);
    publisher.subscriber.onComplete();
    int before = publisher.calls.size();
    probe.request(5);
    probe.cancel(null);

    assertEquals(List.of(0, 1), probe.elements());
    assertEquals(before, publisher.calls.size());
  }

  @Test
  void fromPublisher_capacityIsAtMostTheDefaultOfFlow() {
    Flow.Publisher<Integer> publisher = new Manual();
    assertEquals(
        "capacity > 256: 257",
        assertThrows(IllegalArgumentException.class, () -> Stream.fromPublisher(publisher, 257))
            .getMessage());
  }

  @Test
  void fromPublisher_takesAllOfTheJdksPublisher() {
    Future<Integer> sum;
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
      sum = Stream.fromPublisher(publisher).to(Sink.fold(0, Integer::sum));
      for (int i = 1; i <= 10_000; i++) {
        publisher.submit(i);
      }
    }

    assertEquals(50_005_000, Expect.ready(sum));
  }

  @Test
  void toSubscriber_givesTheResult() {
    StreamSubscriber<Integer, Integer> sink =
        Sink.<Integer, Integer>fold(0, Integer::sum).toSubscriber();
    count(5).toPublisher().subscribe(sink);

    assertEquals(10, sink.result().get());
  }

  @Test
  void toSubscriber_discardedBeforeItIsSubscribedCancels() {
    Manual publisher = new Manual();
    StreamSubscriber<Integer, Void> sink = Sink.<Integer>ignore().toSubscriber();
    sink.result().discard();
    publisher.subscribe(sink);

    assertTrue(sink.result().isDiscarded());
    assertEquals(List.of("cancel"), publisher.calls);
  }

  @Test
  void toSubscriber_takesOneSubscription() { // Rule 2.5.
    Manual first = new Manual();
    Manual second = new Manual();
    StreamSubscriber<Integer, Void> sink = Sink.<Integer>ignore().toSubscriber();
    first.subscribe(sink);
    second.subscribe(sink);

    assertEquals(List.of("request 9223372036854775807"), first.calls);
    assertEquals(List.of("cancel"), second.calls);
  }

  @Test
  void toSubscriber_cancelsInsideAnEndlessRequest() {
    AtomicInteger sent = new AtomicInteger();
    Flow.Publisher<Integer> endless =
        subscriber -> {
          AtomicBoolean cancelled = new AtomicBoolean();
          subscriber.onSubscribe(
              new Flow.Subscription() {
                @Override
                public void request(long count) {
                  while (!cancelled.get()) {
                    subscriber.onNext(sent.getAndIncrement());
                  }
                }

                @Override
                public void cancel() {
                  cancelled.set(true);
                }
              });
        };
    StreamSubscriber<Integer, List<Integer>> sink =
        Transform.<Integer>takeWhile(i -> i < 3).to(Sink.<Integer>toList(10)).toSubscriber();
    endless.subscribe(sink);

    assertEquals(List.of(0, 1, 2), sink.result().get());
    assertEquals(4, sent.get());
  }

  /* ------ Processors ------ */

  @Test
  void processor_passesOnAFailureAtOnce() {
    Flow.Processor<Integer, Integer> processor = new Pipe<Integer>(4).toProcessor();
    Manual publisher = new Manual();
    Recorder recorder = new Recorder();
    processor.subscribe(recorder);
    publisher.subscribe(processor);
    publisher.subscriber.onNext(1);
    publisher.subscriber.onError(new Failure("reset"));

    assertEquals(List.of("subscribe", "error reset"), recorder.signals);
  }

  @Test
  void processor_passesOnACancel() {
    Flow.Processor<Integer, Integer> processor = new Pipe<Integer>(4).toProcessor();
    Manual publisher = new Manual();
    Recorder recorder = new Recorder();
    publisher.subscribe(processor);
    processor.subscribe(recorder);
    recorder.subscription.request(1);
    publisher.subscriber.onNext(1);
    recorder.subscription.cancel();

    assertEquals(List.of("subscribe", "next 1"), recorder.signals);
    assertEquals("cancel", publisher.calls.get(publisher.calls.size() - 1));
  }
}
