package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Supervisor.Restart;
import io.libprocess.actor.Exits;
import io.libprocess.future.CheckedSupplier;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import io.libprocess.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SupervisorTest {

  private static final Duration PERIOD = Duration.ofSeconds(5);

  private final LogCapture log = new LogCapture();
  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Node node = Node.start(Config.builder().clock(clock).workers(2).build());
  private final AtomicInteger made = new AtomicInteger();

  @AfterEach
  void end() {
    node.close();
    clock.close();
    log.close();
  }

  private PID<Supervisor> supervisor(int limit) {
    return node.spawn(new Supervisor(limit, PERIOD));
  }

  private CheckedSupplier<Plain> named(String id) {
    return () -> {
      made.incrementAndGet();
      return new Plain(id);
    };
  }

  private static PID<Plain> start(PID<Supervisor> supervisor, CheckedSupplier<Plain> factory)
      throws Exception {
    return Expect.ready(supervisor.call(s -> s.start(factory)));
  }

  private void fail(PID<Plain> child) {
    child.dispatch(
        plain -> {
          throw new Failure("broken");
        });
    clock.settle();
  }

  private static Plain instance(PID<Plain> pid) throws Exception {
    return Expect.ready(pid.call(plain -> plain));
  }

  @Test
  void child_isRestartedAndItsPidReachesTheNewOne() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> child = start(supervisor, named("child"));
    Plain first = instance(child);

    fail(child);

    assertNotSame(first, instance(child));
    assertEquals(2, made.get());
    assertEquals(List.of(child), Expect.ready(supervisor.call(Supervisor::children)));
  }

  @Test
  void child_isRestartedAloneAlsoWhenTerminated() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> one = start(supervisor, named("one"));
    PID<Plain> other = start(supervisor, named("other"));
    Plain before = instance(other);

    node.terminate(one);
    clock.settle();

    assertEquals(3, made.get());
    assertSame(before, instance(other));
    assertEquals(List.of(other, one), Expect.ready(supervisor.call(Supervisor::children)));
  }

  @Test
  void limit_exceededEndsTheChildrenAndThenTheSupervisorWithTheReason() throws Exception {
    PID<Supervisor> supervisor = supervisor(2);
    PID<Plain> child = start(supervisor, named("child"));
    PID<Plain> sibling = start(supervisor, named("sibling"));
    Plain watched = instance(sibling);
    Future<Exit> exit = node.exit(supervisor);

    fail(child);
    fail(child);
    assertTrue(exit.isPending());
    fail(child);

    Exit why = Expect.ready(exit);
    assertEquals(Exit.Reason.FAILED, why.reason());
    Throwable cause = why.cause().orElseThrow();
    assertInstanceOf(RestartLimitException.class, cause);
    assertEquals(
        "child " + child + " ended (FAILED) after 2 restarts within PT5S", cause.getMessage());
    assertEquals("broken", cause.getCause().getMessage());
    Expect.next("initialize", watched.lifeCycle);
    Expect.next("finish", watched.lifeCycle);
    assertTrue(node.await(sibling, Duration.ZERO));
    assertTrue(node.await(child, Duration.ZERO));
  }

  @Test
  void limit_countsOnlyThePeriod() throws Exception {
    PID<Supervisor> supervisor = supervisor(2);
    PID<Plain> child = start(supervisor, named("child"));
    Future<Exit> exit = node.exit(supervisor);

    for (int i = 0; i < 10; i++) {
      fail(child);
      clock.advance(PERIOD.dividedBy(2).plusNanos(1));
    }
    assertTrue(exit.isPending());
    assertEquals(11, made.get());

    fail(child);
    fail(child);
    assertFalse(exit.isPending());
  }

  @ParameterizedTest
  @ValueSource(longs = {365_000L * 86_400, Long.MAX_VALUE})
  void period_mayBeForEver(long seconds) throws Exception {
    PID<Supervisor> supervisor = node.spawn(new Supervisor(3, Duration.ofSeconds(seconds)));
    PID<Plain> child = start(supervisor, named("child"));
    fail(child);
    clock.advance(Duration.ofDays(1000));
    fail(child);
    fail(child);
    assertTrue(node.exit(supervisor).isPending());
    assertEquals(4, made.get());
    fail(child);
    assertTrue(node.await(supervisor, Duration.ofSeconds(Expect.SECONDS)));
  }

  @Test
  void limit_zeroMeansNoRestart() throws Exception {
    PID<Supervisor> supervisor = supervisor(0);
    Future<Exit> exit = node.exit(supervisor);

    fail(start(supervisor, named("child")));

    assertEquals(Exit.Reason.FAILED, Expect.ready(exit).reason());
    assertEquals(1, made.get());
  }

  @Test
  void transientChild_isRestartedOnlyAfterAFailure() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> child =
        Expect.ready(supervisor.call(s -> s.start(Restart.TRANSIENT, named("child"))));

    fail(child);
    assertEquals(2, made.get());
    node.terminate(child);
    clock.settle();

    assertEquals(2, made.get());
    assertEquals(List.of(), Expect.ready(supervisor.call(Supervisor::children)));
  }

  @Test
  void temporaryChild_isNeverRestarted() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);

    fail(Expect.ready(supervisor.call(s -> s.start(Restart.TEMPORARY, named("child")))));

    assertEquals(1, made.get());
    assertEquals(List.of(), Expect.ready(supervisor.call(Supervisor::children)));
  }

  @Test
  void stoppedChild_isNotRestarted() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> child = start(supervisor, named("child"));

    assertEquals(true, Expect.ready(supervisor.call(s -> s.stop(child))));
    clock.settle();

    assertTrue(node.await(child, Duration.ZERO));
    assertEquals(1, made.get());
    assertEquals(false, Expect.ready(supervisor.call(s -> s.stop(child))));
  }

  @Test
  void childThatFailsToInitialize_countsAsRestartsUntilTheLimit() throws Exception {
    PID<Supervisor> supervisor = supervisor(2);
    Future<Exit> exit = node.exit(supervisor);
    supervisor.call(
        s ->
            s.start(
                () -> {
                  made.incrementAndGet();
                  return new Plain(
                      "child",
                      plain -> {
                        throw new Failure("cannot start");
                      });
                }));

    assertEquals("cannot start", Expect.ready(exit).cause().orElseThrow().getCause().getMessage());
    assertEquals(3, made.get());
  }

  @Test
  void factoryThatThrows_failsTheFirstStartAndCountsLater() throws Exception {
    PID<Supervisor> supervisor = supervisor(2);
    Future<Exit> exit = node.exit(supervisor);
    CheckedSupplier<Plain> onlyOnce =
        () -> {
          if (made.incrementAndGet() > 1) {
            throw new Failure("only once");
          }
          return new Plain("child");
        };
    PID<Plain> child = start(supervisor, onlyOnce);
    assertEquals("only once", Expect.failure(supervisor.call(s -> s.start(onlyOnce))).getMessage());
    assertTrue(exit.isPending());

    fail(child);

    assertEquals("only once", Expect.ready(exit).cause().orElseThrow().getCause().getMessage());
    assertEquals(4, made.get());
  }

  /** As when a class of the new process is missing. */
  @Test
  void factoryThatThrowsAnError_countsToo() throws Exception {
    PID<Supervisor> supervisor = supervisor(2);
    Future<Exit> exit = node.exit(supervisor);
    CheckedSupplier<Plain> onlyOnce =
        () -> {
          if (made.incrementAndGet() > 1) {
            throw new NoClassDefFoundError("only once");
          }
          return new Plain("child");
        };
    fail(start(supervisor, onlyOnce));

    Throwable cause = Expect.ready(exit).cause().orElseThrow();
    assertInstanceOf(RestartLimitException.class, cause);
    assertEquals("only once", cause.getCause().getMessage());
    assertEquals(3, made.get());
  }

  /** Time that may be set, as the system's may be. */
  private static final class SetTime implements TimeSource {
    private volatile Instant wall = Instant.EPOCH;

    @Override
    public Instant wallTime() {
      return wall;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  @Test
  void period_isNotMovedByStepsOfTheWallTime() throws Exception {
    SetTime time = new SetTime();
    try (ClockDriver driver = new ClockDriver(time, () -> {});
        Node steady = Node.start(Config.builder().clock(driver.clock()).workers(1).build())) {
      PID<Supervisor> supervisor = steady.spawn(new Supervisor(1, PERIOD));
      Future<Exit> exit = steady.exit(supervisor);
      Promise<Integer> restarted = new Promise<>();
      PID<Plain> child =
          start(
              supervisor,
              () -> {
                if (made.incrementAndGet() == 2) {
                  restarted.set(2);
                }
                return new Plain("child");
              });
      for (int i = 0; i < 2; i++) {
        time.wall = time.wall.plus(Duration.ofDays(1));
        child.dispatch(
            plain -> {
              throw new Failure("broken");
            });
        if (i == 0) {
          Expect.ready(restarted.future());
          Expect.ready(supervisor.call(Supervisor::children)); // The new one has the id now.
        }
      }
      assertInstanceOf(RestartLimitException.class, Expect.ready(exit).cause().orElseThrow());
      assertEquals(2, made.get());
    }
  }

  @Test
  void supervisor_supervisesSupervisors() throws Exception {
    PID<Supervisor> top = supervisor(3);
    PID<Supervisor> below =
        Expect.ready(
            top.call(
                s ->
                    s.start(
                        () ->
                            new Supervisor("below", 0, PERIOD) {
                              @Override
                              protected void initialize() throws Exception {
                                start(named("leaf"));
                              }
                            })));
    clock.settle();
    PID<Plain> leaf = node.pid(new Plain("leaf"));
    node.terminate(new UPID("leaf", node.address()));
    clock.settle();

    assertEquals(2, made.get());
    assertEquals(1, Expect.ready(below.call(Supervisor::children)).size());
    assertEquals(leaf, Expect.ready(below.call(Supervisor::children)).get(0));
  }

  @Test
  void terminatedSupervisor_asksItsChildrenToEnd() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> child = start(supervisor, named("child"));

    node.terminate(supervisor);
    clock.settle();

    assertTrue(node.await(child, Duration.ZERO));
    assertEquals(1, made.get());
  }

  /** The end of one that was stopped is told when another child has its name already. */
  @Test
  void stoppedChild_isNotTakenForItsSuccessor() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> first = start(supervisor, named("child"));
    Expect.ready(first.call(p -> p));
    CountDownLatch goOn = new CountDownLatch(1);
    supervisor.dispatch(s -> goOn.await()); // The end of the first stays in the mailbox.
    Future<Boolean> stopped = supervisor.call(s -> s.stop(first));
    node.terminate(first);
    node.await(first);
    goOn.countDown();
    assertTrue(Expect.ready(stopped));
    PID<Plain> second = start(supervisor, named("child"));
    supervisor.dispatch(s -> s.exited(first, Exits.TERMINATED));
    assertEquals(List.of(second), Expect.ready(supervisor.call(Supervisor::children)));
    assertEquals(2, made.get());
  }

  @Test
  void endOfTheSupervisor_endsItsChildrenNewestFirst() throws Exception {
    List<String> ended = World.run(SupervisorTest::endsOfChildren);

    assertEquals(List.of("three", "two", "one"), ended);
  }

  /** In one thread, which serves requests in their order. */
  private static List<String> endsOfChildren(World world) {
    List<String> ended = new ArrayList<>();
    World.Host host = world.host();
    try (Node single = OneThreadTest.start(host)) {
      PID<Supervisor> supervisor = single.spawn(new Supervisor(3, PERIOD));
      for (String id : List.of("one", "two", "three")) {
        supervisor.call(
            s ->
                s.start(
                    () ->
                        new Plain(id) {
                          @Override
                          protected void finish() {
                            ended.add(id);
                          }
                        }));
        world.settle();
      }
      single.terminate(supervisor);
      world.settle();
      return List.copyOf(ended);
    }
  }

  @Test
  void supervisorThatIsAboutToEnd_startsNobody() throws Exception {
    PID<Supervisor> supervisor = supervisor(0);
    PID<Plain> child = start(supervisor, named("child"));
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    PID<Plain> sibling = start(supervisor, named("sibling"));
    sibling.dispatch(
        p -> {
          busy.countDown();
          goOn.await();
        });
    Expect.opened(busy);
    Future<Exit> end = node.exit(child);
    child.dispatch(
        p -> {
          throw new Failure("broken");
        });
    Expect.ready(end);
    Future<List<UPID>> left = supervisor.call(Supervisor::children);
    assertEquals(List.of(sibling), Expect.ready(left));
    Future<PID<Plain>> late = supervisor.call(s -> s.start(named("late")));
    assertInstanceOf(IllegalStateException.class, Expect.failure(late));
    Future<Exit> exit = node.exit(supervisor);
    goOn.countDown();
    assertEquals(Exit.Reason.FAILED, Expect.ready(exit).reason());
    assertEquals(2, made.get());
  }

  @Test
  void closingNode_restartsNobody() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    start(supervisor, named("child"));

    node.close();

    assertEquals(1, made.get());
    assertEquals(0, log.count(text -> text.contains("cannot restart")));
  }

  @Test
  void endThatIsHeardWhileTheNodeCloses_restartsNobody() throws Exception {
    PID<Supervisor> supervisor = supervisor(3);
    PID<Plain> child = start(supervisor, named("child"));
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    supervisor.dispatch(
        s -> {
          busy.countDown();
          Expect.opened(goOn);
        });
    Expect.opened(busy);
    node.terminate(child);
    assertTrue(node.await(child, Expect.LIMIT)); // Its end waits in the supervisor's mailbox.

    Thread closer = new Thread(node::close);
    closer.start();
    Expect.until(() -> node.processes().isClosing());
    goOn.countDown();
    closer.join();

    assertEquals(1, made.get());
  }

  @Test
  void arguments_areChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Supervisor(-1, PERIOD));
    assertThrows(IllegalArgumentException.class, () -> new Supervisor(1, Duration.ZERO));
  }
}
