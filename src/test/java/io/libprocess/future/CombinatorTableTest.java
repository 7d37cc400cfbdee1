package io.libprocess.future;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The result of each combinator for each outcome of its source. */
class CombinatorTableTest {

  private static final Failure FAILURE = new Failure("oops");

  private enum Combinator {
    MAP((f, calls) -> f.map(value -> called(calls, f))),
    THEN((f, calls) -> f.then(value -> Future.of(called(calls, f)))),
    REPAIR((f, calls) -> f.repair(self -> Future.of(called(calls, self)))),
    RECOVER((f, calls) -> f.recover(self -> Future.of(called(calls, self)))),
    UNDISCARDABLE((f, calls) -> f.undiscardable());

    final BiFunction<Future<String>, List<Future<String>>, Future<String>> apply;

    Combinator(BiFunction<Future<String>, List<Future<String>>, Future<String>> apply) {
      this.apply = apply;
    }
  }

  private static String called(List<Future<String>> calls, Future<String> source) {
    calls.add(source);
    return "f";
  }

  private enum Ending {
    READY(p -> p.set("v")),
    READY_FLAGGED(
        p -> {
          p.future().discard();
          p.set("v");
        }),
    FAILED(p -> p.fail(FAILURE)),
    FAILED_FLAGGED(
        p -> {
          p.future().discard();
          p.fail(FAILURE);
        }),
    DISCARDED(Promise::discard),
    DISCARDED_FLAGGED(
        p -> {
          p.future().discard();
          p.discard();
        }),
    ABANDONED(Promise::abandon);

    final Consumer<Promise<String>> end;

    Ending(Consumer<Promise<String>> end) {
      this.end = end;
    }
  }

  /** In each row the texts of the results in the order of {@link Combinator}. */
  private static Stream<Arguments> table() {
    return Stream.of(
            row(Ending.READY, "f", "f", "v", "v", "v"),
            row(Ending.READY_FLAGGED, "Discarded", "Discarded", "v", "v", "v"),
            row(Ending.FAILED, "Failed: oops", "Failed: oops", "f", "f", "Failed: oops"),
            row(Ending.FAILED_FLAGGED, "Failed: oops", "Failed: oops", "f", "f", "Failed: oops"),
            row(Ending.DISCARDED, "Discarded", "Discarded", "Discarded", "f", "Discarded"),
            row(Ending.DISCARDED_FLAGGED, "Discarded", "Discarded", "Discarded", "f", "Discarded"),
            row(Ending.ABANDONED, "Abandoned", "Abandoned", "Abandoned", "f", "Pending"))
        .flatMap(row -> row);
  }

  private static Stream<Arguments> row(Ending ending, String... results) {
    List<Arguments> cells = new ArrayList<>();
    for (Combinator combinator : Combinator.values()) {
      String result = results[combinator.ordinal()];
      cells.add(Arguments.argumentSet(ending + " " + combinator, ending, combinator, result));
    }
    return cells.stream();
  }

  private final Promise<String> promise = new Promise<>();
  private final Future<String> source = promise.future();
  private final List<Future<String>> calls = new ArrayList<>();

  private void check(String expected, Future<String> result) {
    String actual = result.isReady() ? result.get() : result.toString();
    assertEquals(expected, actual);
    if (expected.equals("f")) {
      assertEquals(List.of(source), calls);
    } else {
      assertEquals(List.of(), calls);
    }
    if (result.isFailed()) {
      assertSame(FAILURE, result.failure());
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void derivedBefore(Ending ending, Combinator combinator, String expected) {
    Future<String> result = combinator.apply.apply(source, calls);

    ending.end.accept(promise);

    check(expected, result);
  }

  @ParameterizedTest
  @MethodSource("table")
  void derivedAfter(Ending ending, Combinator combinator, String expected) {
    ending.end.accept(promise);

    check(expected, combinator.apply.apply(source, calls));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNDISCARDABLE")
  void discardRequestOnTheResult_isForwarded(Combinator combinator) {
    assertTrue(combinator.apply.apply(source, calls).discard());

    assertEquals("Pending (with discard)", source.toString());
  }

  @Test
  void discardRequestOnTheResult_isBlockedByUndiscardable() {
    assertTrue(source.undiscardable().discard());

    assertEquals("Pending", source.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"REPAIR", "RECOVER", "UNDISCARDABLE"})
  void discardRequestOnTheResult_staysOnAResultThatIsPassedThrough(Combinator combinator) {
    Future<String> result = combinator.apply.apply(source, calls);
    result.discard();

    promise.set("v");

    assertEquals("Ready (with discard)", result.toString());
  }
}
