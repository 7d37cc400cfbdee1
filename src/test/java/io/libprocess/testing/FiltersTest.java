package io.libprocess.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.EventView;
import io.libprocess.EventView.DispatchEvent;
import io.libprocess.EventView.ExitedEvent;
import io.libprocess.EventView.MessageEvent;
import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FiltersTest {

  private final Clock clock = Clock.paused(Instant.EPOCH);
  private final Node node = Node.start(Config.builder().clock(clock).workers(2).build());
  private final Filters filters = Filters.on(node);
  private final Await await = Await.by(node);

  private final Recorder recorder = new Recorder();
  private final PID<Recorder> pid = node.spawn(recorder);

  @AfterEach
  void end() {
    filters.close();
    node.close();
    clock.close();
  }

  /** Records the events that it handles. */
  static class Recorder extends Process<Recorder> {
    static final CheckedConsumer<Recorder> ACT = Recorder::act;
    static final CheckedFunction<Recorder, Integer> COUNT = Recorder::count;

    final List<String> handled = new ArrayList<>();
    final List<UPID> gone = new ArrayList<>();

    @Override
    protected void initialize() {
      install("ping", (from, body) -> handled.add("ping"));
      install("pong", (from, body) -> handled.add("pong"));
    }

    @Override
    protected void exited(UPID linkee, Exit exit) {
      gone.add(linkee);
    }

    void act() {
      handled.add("act");
    }

    int count() {
      return handled.size();
    }

    void linkTo(UPID other) {
      link(other);
    }

    static CheckedConsumer<Recorder> adding(String text) {
      return recorder -> recorder.handled.add(text);
    }
  }

  interface SerializableAction extends CheckedConsumer<Recorder>, Serializable {}

  private List<String> handled() {
    clock.settle();
    return recorder.handled;
  }

  private void post(String name) {
    node.post(pid, name, new byte[0]);
  }

  /* ---------------- The pinned behaviours ---------------- */

  /** ProcessTest.Expect. */
  @Test
  void expect_droppedMessageCompletesItsFutureAndIsNeverHandled() {
    Future<MessageEvent> dropped = filters.drop(EventPattern.message("ping", pid));

    post("ping");

    assertEquals("ping", await.ready(dropped).message().name());
    assertEquals(List.of(), handled());
  }

  /** ProcessTest.Expect. */
  @Test
  void expect_droppedDispatchCompletesItsFutureAndIsNeverHandled() {
    Future<DispatchEvent> dropped = filters.drop(EventPattern.dispatch(pid));

    pid.dispatch(Recorder::act);

    assertEquals(pid, await.ready(dropped).process());
    assertEquals(List.of(), handled());
  }

  /** ProcessTest.FutureExited. */
  @Test
  void futureExited_completesAndExitedIsStillCalled() {
    PID<Recorder> linkee = node.spawn(new Recorder());
    pid.dispatch(r -> r.linkTo(linkee));
    clock.settle(); // So that the link is there before the end.
    Future<ExitedEvent> exited = filters.future(EventPattern.exited(linkee, pid));

    node.terminate(linkee);

    assertEquals(Exit.Reason.TERMINATED, await.ready(exited).exit().reason());
    clock.settle();
    assertEquals(List.of(linkee), recorder.gone);
  }

  /** ProcessTest.DropExited. */
  @Test
  void dropExited_completesAndExitedIsNotCalled() {
    PID<Recorder> linkee = node.spawn(new Recorder());
    pid.dispatch(r -> r.linkTo(linkee));
    clock.settle(); // So that the link is there before the end.
    Future<ExitedEvent> exited = filters.drop(EventPattern.exited(linkee, pid));

    node.terminate(linkee);

    await.ready(exited);
    clock.settle();
    assertEquals(List.of(), recorder.gone);
  }

  /** ProcessTest.InjectExited. */
  @Test
  void injectExited_callsExitedAlthoughTheLinkeeLives() {
    PID<Recorder> linkee = node.spawn(new Recorder());
    pid.dispatch(r -> r.linkTo(linkee));
    clock.settle(); // So that the link is there before the end.
    Exit exit = new Exit(Exit.Reason.DISCONNECTED, Optional.empty());

    assertTrue(node.injectExited(linkee, pid, exit));
    clock.settle();

    assertEquals(List.of(linkee), recorder.gone);
    assertFalse(node.await(linkee, Duration.ZERO));
    assertFalse(node.injectExited(linkee, new UPID("nobody", node.address()), exit));
  }

  /** ProcessTest.Event. */
  @Test
  void event_isOfItsOwnKindOnly() {
    List<EventView> seen = new ArrayList<>();
    node.addFilter(
        event -> {
          seen.add(event);
          return false;
        });

    post("ping");
    pid.dispatch(Recorder::act);
    node.injectExited(pid, pid, new Exit(Exit.Reason.NO_PROCESS, Optional.empty()));
    clock.settle();

    assertEquals(3, seen.size());
    assertInstanceOf(MessageEvent.class, seen.get(0));
    assertInstanceOf(DispatchEvent.class, seen.get(1));
    assertInstanceOf(ExitedEvent.class, seen.get(2));
  }

  /**
   * ProcessTest.Action: in Java a promise in the overridden method takes the place of an action.
   */
  @Test
  void action_completesAFutureWithItsArgumentAndTheNextOnTheSecondCall() {
    Promise<String> first = new Promise<>();
    Promise<Void> second = new Promise<>();
    PID<Recorder> mock =
        node.spawn(
            new Recorder() {
              @Override
              protected void unhandled(Message message) {
                if (!first.set(message.name())) {
                  second.set(null);
                }
              }
            });

    node.post(mock, "argument", new byte[0]);
    await.equal("argument", first.future());
    assertTrue(second.future().isPending());
    node.post(mock, "again", new byte[0]);
    await.ready(second.future());
  }

  /* ---------------- Expectations ---------------- */

  @Test
  void future_completesBeforeTheEventIsHandled() throws InterruptedException {
    CountDownLatch completed = new CountDownLatch(1);
    List<List<String>> handledThen = new ArrayList<>();
    filters
        .future(EventPattern.message("ping"))
        .onReady(
            event -> {
              handledThen.add(List.copyOf(recorder.handled));
              completed.countDown();
            });

    post("ping");

    assertTrue(completed.await(30, TimeUnit.SECONDS));
    assertEquals(List.of(List.of()), handledThen);
    assertEquals(List.of("ping"), handled());
  }

  @Test
  void future_retiresAfterOneMatch() {
    filters.drop(EventPattern.message("ping"));

    post("ping");
    post("ping");

    assertEquals(List.of("ping"), handled());
  }

  @Test
  void future_newestMatchingWinsAndOthersPassOn() {
    Future<MessageEvent> older = filters.future(EventPattern.message());
    Future<MessageEvent> newer = filters.drop(EventPattern.message());
    Future<MessageEvent> other = filters.future(EventPattern.message("pong"));

    post("ping");
    await.ready(newer);
    assertTrue(older.isPending());
    assertTrue(other.isPending());

    post("ping");
    await.ready(older);
    assertEquals(List.of("ping"), handled());
  }

  @Test
  void dropAll_dropsUntilTheEnd() {
    filters.dropAll(EventPattern.message("ping", UPID.NONE, pid));

    post("ping");
    post("pong");
    post("ping");
    assertEquals(List.of("pong"), handled());

    filters.close();
    post("ping");
    assertEquals(List.of("pong", "ping"), handled());
  }

  @Test
  void expectNone_failsAtTheEndAndTheEventIsDelivered() {
    Filters strict = Filters.on(node);
    strict.expectNone(EventPattern.message("ping"));
    strict.check();

    post("ping");

    assertEquals(List.of("ping"), handled());
    AssertionError error = assertThrows(AssertionError.class, strict::close);
    assertTrue(error.getMessage().contains("message 'ping'"), error.getMessage());
    strict.close();
  }

  @Test
  void expectNone_isContentWithoutAMatch() {
    Filters strict = Filters.on(node);
    strict.expectNone(EventPattern.dispatch(pid));
    post("ping");
    clock.settle();
    strict.close();
  }

  @Test
  void condition_thatThrowsBreaksTheTestAndNotTheProcess() {
    Filters broken = Filters.on(node);
    broken.dropAll(
        EventPattern.message()
            .where(
                event -> {
                  throw new IllegalStateException("no");
                }));

    post("ping");

    assertEquals(List.of("ping"), handled());
    assertInstanceOf(
        IllegalStateException.class, assertThrows(AssertionError.class, broken::close).getCause());
  }

  @Test
  void terminate_passesEveryFilter() {
    node.addFilter(event -> true);

    node.terminate(pid, false);

    clock.settle();
    assertTrue(node.await(pid, Duration.ZERO));
  }

  @Test
  void droppedCall_isAbandoned() {
    filters.drop(EventPattern.dispatch(pid));

    await.abandoned(pid.call(Recorder::count));
    await.equal(0, pid.call(Recorder::count));
  }

  @Test
  void filter_seesProcessesSpawnedLaterAndIsRemoved() {
    filters.dropAll(EventPattern.message());
    Recorder late = new Recorder();
    PID<Recorder> latePid = node.spawn(late);

    node.post(latePid, "ping", new byte[0]);
    clock.settle();
    assertEquals(List.of(), late.handled);

    filters.close();
    node.post(latePid, "ping", new byte[0]);
    clock.settle();
    assertEquals(List.of("ping"), late.handled);
  }

  @Test
  void delayedCall_isSeenAsADispatchWhenItIsDue() {
    Future<DispatchEvent> seen = filters.future(EventPattern.dispatch(pid, Recorder.ACT));
    clock.timer(Duration.ofSeconds(5), () -> pid.dispatch(Recorder.ACT));

    clock.advance(Duration.ofSeconds(4));
    clock.settle();
    assertTrue(seen.isPending());
    clock.advance(Duration.ofSeconds(1));
    await.ready(seen);
  }

  /* ---------------- Which function ---------------- */

  @Test
  void function_matchesTheSharedConstant() {
    Future<DispatchEvent> act = filters.future(EventPattern.dispatch(pid, Recorder.ACT));
    Future<DispatchEvent> count = filters.future(EventPattern.call(pid, Recorder.COUNT));

    pid.call(Recorder.COUNT);

    await.ready(count);
    assertTrue(act.isPending());
  }

  @Test
  void function_matchesTheSamePlaceWhateverItCaptures() {
    Future<DispatchEvent> added =
        filters.drop(EventPattern.dispatch(pid, Recorder.adding("whatever")));

    pid.dispatch(Recorder.adding("something"));

    await.ready(added);
    assertEquals(List.of(), handled());
  }

  @Test
  void function_matchesAnotherPlaceOnlyIfSerializable() {
    SerializableAction here = Recorder::act;
    SerializableAction there = Recorder::act;
    SerializableAction other = Recorder::count;
    CheckedConsumer<Recorder> mute = Recorder::act;
    Future<DispatchEvent> seen = filters.future(EventPattern.dispatch(pid, here));

    pid.dispatch(mute);
    pid.dispatch(other);
    clock.settle();
    assertTrue(seen.isPending());

    pid.dispatch(there);
    await.ready(seen);
  }

  @Test
  void dispatchFrom_matchesWhereTheFunctionStands() {
    Future<DispatchEvent> elsewhere = filters.future(EventPattern.dispatchFrom(Await.class, pid));
    Future<DispatchEvent> here = filters.future(EventPattern.dispatchFrom(FiltersTest.class, pid));

    pid.dispatch(r -> r.handled.add("here"));

    await.ready(here);
    assertTrue(elsewhere.isPending());
  }

  /* ---------------- The scope ---------------- */

  @Test
  void close_resumesAClockThatWasRunning() {
    try (Clock own = Clock.create();
        Node second = Node.start(Config.builder().clock(own).build())) {
      try (Filters scope = Filters.on(second)) {
        own.pause();
        Future<MessageEvent> never = scope.future(EventPattern.message());
        assertTrue(never.isPending());
      }
      assertFalse(own.isPaused());
    }
    filters.close();
    assertTrue(clock.isPaused());
  }

  @Test
  void close_abandonsWhatSawNothing() {
    Filters scope = Filters.on(node);
    Future<MessageEvent> never = scope.future(EventPattern.message());

    scope.close();

    await.abandoned(never);
    assertThrows(IllegalStateException.class, () -> scope.future(EventPattern.message()));
  }
}
