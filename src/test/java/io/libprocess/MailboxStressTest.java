package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many producers, one consumer, no loss, no reordering, at most one runner at a time. */
class MailboxStressTest {

  private static final int PRODUCERS = 8;

  private final Node node = Node.start(Config.builder().workers(4).build());

  @AfterEach
  void close() {
    node.close();
  }

  /** Checks that it is never run twice at once and gets each producer's events in order. */
  private static class Consumer extends Process<Consumer> {
    final AtomicBoolean running = new AtomicBoolean();
    final AtomicInteger errors = new AtomicInteger();
    final int[] last = new int[PRODUCERS];
    long received;

    Consumer() {
      this(Id.generate("consumer"));
    }

    Consumer(String id) {
      super(id);
      Arrays.fill(last, -1);
    }

    void receive(int producer, int number) {
      if (!running.compareAndSet(false, true)) {
        errors.incrementAndGet();
      }
      if (number <= last[producer]) {
        errors.incrementAndGet();
      }
      last[producer] = number;
      received++;
      running.set(false);
    }
  }

  /** Sends a number on and goes on with the next one, as a process. */
  private static final class Producer extends Process<Producer> {
    private final int number;
    private final int count;
    private final PID<Consumer> to;
    private final CountDownLatch done;
    private int next;

    Producer(int number, int count, PID<Consumer> to, CountDownLatch done) {
      this.number = number;
      this.count = count;
      this.to = to;
      this.done = done;
    }

    @Override
    protected void initialize() {
      goOn();
    }

    private void goOn() {
      for (int i = 0; i < 100 && next < count; i++) {
        int value = next++;
        to.dispatch(c -> c.receive(number, value));
      }
      if (next < count) {
        self().dispatch(Producer::goOn);
      } else {
        done.countDown();
      }
    }
  }

  @Test
  void processesAndThreadsSendAtOnce() throws Exception {
    int repetitions = Stress.times(1); // All of a long run at once would not fit in memory.
    for (int i = 0; i < repetitions; i++) {
      sendAtOnce(50_000);
    }
    Stress.played((long) repetitions * PRODUCERS * 50_000);
  }

  private void sendAtOnce(int count) throws Exception {
    Consumer consumer = new Consumer();
    PID<Consumer> pid = node.spawn(consumer);
    CountDownLatch processesDone = new CountDownLatch(PRODUCERS / 2);
    for (int i = PRODUCERS / 2; i < PRODUCERS; i++) {
      node.spawn(new Producer(i, count, pid, processesDone));
    }
    Stress.inParallel(
        PRODUCERS / 2,
        thread -> {
          for (int i = 0; i < count; i++) {
            int value = i;
            pid.dispatch(c -> c.receive(thread, value));
          }
        });
    Expect.opened(processesDone);
    long received = Expect.ready(pid.call(c -> c.received));
    assertEquals((long) PRODUCERS * count, received);
    assertEquals(0, consumer.errors.get());
    node.terminate(pid);
  }

  @Test
  void hiccups_idleAndBusyAlternate() throws Exception {
    int rounds = Stress.times(20_000);
    Consumer consumer = new Consumer();
    PID<Consumer> pid = node.spawn(consumer);
    Stress.inParallel(
        3,
        thread -> {
          for (int i = 0; i < rounds; i++) {
            int value = i;
            Future<Void> done =
                pid.call(
                    c -> {
                      c.receive(thread, value);
                      return null;
                    });
            if (i % 16 == 0) {
              Expect.ready(done); // The mailbox may run empty.
            }
          }
        });
    Stress.played(3L * rounds);
    assertEquals(3L * rounds, (long) Expect.ready(pid.call(c -> c.received)));
    assertEquals(0, consumer.errors.get());
  }

  @Test
  void terminateStorm_eachCallIsCompletedOrAbandoned() throws Exception {
    int rounds = Stress.times(300);
    int calls = 40;
    for (int round = 0; round < rounds; round++) {
      Consumer consumer = new Consumer("victim");
      PID<Consumer> pid = node.spawn(consumer);
      boolean inject = round % 2 == 0;
      AtomicInteger outcomes = new AtomicInteger();
      AtomicInteger served = new AtomicInteger();
      CountDownLatch all = new CountDownLatch(4 * calls);
      Stress.inParallel(
          5,
          thread -> {
            if (thread == 4) {
              node.terminate(pid, inject);
              return;
            }
            for (int i = 0; i < calls; i++) {
              int value = i;
              Future<Void> call =
                  pid.call(
                      c -> {
                        c.receive(thread, value);
                        return null;
                      });
              call.onReady(v -> served.incrementAndGet());
              call.onReady(v -> outcomes.incrementAndGet())
                  .onAbandoned(outcomes::incrementAndGet)
                  .onAny(v -> all.countDown())
                  .onAbandoned(all::countDown);
            }
          });
      Expect.opened(all);
      node.await(pid);
      assertEquals(4 * calls, outcomes.get());
      assertEquals(consumer.received, served.get());
      assertEquals(0, consumer.errors.get());
    }
    Stress.played(4L * calls * rounds);
  }

  @Test
  void respawnStorm_throughOnePidNothingIsLostOrReordered() throws Exception {
    int rounds = Stress.times(2_000);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong sent = new AtomicLong();
    AtomicLong outcomes = new AtomicLong();
    AtomicInteger errors = new AtomicInteger();
    Consumer first = new Consumer("phoenix");
    PID<Consumer> pid = node.spawn(first);
    Stress.inParallel(
        4,
        thread -> {
          if (thread == 3) {
            respawn(rounds, pid, errors);
            stop.set(true);
            return;
          }
          for (int i = 0; !stop.get(); i++) {
            int value = i;
            sent.incrementAndGet();
            pid.call(
                    c -> {
                      c.receive(thread, value);
                      return null;
                    })
                .onReady(v -> outcomes.incrementAndGet())
                .onAbandoned(outcomes::incrementAndGet);
            if (i % 64 == 0) {
              Thread.yield();
            }
          }
        });
    node.terminate(pid, false);
    node.await(pid);
    Stress.played(sent.get());
    assertEquals(sent.get(), outcomes.get());
    assertEquals(0, errors.get() + first.errors.get());
  }

  private void respawn(int rounds, PID<Consumer> pid, AtomicInteger errors) throws Exception {
    for (int i = 0; i < rounds; i++) {
      node.terminate(pid, i % 2 == 0);
      assertTrue(node.await(pid) || i >= 0);
      Consumer next = new Consumer("phoenix");
      node.spawn(next);
      Consumer reached = Expect.ready(pid.call(c -> c));
      assertFalse(reached != next, "another instance was reached");
      errors.addAndGet(next.errors.get());
    }
  }
}
