package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.Timeline;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NackAdmissionTest {

  private final Timeline time = new Timeline();
  private final NackAdmission<String, String> admission =
      new NackAdmission<>(time.clock(), new Random(4));
  private boolean refuses;
  private int received;
  private final Service<String, String> service =
      admission.andThen(
          request -> {
            received++;
            return refuses
                ? Future.failed(FlaggedFailure.of("busy", FailureFlag.REJECTED))
                : Future.of("r");
          });

  /** Sends requests for some seconds, at a rate. */
  private void send(int seconds, int perSecond) {
    for (int i = 0; i < seconds * perSecond; i++) {
      service.call("q");
      time.advanceMillis(1000 / perSecond);
    }
  }

  @Test
  void fewRefusals_dropNothing() {
    send(10, 20);
    refuses = true;
    send(30, 20);

    assertTrue(admission.accepted() > 0.5, "" + admission.accepted());
    assertEquals(800, received);
  }

  @Test
  void manyRefusals_dropThreeQuartersAtMost() {
    refuses = true;
    send(1200, 20);
    received = 0;
    send(600, 20);

    assertTrue(admission.accepted() < 0.1, "" + admission.accepted());
    double share = received / 12_000.0;
    assertTrue(share > 0.22 && share < 0.28, "" + share);
  }

  @Test
  void dropped_failAndAreNotToBeRetried() {
    refuses = true;
    send(1200, 20);
    int before = received;
    Future<String> dropped = service.call("q");
    while (received > before) {
      before = received;
      time.advanceMillis(50);
      dropped = service.call("q");
    }

    assertTrue(FlaggedFailure.has(dropped.failure(), FailureFlag.REJECTED));
    assertTrue(FlaggedFailure.has(dropped.failure(), FailureFlag.NON_RETRYABLE));
  }

  @Test
  void serversThatRecover_getEverythingAgain() {
    refuses = true;
    send(1200, 20);
    refuses = false;
    send(600, 20);
    received = 0;
    send(10, 20);

    assertTrue(admission.accepted() > 0.9, "" + admission.accepted());
    assertEquals(200, received);
  }

  @Test
  void fewRequests_areAllSent() {
    refuses = true;
    send(1200, 3);

    assertEquals(3600, received);
    assertEquals(1, admission.accepted());
  }

  /** Without time there is no average: nothing moves but with the clock. */
  @Test
  void average_movesWithTheClockAlone() {
    send(1, 20);
    refuses = true;
    double before = admission.accepted();
    for (int i = 0; i < 1000; i++) {
      service.call("q");
    }

    assertTrue(before - admission.accepted() < 0.01);
  }
}
