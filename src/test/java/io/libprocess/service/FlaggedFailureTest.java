package io.libprocess.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlaggedFailureTest {

  private static Set<FailureFlag> flags(Throwable failure) {
    return ((FlaggedFailure) failure).flags();
  }

  @Test
  void of_hasItsFlags() {
    FlaggedFailure failure = FlaggedFailure.of("busy", FailureFlag.REJECTED, FailureFlag.RETRYABLE);

    assertEquals("busy", failure.getMessage());
    assertEquals(Set.of(FailureFlag.REJECTED, FailureFlag.RETRYABLE), failure.flags());
    assertTrue(FlaggedFailure.has(failure, FailureFlag.REJECTED));
    assertFalse(FlaggedFailure.has(failure, FailureFlag.IGNORABLE));
    assertSame(failure, failure.unflagged());
    assertEquals(0, failure.getStackTrace().length);
  }

  @Test
  void with_wrapsUpAndWithout_unwraps() {
    IOException cause = new IOException("gone");
    Throwable flagged = FlaggedFailure.with(cause, FailureFlag.RETRYABLE);
    Throwable more = FlaggedFailure.with(flagged, FailureFlag.IGNORABLE);

    assertSame(cause, flagged.getCause());
    assertSame(cause, more.getCause());
    assertEquals(Set.of(FailureFlag.RETRYABLE, FailureFlag.IGNORABLE), flags(more));
    Throwable less = FlaggedFailure.without(more, FailureFlag.RETRYABLE);
    assertEquals(Set.of(FailureFlag.IGNORABLE), flags(less));
    assertSame(cause, FlaggedFailure.without(less, FailureFlag.IGNORABLE));
    assertSame(cause, FlaggedFailure.without(cause, FailureFlag.IGNORABLE));
    assertSame(flagged, FlaggedFailure.with(flagged, FailureFlag.RETRYABLE));
  }

  /** A failure of a type of its own, with a flag. */
  private static final class Own extends RuntimeException implements Flagged {
    private static final long serialVersionUID = 1L;

    @Override
    public Set<FailureFlag> flags() {
      return Set.of(FailureFlag.REJECTED);
    }
  }

  @Test
  void failureOfAnotherType_hasTheFlagsItSaysUntilTheyAreTaken() {
    Own own = new Own();
    assertTrue(FlaggedFailure.has(own, FailureFlag.REJECTED));
    assertSame(own, FlaggedFailure.with(own, FailureFlag.REJECTED));
    Throwable more = FlaggedFailure.with(own, FailureFlag.RETRYABLE);
    assertEquals(Set.of(FailureFlag.REJECTED, FailureFlag.RETRYABLE), flags(more));
    assertSame(own, FlaggedFailure.without(more, FailureFlag.RETRYABLE));
    Throwable none = FlaggedFailure.without(own, FailureFlag.REJECTED);
    assertFalse(FlaggedFailure.has(none, FailureFlag.REJECTED));
    assertSame(own, none.getCause());
    assertSame(own, FlaggedFailure.with(none, FailureFlag.REJECTED));
  }

  @Test
  void with_keepsTheMessage() {
    assertEquals(
        "Disconnected",
        FlaggedFailure.with(new Failure("Disconnected"), FailureFlag.RETRYABLE).getMessage());
    assertEquals(
        "java.io.IOException",
        FlaggedFailure.with(new IOException(), FailureFlag.RETRYABLE).getMessage());
  }

  @Test
  void retryableAndNonRetryable_excludeEachOther() {
    Throwable retryable = FlaggedFailure.of("x", FailureFlag.RETRYABLE, FailureFlag.REJECTED);
    Throwable not = FlaggedFailure.with(retryable, FailureFlag.NON_RETRYABLE);

    assertEquals(Set.of(FailureFlag.NON_RETRYABLE, FailureFlag.REJECTED), flags(not));
    assertEquals(
        Set.of(FailureFlag.RETRYABLE, FailureFlag.REJECTED),
        flags(FlaggedFailure.with(not, FailureFlag.RETRYABLE)));
    assertThrows(
        IllegalArgumentException.class,
        () -> FlaggedFailure.of("x", FailureFlag.RETRYABLE, FailureFlag.NON_RETRYABLE));
  }

  /* ------ What outcomes mean ------ */

  private static ResponseClass meaning(Future<String> outcome) {
    return ResponseClassifier.<String, String>standard().decide("q", outcome);
  }

  @Test
  void standardClassifier_goesByTheFlags() {
    assertEquals(ResponseClass.SUCCESS, meaning(Future.of("r")));
    assertEquals(ResponseClass.IGNORABLE, meaning(Future.discarded()));
    assertEquals(ResponseClass.NON_RETRYABLE_FAILURE, meaning(Future.abandoned()));
    assertEquals(ResponseClass.NON_RETRYABLE_FAILURE, meaning(Future.failed("x")));
    assertEquals(ResponseClass.IGNORABLE, failed(FailureFlag.IGNORABLE, FailureFlag.RETRYABLE));
    assertEquals(ResponseClass.RETRYABLE_FAILURE, failed(FailureFlag.RETRYABLE));
    assertEquals(
        ResponseClass.NON_RETRYABLE_FAILURE,
        failed(FailureFlag.RETRYABLE, FailureFlag.INTERRUPTED));
    assertEquals(ResponseClass.NON_RETRYABLE_FAILURE, failed(FailureFlag.REJECTED));
  }

  private static ResponseClass failed(FailureFlag... flags) {
    return meaning(Future.failed(FlaggedFailure.of("x", flags)));
  }

  @Test
  void classifier_isAskedFirstAndMayKnowNothingOrThrow() {
    ResponseClassifier<String, String> one =
        (request, outcome) ->
            request.equals("one") ? Optional.of(ResponseClass.RETRYABLE_FAILURE) : Optional.empty();
    ResponseClassifier<String, String> two =
        (request, outcome) -> {
          if (request.equals("two")) {
            return Optional.of(ResponseClass.IGNORABLE);
          }
          throw new AssertionError("broken");
        };
    ResponseClassifier<String, String> both = one.orElse(two);

    assertEquals(ResponseClass.RETRYABLE_FAILURE, both.decide("one", Future.of("r")));
    assertEquals(ResponseClass.IGNORABLE, both.decide("two", Future.of("r")));
    assertEquals(ResponseClass.SUCCESS, both.decide("three", Future.of("r")));
  }
}
