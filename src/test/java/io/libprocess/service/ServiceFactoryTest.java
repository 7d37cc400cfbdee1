package io.libprocess.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ServiceFactoryTest {

  private final Sessions sessions = new Sessions();
  private final Service<String, String> service = sessions.perRequest();

  @Test
  void perRequest_closesTheSessionBeforeTheResponseIsSeen() {
    Promise<String> answer = sessions.answerLater();
    List<Integer> open = new ArrayList<>();
    Future<String> response = service.call("q").onAny(done -> open.add(sessions.open));
    assertEquals(1, sessions.open);

    answer.set("r");
    assertEquals("r", response.get());
    assertEquals(List.of(0), open);
  }

  @Test
  void perRequest_closesTheSessionHoweverTheResponseEnds() {
    List<Supplier<Future<String>>> ends =
        List.of(
            () -> Future.of("r"),
            () -> Future.failed("x"),
            Future::discarded,
            Future::abandoned,
            () -> {
              throw new StackOverflowError();
            },
            () -> null);
    for (Supplier<Future<String>> end : ends) {
      sessions.response = end;
      Future<String> response = service.call("q");
      assertEquals(0, sessions.open, () -> response.toString());
    }
    assertEquals(ends.size(), sessions.made);
  }

  @Test
  void perRequest_closesTheSessionWhenTheResponseIsAbandonedLater() {
    Promise<String> answer = sessions.answerLater();
    Future<String> response = service.call("q");
    assertEquals(1, sessions.open);
    answer.abandon();

    assertTrue(response.isAbandoned());
    assertEquals(0, sessions.open);
  }

  @Test
  void perRequest_whoseSessionComesLaterThanTheDiscardClosesIt() {
    Promise<Service<String, String>> session = new Promise<>();
    sessions.session = session.future();
    Future<String> response = service.call("q");
    response.discard();
    assertTrue(session.future().hasDiscard());
    assertEquals(0, sessions.open);
    session.set(sessions.make("q"));

    assertTrue(response.isDiscarded());
    assertEquals(0, sessions.open);
  }

  @Test
  void perRequest_withoutSessionFailsAndMayBeRetried() {
    Throwable cause = new Exception("no route");
    sessions.session = Future.failed(cause);
    Throwable failure = service.call("q").failure();

    assertTrue(FlaggedFailure.has(failure, FailureFlag.RETRYABLE));
    assertSame(cause, failure.getCause());

    sessions.session = Future.failed(FlaggedFailure.of("no", FailureFlag.NON_RETRYABLE));
    assertFalse(FlaggedFailure.has(service.call("q").failure(), FailureFlag.RETRYABLE));
  }

  @Test
  void perRequest_holdsTheSessionUntilTheResponseIsOver() {
    List<Runnable> releases = new ArrayList<>();
    Service<String, String> holding =
        sessions.perRequest(
            (response, release) -> {
              releases.add(release);
              return response + "!";
            });
    sessions.response = () -> Future.of("r");

    assertEquals("r!", holding.call("q").get());
    assertEquals(1, sessions.open);
    releases.get(0).run();
    releases.get(0).run();
    assertEquals(0, sessions.open);

    sessions.response = () -> Future.failed("x");
    assertTrue(holding.call("q").isFailed());
    assertEquals(0, sessions.open);
  }

  @Test
  void perRequest_whoseHoldThrowsClosesTheSession() {
    Service<String, String> holding =
        sessions.perRequest(
            (response, release) -> {
              throw new Exception("broken");
            });
    sessions.response = () -> Future.of("r");

    assertEquals("broken", holding.call("q").failure().getMessage());
    assertEquals(0, sessions.open);
  }

  @Test
  void filtered_putsTheFilterBeforeEachSession() {
    sessions.response = () -> Future.of("r");
    Service<String, String> doubling =
        sessions
            .<String, String>filtered(
                (request, inner) -> inner.call(request).map(response -> response + response))
            .perRequest();

    assertEquals("rr", doubling.call("q").get());
    assertEquals(0, sessions.open);
  }

  @Test
  void filtered_whoseSessionIsDiscardedClosesIt() {
    Promise<Service<String, String>> session = new Promise<>();
    sessions.session = session.future();
    Future<Service<String, String>> filtered =
        sessions.filtered(Filter.<String, String>identity()).acquire();
    filtered.discard();
    session.set(sessions.make("q"));

    assertTrue(filtered.isDiscarded());
    assertEquals(0, sessions.open);
  }

  @Test
  void filtered_whoseFilterCannotBePutBeforeItClosesTheSession() {
    Filter<String, String, String, String> broken =
        new Filter<>() {
          @Override
          public Future<String> apply(String request, Service<String, String> service) {
            return service.call(request);
          }

          @Override
          public Service<String, String> andThen(Service<String, String> service) {
            throw new IllegalStateException("broken");
          }
        };
    assertTrue(sessions.filtered(broken).acquire().isFailed());
    assertEquals(1, sessions.made);
    assertEquals(0, sessions.open);
  }

  @Test
  void of_givesOneServiceAndClosesItInTheEnd() {
    List<Duration> closed = new ArrayList<>();
    Service<String, String> one =
        new Service<>() {
          @Override
          public Future<String> apply(String request) {
            return Future.of(request);
          }

          @Override
          public Future<Void> close(Duration limit) {
            closed.add(limit);
            return Future.done();
          }
        };
    ServiceFactory<String, String> factory = ServiceFactory.of(one);
    assertEquals("q", factory.perRequest().call("q").get());
    assertEquals(List.of(), closed);

    factory.close(Duration.ofSeconds(1));
    assertEquals(List.of(Duration.ofSeconds(1)), closed);
  }

  @Test
  void acquire_liftsWhatIsThrown() {
    ServiceFactory<String, String> broken =
        () -> {
          throw new Exception("broken");
        };

    assertEquals("broken", broken.acquire().failure().getMessage());
    ServiceFactory<String, String> none = () -> null;
    assertTrue(none.acquire().isFailed());
  }

  /** Counts sessions that are open. */
  private static final class Sessions implements ServiceFactory<String, String> {

    private Supplier<Future<String>> response = Future::abandoned;
    private Future<Service<String, String>> session; // Null: one that is there at once.
    private int made;
    private int open;

    Promise<String> answerLater() {
      Promise<String> promise = new Promise<>();
      response = promise::future;
      return promise;
    }

    @Override
    public Future<Service<String, String>> make() {
      return session != null ? session : Future.of(make("q"));
    }

    Service<String, String> make(String expected) {
      made++;
      open++;
      return new Service<>() {
        private boolean closed;

        @Override
        public Future<String> apply(String request) {
          assertEquals(expected, request);
          assertFalse(closed);
          return response.get();
        }

        @Override
        public Future<Void> close(Duration limit) {
          assertFalse(closed);
          closed = true;
          open--;
          return Future.done();
        }
      };
    }
  }
}
