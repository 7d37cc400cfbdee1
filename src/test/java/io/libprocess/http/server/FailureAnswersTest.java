package io.libprocess.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Failure;
import io.libprocess.http.Response;
import io.libprocess.http.Status;
import io.libprocess.http.StatusException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailureAnswersTest {

  private static String own(Throwable failure) {
    Response response = FailureAnswers.own(failure).orElseThrow();
    return response.status().code() + " " + response.text();
  }

  @Test
  void failure_thatIsMeantForTheClient_isToldAsItIs() {
    assertEquals("500 broken", own(new Failure("broken")));
    assertEquals("413 much", own(new StatusException(Status.CONTENT_TOO_LARGE, "much")));
  }

  @Test
  void failure_ofAnotherKind_isNotTold() {
    for (Throwable failure :
        List.of(
            new IllegalStateException("secret"),
            new AssertionError("secret"),
            new Failure("secret", new IOException()),
            new Failure(null))) {
      assertEquals(Optional.empty(), FailureAnswers.own(failure));
    }
  }
}
