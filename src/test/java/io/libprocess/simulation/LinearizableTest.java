package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.simulation.Linearizable.Add;
import io.libprocess.simulation.Linearizable.CompareAndSet;
import io.libprocess.simulation.Linearizable.Put;
import io.libprocess.simulation.Linearizable.Read;
import io.libprocess.simulation.Linearizable.Take;
import io.libprocess.simulation.Linearizable.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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

  /** It would have no effect as the first, and is needed as the second. */
  @Test
  void writeOfWhatIsThere_mayBeDoneLater() {
    History.Operation write = begin(new Write(0));
    History.Operation one = begin(new CompareAndSet(0, 1));
    History.Operation other = begin(new CompareAndSet(0, 2));
    write.ok(null);
    one.ok(true);
    other.ok(true);
    assertGood(Linearizable.register(0), true);
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

  /** Those whose values nobody reads need not be tried in all their orders. */
  @Test
  void manyOfWhichNobodyKnows_areSearchedInTimeIfItIsBad() {
    for (int i = 0; i < 100; i++) {
      begin(new Write(i)); // Nobody knows how they end.
    }
    did(new Read(), 1);
    did(new Read(), 2);
    did(new Read(), 1);
    assertGood(Linearizable.register(-1), false);
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

  /* ------ Beside a search without any shortcut ------ */

  private static Object input(Linearizable.Model<?> model, Random random) {
    if (model.initial() instanceof Long) {
      return random.nextInt(3) == 0 ? new Read() : new Add(random.nextInt(3));
    }
    if (model.initial() instanceof List<?>) {
      return random.nextBoolean() ? new Put(random.nextInt(2)) : new Take();
    }
    return switch (random.nextInt(3)) {
      case 0 -> new Read();
      case 1 -> new Write(random.nextInt(3));
      default -> new CompareAndSet(random.nextInt(3), random.nextInt(3));
    };
  }

  private static Object result(Linearizable.Model<?> model, Object input, Random random) {
    if (model.initial() instanceof Long) {
      return (long) random.nextInt(5);
    }
    if (input instanceof CompareAndSet) {
      return random.nextBoolean();
    }
    return random.nextInt(4) == 0 ? null : (Object) random.nextInt(3);
  }

  /** Operations of which some overlap, and of some of which nobody knows the end. */
  private static List<History.Operation> some(Linearizable.Model<?> model, Random random) {
    History some = new History(null);
    List<History.Operation> running = new ArrayList<>();
    for (int i = 1 + random.nextInt(7); i > 0; i--) {
      running.add(some.invoke("x", input(model, random)));
      while (!running.isEmpty() && random.nextInt(3) > 0) {
        History.Operation one = running.remove(random.nextInt(running.size()));
        if (random.nextInt(3) > 0) {
          one.ok(result(model, one.input(), random));
        }
      }
    }
    return some.operations();
  }

  private static <S> boolean fits(List<History.Operation> left, S state, Linearizable.Model<S> by) {
    boolean over = left.stream().allMatch(one -> one.end() != History.End.OK);
    long first = left.stream().mapToLong(History.Operation::ended).min().orElse(0);
    for (int i = 0; i < left.size() && !over; i++) {
      History.Operation next = left.get(i);
      List<History.Operation> rest = new ArrayList<>(left);
      rest.remove(i);
      boolean known = next.end() == History.End.OK;
      Optional<S> after = by.after(state, next.input(), next.result(), known);
      over = next.begun() < first && after.isPresent() && fits(rest, after.get(), by);
    }
    return over;
  }

  private static <S> int compare(Linearizable.Model<S> model, int histories) {
    Random random = new Random(1);
    int good = 0;
    for (int i = 0; i < histories; i++) {
      List<History.Operation> operations = some(model, random);
      boolean fits = fits(operations, model.initial(), model);
      assertEquals(fits, Linearizable.fits(operations, model), operations.toString());
      good += fits ? 1 : 0;
    }
    return good;
  }

  @Test
  void smallHistories_areJudgedAsByASearchOfAllOrders() {
    for (Linearizable.Model<?> model :
        List.of(Linearizable.register(0), Linearizable.counter(), Linearizable.queue())) {
      int good = compare(model, 20_000);
      assertTrue(good > 2_000 && good < 18_000, good + " are good");
    }
  }
}
