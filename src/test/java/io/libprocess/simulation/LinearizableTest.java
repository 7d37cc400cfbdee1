package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.simulation.Linearizable.Add;
import io.libprocess.simulation.Linearizable.CompareAndSet;
import io.libprocess.simulation.Linearizable.Put;
import io.libprocess.simulation.Linearizable.Read;
import io.libprocess.simulation.Linearizable.Take;
import io.libprocess.simulation.Linearizable.Write;
import org.junit.jupiter.api.Test;

/** Histories that are known to be good or bad. */
class LinearizableTest {

  private final History history = new History(null);

  private History.Operation begin(Object input) {
    return history.invoke("x", input);
  }

  private void did(Object input, Object result) {
    begin(input).ok(result);
  }

  private void assertGood(Linearizable.Model<?> model, boolean good) {
    assertEquals(good, Linearizable.check(history, model).isEmpty());
  }

  @Test
  void noOperations_areGood() {
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void readOfWhatWasWrittenBefore_isGood() {
    did(new Write(1), null);
    did(new Read(), 1);
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void readOfAnOldValueAfterTheWrite_isBad() {
    did(new Write(1), null);
    did(new Read(), 0);
    assertGood(Linearizable.register(0), false);
  }

  @Test
  void readDuringAWrite_mayBeEither() {
    History.Operation write = begin(new Write(1));
    did(new Read(), 0);
    did(new Read(), 1);
    write.ok(null);
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void newValueAndThenTheOldOneDuringAWrite_isBad() {
    History.Operation write = begin(new Write(1));
    did(new Read(), 1);
    did(new Read(), 0);
    write.ok(null);
    assertGood(Linearizable.register(0), false);
  }

  @Test
  void unknownWrite_mayTakeEffectLate() {
    begin(new Write(1));
    did(new Read(), 0);
    did(new Read(), 1);
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void unknownWrite_doesNotTakeEffectTwice() {
    begin(new Write(1));
    did(new Read(), 1);
    did(new Write(2), null);
    did(new Read(), 1);
    assertGood(Linearizable.register(0), false);
  }

  @Test
  void failedWrite_neverTakesEffect() {
    begin(new Write(1)).failed();
    did(new Read(), 1);
    assertGood(Linearizable.register(0), false);
  }

  @Test
  void twoThatBothCompareAndSet_areBad() {
    did(new CompareAndSet(0, 1), true);
    did(new CompareAndSet(0, 2), true);
    assertGood(Linearizable.register(0), false);
  }

  @Test
  void twoAtOnceOfWhichOneCompares_areGood() {
    History.Operation one = begin(new CompareAndSet(0, 1));
    History.Operation other = begin(new CompareAndSet(0, 2));
    one.ok(false);
    other.ok(true);
    did(new Read(), 2);
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void keys_areIndependent() {
    history.invoke("a", new Write(1)).ok(null);
    history.invoke("b", new Read()).ok(0);
    assertGood(Linearizable.register(0), true);
  }

  @Test
  void counter_givesEachNumberOnce() {
    History.Operation one = begin(new Add(1));
    History.Operation other = begin(new Add(1));
    one.ok(2L);
    other.ok(1L);
    assertGood(Linearizable.counter(), true);
    did(new Add(1), 2L);
    assertGood(Linearizable.counter(), false);
  }

  @Test
  void queue_keepsTheOrder() {
    did(new Put("a"), null);
    did(new Put("b"), null);
    did(new Take(), "a");
    did(new Take(), "b");
    did(new Take(), null);
    assertGood(Linearizable.queue(), true);
  }

  @Test
  void queueThatGivesTheLastFirst_isBad() {
    did(new Put("a"), null);
    did(new Put("b"), null);
    did(new Take(), "b");
    assertGood(Linearizable.queue(), false);
  }

  @Test
  void manyAtOnce_areSearchedInTime() {
    for (int i = 0; i < 10; i++) {
      begin(new Write(i)); // Nobody knows how they end.
    }
    for (int i = 0; i < 10; i++) {
      did(new Read(), i);
    }
    assertGood(Linearizable.register(-1), true);
  }

  @Test
  void tooMany_areRefused() {
    for (int i = 0; i < 201; i++) {
      did(new Write(i), null);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Linearizable.check(history, Linearizable.register(0)));
  }
}
