package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.actor.Exits;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.support.Expect;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatchTest {

  interface Listener {
    void heard(String what);
  }

  interface Counting {
    int count();
  }

  static class Base extends Process<Base> implements Listener, Counting {
    final List<String> heard = new ArrayList<>();

    @Override
    public void heard(String what) {
      heard.add(what);
    }

    @Override
    public int count() {
      return heard.size();
    }

    String name() {
      return "base";
    }
  }

  static final class Derived extends Base {
    @Override
    String name() {
      return "derived";
    }
  }

  private final Node node = Node.start(Config.builder().build());

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void dispatchCallAndCallAsync_runInOrderInTheProcess() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    pid.dispatch(p -> p.heard("one"));
    Future<Integer> count = pid.call(Base::count);
    pid.dispatch(p -> p.heard("two"));
    Future<List<String>> all = pid.callAsync(p -> Future.of(List.copyOf(p.heard)));
    assertEquals(1, Expect.ready(count));
    assertEquals(List.of("one", "two"), Expect.ready(all));
  }

  @Test
  void eventCount_tellsWhatIsQueuedBehindTheEventThatAsks() throws Exception {
    PID<Plain> linkee = node.spawn(new Plain());
    PID<Plain> pid = node.spawn(new Plain());
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Integer> counts = new ArrayList<>();
    Expect.ready(pid.call(p -> p)); // Some are served before, in this batch and in another.
    pid.dispatch(p -> running.countDown());
    pid.dispatch(
        p -> {
          goOn.await();
          for (Class<? extends EventView> kind :
              List.of(
                  EventView.MessageEvent.class,
                  EventView.DispatchEvent.class,
                  EventView.ExitedEvent.class,
                  EventView.TerminateEvent.class,
                  EventView.HttpEvent.class,
                  EventView.class)) {
            counts.add(p.eventCount(kind));
          }
        });
    Expect.opened(running);
    node.post(pid, "one", new byte[0]);
    node.post(pid, "two", new byte[0]);
    node.injectExited(linkee, pid, Exits.TERMINATED);
    pid.dispatch(p -> counts.add(p.eventCount(EventView.class)));
    pid.call(p -> p);
    pid.execute(() -> {});
    node.terminate(pid, false);
    goOn.countDown();
    Expect.ready(node.exit(pid));
    assertEquals(List.of(2, 3, 1, 1, 0, 7, 3), counts);
  }

  @Test
  void eventCount_isRightAfterADonatedRun() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Future<Integer> count =
        pid.call(
            p -> {
              PID<Plain> other = node.spawn(new Plain());
              for (int i = 0; i < 10; i++) {
                other.dispatch(q -> {});
              }
              node.terminate(other, false);
              node.await(other); // May run it here.
              p.self().dispatch(q -> {});
              return p.eventCount(EventView.class);
            });
    assertEquals(1, (int) Expect.ready(count));
  }

  @Test
  void eventCount_isForTheProcessItself() throws Exception {
    Plain process = new Plain();
    assertThrows(IllegalStateException.class, () -> process.eventCount(EventView.class));
    PID<Plain> pid = node.spawn(process);
    PID<Plain> other = node.spawn(new Plain());
    assertThrows(IllegalStateException.class, () -> process.eventCount(EventView.class));
    Future<Integer> elsewhere = other.call(p -> process.eventCount(EventView.class));
    assertTrue(Expect.failure(elsewhere) instanceof IllegalStateException);
    Expect.ready(pid.call(p -> p));
  }

  @Test
  void eventCount_missesNothingWhileOthersSend() throws Exception {
    PID<Plain> pid = node.spawn(new Plain());
    Thread sender =
        new Thread(
            () -> {
              for (int i = 0; i < 20_000; i++) {
                pid.dispatch(p -> {});
              }
            });
    sender.start();
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      int sent = i % 5;
      all.add(
          pid.call(
              p -> {
                for (int j = 0; j < sent; j++) {
                  p.send(p.self(), "hello");
                }
                return p.eventCount(EventView.MessageEvent.class) == sent;
              }));
      Expect.ready(pid.call(p -> p)); // The messages are served before this.
    }
    sender.join();
    for (Future<Boolean> right : all) {
      assertTrue(Expect.ready(right));
    }
    int left = Expect.ready(pid.call(p -> p.eventCount(EventView.class)));
    assertEquals(0, left);
  }

  @Test
  void dispatch_isNeverInsideTheCall() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    Future<Boolean> nested =
        pid.callAsync(
            p -> {
              Future<Integer> later = p.self().call(Base::count);
              p.heard("before");
              assertTrue(later.isPending());
              return later.map(count -> count == 1);
            });
    assertTrue(Expect.ready(nested));
  }

  @Test
  void callAsync_passesADiscardRequestOnOnceItHasRun() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    Promise<String> inner = new Promise<>();
    inner.future().onDiscard(inner::discard);
    CountDownLatch goOn = new CountDownLatch(1);
    pid.dispatch(p -> goOn.await());
    Future<String> outer = pid.callAsync(p -> inner.future());
    assertTrue(outer.discard());
    assertFalse(inner.future().hasDiscard());
    goOn.countDown();
    Expect.discarded(outer);
  }

  @Test
  void call_runsAlthoughADiscardWasRequested() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    CountDownLatch goOn = new CountDownLatch(1);
    pid.dispatch(p -> goOn.await());
    Future<String> call = pid.call(Base::name);
    call.discard();
    goOn.countDown();
    assertEquals("base", Expect.ready(call));
  }

  @Test
  void callOfNobody_isAbandoned() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    node.terminate(pid);
    node.await(pid);
    Expect.abandoned(pid.call(Base::name)); // Perhaps by the worker that has just ended it.
    Expect.abandoned(pid.callAsync(p -> Future.of(1)));
    pid.dispatch(p -> p.heard("nobody"));
  }

  @Test
  void inheritance_aBasePidCallsTheOverride() throws Exception {
    PID<Base> derived = node.spawn(new Derived());
    PID<Listener> listener = PID.upcast(derived);
    PID<Object> object = PID.upcast(derived);
    assertEquals(derived, listener);
    assertEquals(derived, object);
    assertEquals(derived.hashCode(), listener.hashCode());
    assertEquals("derived", Expect.ready(derived.call(Base::name)));
  }

  @Test
  void listener_interfacesOfOneProcessReachIt() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    PID<Listener> listener = PID.upcast(pid);
    PID<Counting> counting = PID.upcast(pid);
    listener.dispatch(l -> l.heard("through the interface"));
    Future<Integer> count = counting.call(Counting::count);
    node.terminate(pid, false);
    assertEquals(1, Expect.ready(count));
  }

  @Test
  void defer_bindsArgumentsAndTakesTheRest() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    CheckedConsumer<String> heard = pid.defer(Base::heard);
    heard.accept("one");
    heard.accept("two"); // As often as wanted.
    assertEquals(2, Expect.ready(pid.deferCall((Base p, Integer plus) -> p.count()).apply(7)));
    assertEquals(
        9, Expect.ready(pid.deferCall((Base p, Integer plus) -> p.count() + plus).apply(7)));
    assertEquals(
        "base!",
        Expect.ready(
            pid.deferCallAsync((Base p, String end) -> Future.of(p.name() + end)).apply("!")));
  }

  @Test
  void defer_neverRunsInTheCompletingThread() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch ran = new CountDownLatch(1);
    Promise<String> promise = new Promise<>();
    promise
        .future()
        .onReady(
            pid.defer(
                (p, value) -> {
                  thread.set(Thread.currentThread());
                  ran.countDown();
                }));
    promise.set("value");
    Expect.opened(ran);
    assertNotSame(Thread.currentThread(), thread.get());
  }

  @Test
  void deferInsideAProcess_runsThereAfterThen() throws Exception {
    class Chained extends Process<Chained> {
      private int sum;

      Future<Integer> add(Future<Integer> number) {
        number.onReady(defer((Integer n) -> sum += n));
        return number
            .then(deferCall((Integer n) -> sum += 10 * n))
            .then(deferCallAsync((Integer n) -> Future.of(n + sum)));
      }
    }
    PID<Chained> pid = node.spawn(new Chained());
    Promise<Integer> number = new Promise<>();
    Future<Integer> result = pid.callAsync(p -> p.add(number.future()));
    number.set(1);
    assertEquals(22, Expect.ready(result));
  }

  @Test
  void deferredCallOfNobody_isAbandoned() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    node.terminate(pid);
    node.await(pid);
    Expect.abandoned(Future.of(1).then(pid.deferCall((p, one) -> one)));
  }

  @Test
  void executor_theJdkCallsBackInsideTheProcess() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    Base base = Expect.ready(pid.call(p -> p));
    CompletableFuture.completedFuture("jdk")
        .thenAcceptAsync(base::heard, pid)
        .get(Expect.SECONDS, TimeUnit.SECONDS);
    assertEquals(List.of("jdk"), Expect.ready(pid.call(p -> List.copyOf(p.heard))));
  }

  @Test
  void executor_aPidTakesFunctionsOfAllKindsFromAnyThread() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    assertEquals("base", Expect.ready(pid.call(Base::name)));
    assertEquals("later", Expect.ready(pid.callAsync(p -> Future.of("later"))));
    CompletableFuture<Thread> thread = CompletableFuture.supplyAsync(Thread::currentThread, pid);
    assertNotSame(Thread.currentThread(), thread.get(Expect.SECONDS, TimeUnit.SECONDS));
  }

  /**
   * There is no {@code defer} without a PID: what needs a thread and no process is {@code async}.
   */
  @Test
  void defer3_outsideAnyProcessRunsOnAnotherThread() throws Exception {
    Promise<String> promise = new Promise<>();
    Future<Thread> ran = promise.future().then(value -> node.async(Thread::currentThread));
    promise.set("value");
    assertNotSame(Thread.currentThread(), Expect.ready(ran));
  }

  @Test
  void loopInAProcessThatIsGone_isAbandoned() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    Promise<Integer> step = new Promise<>();
    Future<Integer> loop =
        Futures.loop(pid, step::future, value -> Future.of(ControlFlow.breakWith(value)));
    node.terminate(pid, false);
    node.await(pid);
    assertFalse(loop.isAbandoned());

    step.set(1);

    Expect.abandoned(loop);
    Expect.abandoned(
        Futures.loop(pid, step::future, value -> Future.of(ControlFlow.breakWith(value))));
  }

  @Test
  void execute_runsOneAfterAnother() throws Exception {
    PID<Base> pid = node.spawn(new Base());
    Base base = Expect.ready(pid.call(p -> p));
    for (int i = 0; i < 1000; i++) {
      String text = "" + i;
      pid.execute(() -> base.heard(text));
    }
    List<String> heard = Expect.ready(pid.call(p -> List.copyOf(p.heard)));
    assertEquals(1000, heard.size());
    for (int i = 0; i < heard.size(); i++) {
      assertEquals("" + i, heard.get(i));
    }
  }

  @Test
  void nothingIsNull() {
    PID<Base> pid = node.spawn(new Base());
    assertThrows(NullPointerException.class, () -> pid.dispatch(null));
    assertThrows(NullPointerException.class, () -> pid.call(null));
    assertThrows(NullPointerException.class, () -> pid.callAsync(null));
    assertThrows(NullPointerException.class, () -> pid.execute(null));
    assertThrows(NullPointerException.class, () -> pid.defer(null));
  }

  @Test
  void self_isThePidOfTheSpawn() throws Exception {
    Base base = new Base();
    PID<Base> pid = node.spawn(base);
    assertSame(pid, base.self());
    assertSame(node, base.node());
  }
}
