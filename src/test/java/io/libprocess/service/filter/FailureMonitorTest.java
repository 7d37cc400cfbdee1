package io.libprocess.service.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.service.FailureFlag;
import io.libprocess.service.FlaggedFailure;
import io.libprocess.service.Service;
import io.libprocess.service.stack.ServerStack;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureMonitorTest {

  private final List<String> heard = new ArrayList<>();
  private Future<String> answer = Future.of("r");
  private final Service<String, String> service =
      new FailureMonitor<String, String>((request, failure) -> heard.add(request + ": " + failure))
          .andThen(request -> answer);

  @Test
  void failures_areTold_andNothingElse() {
    Promise<String> later = new Promise<>();
    answer = later.future();
    Future<String> first = service.call("a");
    answer = Future.failed(new AssertionError("now"));
    service.call("b");
    for (Future<String> other :
        List.<Future<String>>of(
            Future.of("r"),
            Future.discarded(),
            Future.abandoned(),
            Future.failed(FlaggedFailure.of("no", FailureFlag.IGNORABLE)))) {
      answer = other;
      service.call("c");
    }
    Throwable failure = new Exception("later");
    later.fail(failure);

    assertSame(failure, first.failure());
    assertEquals(
        List.of("b: java.lang.AssertionError: now", "a: java.lang.Exception: later"), heard);
  }

  @Test
  void monitor_thatThrowsChangesNothing() {
    Service<String, String> broken =
        new FailureMonitor<String, String>(
                (request, failure) -> {
                  throw new AssertionError("of the monitor");
                })
            .andThen(request -> Future.failed("of the service"));

    assertEquals("of the service", broken.call("q").failure().getMessage());
  }

  /** It stands outside of everything in a server. */
  @Test
  void server_tellsWhatItsFiltersThrow() {
    Service<String, String> server =
        ServerStack.<String, String>named("x")
            .filter(
                (request, next) -> {
                  throw new IllegalStateException("of a filter");
                })
            .monitor((request, failure) -> heard.add(failure.getMessage()))
            .build(request -> Future.of("r"));

    assertTrue(server.call("q").isFailed());
    assertEquals(List.of("of a filter"), heard);
  }
}
