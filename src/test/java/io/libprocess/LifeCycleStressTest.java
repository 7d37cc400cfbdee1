package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Spawning, linking, terminating and waiting against each other. */
class LifeCycleStressTest {

  private final Node node = Node.start(Config.builder().workers(4).build());

  @AfterEach
  void close() {
    node.close();
  }

  /** Counts how often it is told of one end. */
  private static final class Linker extends Process<Linker> {
    private final AtomicInteger told = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);

    Void linkTo(UPID pid) {
      link(pid);
      return null;
    }

    @Override
    protected void exited(UPID pid, Exit exit) {
      told.incrementAndGet();
      first.countDown();
    }
  }

  @Test
  void twoLinksAgainstTerminate_areToldOnceEach() throws Exception {
    int rounds = Stress.times(1_000);
    for (int round = 0; round < rounds; round++) {
      PID<Plain> victim = node.spawn(new Plain("victim"));
      Linker[] linkers = {new Linker(), new Linker(), new Linker()};
      for (Linker linker : linkers) {
        node.spawn(linker);
      }
      Stress.inParallel(
          3,
          thread -> {
            if (thread == 2) {
              node.terminate(victim, true);
              return;
            }
            for (Linker linker : linkers) {
              linker.self().dispatch(l -> l.linkTo(victim));
            }
          });
      node.await(victim);
      for (Linker linker : linkers) {
        Expect.opened(linker.first);
      }
      for (Linker linker : linkers) {
        Expect.ready(linker.self().call(l -> l)); // Behind whatever else it was told.
        // Two if the second request found nobody any more: that is another link.
        assertTrue(linker.told.get() <= 2, "told " + linker.told + " times");
        node.terminate(linker.self());
      }
    }
    Stress.played(rounds);
  }

  @Test
  void oneLinkAgainstTerminate_exactlyOneExited() throws Exception {
    int rounds = Stress.times(1_500);
    Linker linker = new Linker();
    PID<Linker> linking = node.spawn(linker);
    for (int round = 1; round <= rounds; round++) {
      PID<Plain> victim = node.spawn(new Plain("victim"));
      Future<Exit> ended = node.exit(victim);
      Stress.inParallel(
          2,
          thread -> {
            if (thread == 0) {
              node.terminate(victim);
            } else {
              Expect.ready(linking.call(l -> l.linkTo(victim)));
            }
          });
      Expect.ready(ended);
      Expect.ready(linking.call(l -> l));
      assertEquals(round, linker.told.get());
    }
    Stress.played(rounds);
  }

  @Test
  void spawnStormWithOneId_oneLivesAtATime() throws Exception {
    int rounds = Stress.times(5_000);
    AtomicInteger living = new AtomicInteger();
    AtomicInteger spawned = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    class Sole extends Process<Sole> {
      Sole() {
        super("sole");
      }

      @Override
      protected void initialize() {
        if (living.incrementAndGet() != 1) {
          errors.add("two at once");
        }
      }

      @Override
      protected void finish() {
        living.decrementAndGet();
        finished.incrementAndGet();
      }
    }
    UPID name = new UPID("sole", node.address());
    Stress.inParallel(
        4,
        thread -> {
          for (int i = 0; i < rounds; i++) {
            if (thread < 2) {
              try {
                node.spawn(new Sole());
                spawned.incrementAndGet();
              } catch (IllegalStateException taken) {
                Future<Exit> ended = node.exit(name);
                node.terminate(name, i % 2 == 0);
                Expect.completed(ended);
              }
            } else {
              node.terminate(name, i % 2 == 0);
            }
          }
          node.terminate(name);
        });
    node.terminate(name);
    node.await(name);
    Stress.played(4L * rounds);
    assertEquals(spawned.get(), finished.get());
    assertTrue(errors.isEmpty(), errors::toString);
  }

  @Test
  void processesThatSpawnAndAwaitOthers_getThrough() throws Exception {
    int rounds = Stress.times(1_000);
    Stress.inParallel(
        2,
        thread -> {
          PID<Plain> parent = node.spawn(new Plain());
          for (int i = 0; i < rounds; i++) {
            boolean ended =
                Expect.ready(
                    parent.call(
                        p -> {
                          Plain child = new Plain();
                          PID<Plain> pid = node.spawn(child);
                          pid.dispatch(c -> {});
                          node.terminate(pid, false);
                          node.await(pid);
                          return child.lifeCycle.size() == 2;
                        }));
            assertTrue(ended);
          }
        });
    Stress.played(2L * rounds);
  }
}
