package io.libprocess.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StateMachineTest {

  private enum State {
    S1,
    S2,
    S3
  }

  private final StateMachine<State> machine = new StateMachine<>(State.S1);

  @Test
  void transition() {
    assertTrue(machine.transition(State.S1, State.S2));
    assertFalse(machine.transition(State.S1, State.S2));
    assertEquals(State.S2, machine.state());

    assertEquals(42, machine.transition(State.S2, State.S3, () -> Future.of(42)).get());
    Future<Integer> refused = machine.transition(State.S2, State.S3, () -> Future.of(42));
    assertEquals("Invalid current state", refused.failure().getMessage());
    Future<Integer> told = machine.transition(State.S2, State.S1, "not yet", () -> Future.of(42));
    assertEquals("not yet", told.failure().getMessage());
    assertEquals(State.S3, machine.state());
  }

  @Test
  void transition_returnsTheFutureOfTheFunction() {
    Promise<String> pending = new Promise<>();
    assertSame(pending.future(), machine.transition(State.S1, State.S2, pending::future));
    Future<String> failed = Future.failed("no");
    assertSame(failed, machine.transition(State.S2, State.S1, () -> failed));
  }

  @Test
  void transition_staysIfTheFunctionThrows() {
    IllegalArgumentException thrown = new IllegalArgumentException();
    Future<String> failed =
        machine.transition(
            State.S1,
            State.S2,
            () -> {
              throw thrown;
            });
    assertSame(thrown, failed.failure());
    assertTrue(
        machine.transition(State.S2, State.S3, () -> (Future<String>) null).failure()
            instanceof NullPointerException);
    assertTrue(machine.is(State.S3));
  }

  @Test
  void transition_refusedRunsNothing() {
    AtomicInteger runs = new AtomicInteger();
    Future<Void> when = machine.when(State.S3);
    machine.transition(State.S2, State.S3, () -> Future.of(runs.incrementAndGet()));

    assertEquals(0, runs.get());
    assertTrue(when.isPending());
  }

  @Test
  void is() {
    assertTrue(machine.is(State.S1));
    assertFalse(machine.is(State.S2));
    machine.transition(State.S1, State.S2);
    assertFalse(machine.is(State.S1));
    assertTrue(machine.is(State.S2));
  }

  @Test
  void when() {
    assertTrue(machine.when(State.S1).isReady());
    Future<Void> second = machine.when(State.S2);
    Future<Void> third = machine.when(State.S3);
    machine.transition(State.S1, State.S2);

    assertTrue(second.isReady());
    assertTrue(third.isPending());
  }

  @Test
  void when_isToldBeforeTheFunctionRunsAndAfterTheStateChanged() {
    List<String> order = new ArrayList<>();
    machine.when(State.S2).onReady(none -> order.add("waiter sees " + machine.state()));
    machine.transition(State.S1, State.S2, () -> Future.of(order.add("function")));

    assertEquals(List.of("waiter sees S2", "function"), order);
  }

  @Test
  void when_isForTheNextEntryOnly() {
    machine.when(State.S2);
    machine.transition(State.S1, State.S2);
    machine.transition(State.S2, State.S1);
    Future<Void> again = machine.when(State.S2);
    assertTrue(again.isPending());
    machine.transition(State.S1, State.S2);
    assertTrue(again.isReady());
  }

  @Test
  void when_discardConcernsNobodyElse() {
    Future<Void> first = machine.when(State.S2);
    Future<Void> second = machine.when(State.S2);
    first.discard();
    machine.transition(State.S1, State.S2);

    assertTrue(first.isDiscarded());
    assertTrue(second.isReady());
  }

  @Test
  void misuse_isNamed() {
    assertThrows(NullPointerException.class, () -> new StateMachine<State>(null));
    assertThrows(NullPointerException.class, () -> machine.transition(null, State.S1));
    assertThrows(NullPointerException.class, () -> machine.when(null));
  }
}
