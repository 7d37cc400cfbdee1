package io.libprocess.service.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.ResponseClassifier;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.Timeline;
import io.libprocess.service.filter.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories of an endpoint, whose status is compared with that of a model after each step:
 * requests by callers who heed the status and by others, with all kinds of outcomes, probes that
 * are discarded, abandoned or never made, and sessions that cannot be had.
 */
class FailureAccrualModelTest {

  private static final int FAILURES = 3;
  private static final Duration DEAD = Duration.ofSeconds(5);

  private enum State {
    ALIVE,
    DEAD,
    PROBE_OPEN,
    PROBE_CLOSED
  }

  /** What is known of a session: its request, if it has one, and whether it is the probe. */
  private static final class Use {
    private final Service<String, String> session;
    private boolean probe;
    private Promise<String> answer; // Null before the request.

    Use(Service<String, String> session, boolean probe) {
      this.session = session;
      this.probe = probe;
    }
  }

  /** One history. */
  private static final class History {
    private final Random random;
    private final Timeline time = new Timeline();
    private final TestSessions sessions = new TestSessions();
    private final FailureAccrual<String, String> accrual =
        new FailureAccrual<>(
            sessions,
            AccrualPolicy.consecutiveFailures(FAILURES, Backoff.constant(DEAD)),
            ResponseClassifier.standard(),
            time.clock());
    private final List<Use> uses = new ArrayList<>();

    private State state = State.ALIVE;
    private int inARow;
    private Duration deadUntil = Duration.ZERO;
    private int probes;

    History(long seed) {
      random = new Random(seed);
    }

    private void compare(String step) {
      if (state == State.DEAD && time.elapsed().compareTo(deadUntil) >= 0) {
        state = State.PROBE_OPEN;
      }
      boolean open = state == State.ALIVE || state == State.PROBE_OPEN;
      assertEquals(open ? ServiceStatus.OPEN : ServiceStatus.BUSY, accrual.status(), step);
      assertEquals(
          state == State.PROBE_CLOSED ? 1 : 0,
          uses.stream().filter(use -> use.probe).count(),
          () -> step + ": probes under way");
    }

    private void die() {
      state = State.DEAD;
      deadUntil = time.elapsed().plus(DEAD);
    }

    /** What an outcome means: null stands for one that does not count. */
    private void record(boolean probe, Boolean success) {
      if (probe) {
        if (success == null) {
          state = State.PROBE_OPEN;
        } else if (success) {
          state = State.ALIVE;
          inARow = 0;
        } else {
          die();
        }
      } else if (state == State.ALIVE && success != null) {
        inARow = success ? 0 : inARow + 1;
        if (inARow >= FAILURES) {
          die();
        }
      }
    }

    private String acquire() {
      boolean probe = state == State.PROBE_OPEN;
      if (probe) {
        state = State.PROBE_CLOSED;
        probes++;
      }
      if (random.nextInt(8) == 0) {
        sessions.failing("no route");
        assertTrue(accrual.acquire().isFailed());
        sessions.working();
        record(probe, false);
        return "no session";
      }
      uses.add(new Use(accrual.acquire().get(), probe));
      return "session";
    }

    private String request(Use use) {
      if (use.answer != null) {
        return answer(use);
      }
      use.answer = new Promise<>();
      sessions.answer = use.answer::future;
      use.session.call("q");
      return "request";
    }

    private String answer(Use use) {
      boolean probe = use.probe;
      use.probe = false; // Only its first outcome decides.
      Promise<String> answer = use.answer;
      use.answer = null;
      switch (random.nextInt(5)) {
        case 0 -> {
          record(probe, true);
          answer.set("r");
        }
        case 1 -> {
          record(probe, false);
          answer.fail("x");
        }
        case 2 -> {
          record(probe, false);
          answer.abandon();
        }
        case 3 -> {
          record(probe, null);
          answer.discard();
        }
        default -> {
          record(probe, null);
          answer.fail(FlaggedFailure.of("x", FailureFlag.IGNORABLE));
        }
      }
      return "answer";
    }

    private String close(Use use) {
      if (use.answer != null) {
        answer(use);
      }
      if (use.probe) {
        use.probe = false;
        record(true, null);
      }
      uses.remove(use);
      use.session.close(Duration.ZERO);
      return "close";
    }

    private String step() {
      boolean heeds = random.nextBoolean(); // Others come whatever the status is.
      int kind = random.nextInt(10);
      if (kind < 3 && (!heeds || accrual.status() == ServiceStatus.OPEN)) {
        return acquire();
      }
      if (kind < 8 && !uses.isEmpty()) {
        Use use = uses.get(random.nextInt(uses.size()));
        return random.nextInt(4) == 0 ? close(use) : request(use);
      }
      time.advanceMillis(random.nextInt(2000));
      return "time";
    }

    /**
     * Whatever has happened, an endpoint that is left alone is open again, and lives if it works.
     */
    private void end() {
      for (Use use : List.copyOf(uses)) {
        close(use);
      }
      time.advance(DEAD);
      compare("end");
      assertEquals(ServiceStatus.OPEN, accrual.status());
      sessions.answer = () -> Future.of("r");
      assertEquals("r", accrual.perRequest().call("q").get());
      for (int i = 1; i < FAILURES; i++) {
        sessions.answer = () -> Future.failed("x");
        accrual.perRequest().call("q");
        assertEquals(ServiceStatus.OPEN, accrual.status());
      }
    }
  }

  @Test
  void status_isThatOfTheModel_withOneProbeAtATime() {
    int probes = 0;
    for (int seed = 0; seed < 300; seed++) {
      History history = new History(seed);
      for (int i = 0; i < 200; i++) {
        String step = history.step();
        history.compare("seed " + seed + ", step " + i + ": " + step);
      }
      history.end();
      probes += history.probes;
    }
    assertTrue(probes > 1000, "probes: " + probes);
  }
}
