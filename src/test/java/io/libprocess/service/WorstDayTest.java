package io.libprocess.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.service.balance.AccrualPolicy;
import io.libprocess.service.balance.Balancer;
import io.libprocess.service.balance.FailFast;
import io.libprocess.service.balance.FailureAccrual;
import io.libprocess.service.balance.LoadMetric;
import io.libprocess.service.filter.Backoff;
import io.libprocess.service.filter.RequeueFilter;
import io.libprocess.service.filter.RetryBudget;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services, factories and filters of users whose status or end throws, or is null. */
class WorstDayTest {

  /** What a method of a user does instead of its work. */
  private enum Fault {
    EXCEPTION(
        () -> {
          throw new IllegalStateException("broken");
        }),
    ERROR(
        () -> {
          throw new AssertionError("broken");
        }),
    NULL(() -> null);

    private final Supplier<Object> doing;

    Fault(Supplier<Object> doing) {
      this.doing = doing;
    }

    @SuppressWarnings("unchecked") // It is null, if anything.
    private <T> T happen() {
      return (T) doing.get();
    }
  }

  /** A service, or what makes one, whose status and end are faulty. */
  private static class Faulty implements Service<String, String> {
    private final Fault fault;

    Faulty(Fault fault) {
      this.fault = fault;
    }

    @Override
    public Future<String> apply(String request) {
      return Future.of("r");
    }

    @Override
    public ServiceStatus status() {
      return fault.happen();
    }

    @Override
    public Future<Void> close(Duration limit) {
      return fault.happen();
    }
  }

  private static final class FaultyFactory implements ServiceFactory<String, String> {
    private final Fault fault;

    FaultyFactory(Fault fault) {
      this.fault = fault;
    }

    @Override
    public Future<Service<String, String>> make() {
      return Future.of(new Faulty(fault));
    }

    @Override
    public ServiceStatus status() {
      return fault.happen();
    }

    @Override
    public Future<Void> close(Duration limit) {
      return fault.happen();
    }
  }

  private static final class FaultyFilter implements Filter<String, String, String, String> {
    private final Fault fault;

    FaultyFilter(Fault fault) {
      this.fault = fault;
    }

    @Override
    public Future<String> apply(String request, Service<String, String> service) {
      return service.call(request);
    }

    @Override
    public ServiceStatus status() {
      return fault.happen();
    }
  }

  private static void assertClosed(Fault fault, Future<Void> closed) {
    assertEquals(fault == Fault.NULL, closed.isReady());
    assertEquals(fault != Fault.NULL, closed.isFailed());
  }

  @ParameterizedTest
  @EnumSource
  void status_thatCannotBeToldIsClosed(Fault fault) {
    Filter<String, String, String, String> identity = Filter.identity();
    FaultyFilter filter = new FaultyFilter(fault);
    Service<String, String> sound = request -> Future.of(request);

    assertEquals(ServiceStatus.CLOSED, identity.andThen(new Faulty(fault)).status());
    assertEquals(ServiceStatus.CLOSED, filter.andThen(sound).status());
    assertEquals(ServiceStatus.CLOSED, filter.andThen(identity).andThen(sound).status());
    assertEquals(
        ServiceStatus.CLOSED, ServiceStatus.of(new FaultyFactory(fault).filtered(identity)));
    assertEquals(ServiceStatus.CLOSED, ServiceStatus.of(ServiceFactory.of(sound).filtered(filter)));
    assertEquals("q", filter.andThen(sound).call("q").get());
  }

  @ParameterizedTest
  @EnumSource
  void end_thatFailsIsAFuture(Fault fault) {
    Filter<String, String, String, String> identity = Filter.identity();

    assertClosed(fault, identity.andThen(new Faulty(fault)).close(Duration.ZERO));
    assertClosed(fault, ServiceFactory.of(new Faulty(fault)).close(Duration.ZERO));

    FaultyFactory faulty = new FaultyFactory(fault);
    try (Clock clock = Clock.paused(Instant.EPOCH)) {
      Backoff never = Backoff.none();
      ServiceFactory<String, String> failFast = new FailFast<>(faulty, () -> true, never, clock);
      ServiceFactory<String, String> accrual =
          new FailureAccrual<>(
              faulty,
              AccrualPolicy.consecutiveFailures(1, Backoff.constant(Duration.ofSeconds(1))),
              ResponseClassifier.standard(),
              clock);
      assertClosed(fault, faulty.filtered(identity).close(Duration.ZERO));
      assertClosed(fault, faulty.perRequest().close(Duration.ZERO));
      assertClosed(fault, failFast.close(Duration.ZERO));
      assertClosed(fault, accrual.close(Duration.ZERO));
      assertClosed(fault, accrual.acquire().get().close(Duration.ZERO));
    }
  }

  @ParameterizedTest
  @EnumSource
  void session_whoseEndFailsDoesNotFailTheResponse(Fault fault) {
    ServiceFactory<String, String> factory = new FaultyFactory(fault);
    assertEquals("r", factory.perRequest().call("q").get());
    assertEquals("r", factory.filtered(Filter.identity()).perRequest().call("q").get());
    List<Runnable> releases = new ArrayList<>();
    Service<String, String> holding =
        factory.perRequest(
            (response, release) -> {
              releases.add(release);
              return response;
            });
    assertEquals("r", holding.call("q").get());
    releases.get(0).run();
  }

  private final Timeline time = new Timeline();
  private final List<Integer> closed = new ArrayList<>();

  private Balancer<Integer, String, String> balancer(Map<Integer, Fault> faults) {
    return new Balancer<>(
        key -> faults.containsKey(key) ? new FaultyFactory(faults.get(key)) : sound(key),
        LoadMetric.LEAST_LOADED,
        time.clock(),
        new Random(3));
  }

  private ServiceFactory<String, String> sound(int key) {
    return new ServiceFactory<>() {
      @Override
      public Future<Service<String, String>> make() {
        return Future.of(request -> Future.of("sound"));
      }

      @Override
      public Future<Void> close(Duration limit) {
        closed.add(key);
        return Future.done();
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void balancer_avoidsTheEndpointThatCannotTellItsStatus(Fault fault) {
    Balancer<Integer, String, String> balancer = balancer(Map.of(0, fault));
    balancer.update(List.of(0, 1, 2), Duration.ZERO);
    for (int i = 0; i < 200; i++) {
      assertEquals("sound", balancer.perRequest().call("q").get());
    }
    assertEquals(ServiceStatus.OPEN, balancer.status());
    assertEquals(0, balancer.panics());
  }

  @ParameterizedTest
  @EnumSource
  void balancer_closesTheOthersOfAnEndpointWhoseEndFails(Fault fault) {
    Balancer<Integer, String, String> balancer = balancer(Map.of(0, fault));
    balancer.update(List.of(0, 1, 2), Duration.ZERO);

    assertClosed(fault, balancer.close(Duration.ZERO));
    assertEquals(List.of(1, 2), closed);
  }

  @Test
  void balancer_whoseUpdateFailsClosesWhatIsNewAndKeepsTheRest() {
    Balancer<Integer, String, String> balancer =
        new Balancer<>(
            key -> {
              if (key == 9) {
                throw new IllegalStateException("no such endpoint");
              }
              return sound(key);
            },
            LoadMetric.LEAST_LOADED,
            time.clock(),
            new Random(3));
    balancer.update(List.of(1), Duration.ZERO);
    assertThrows(
        IllegalStateException.class, () -> balancer.update(List.of(1, 2, 9), Duration.ZERO));

    assertEquals(List.of(2), closed);
    assertEquals(1, balancer.size());
    assertEquals("sound", balancer.perRequest().call("q").get());
  }

  @ParameterizedTest
  @EnumSource
  void prober_whoseSessionCannotBeClosedEndsTheOutage(Fault fault) {
    List<Future<Service<String, String>>> next = new ArrayList<>();
    next.add(Future.failed("refused"));
    next.add(Future.of(new Faulty(fault)));
    FailFast<String, String> failFast =
        new FailFast<>(
            () -> next.remove(0),
            () -> true,
            Backoff.constant(Duration.ofSeconds(1)),
            time.clock());
    assertTrue(failFast.acquire().isFailed());
    assertEquals(ServiceStatus.BUSY, failFast.status());
    time.advance(Duration.ofSeconds(1));

    assertEquals(ServiceStatus.OPEN, failFast.status());
    assertEquals(0, time.timers());
  }

  /** Without a next attempt nobody would ever find out that the endpoint is there again. */
  @ParameterizedTest
  @EnumSource
  void prober_thatDoesNotKnowWhenToTryEndsTheOutage(Fault fault) {
    FailFast<String, String> failFast =
        new FailFast<>(() -> Future.failed("refused"), () -> true, fault::happen, time.clock());

    assertTrue(failFast.acquire().isFailed());
    assertEquals(ServiceStatus.OPEN, failFast.status());
  }

  /** The failure of the request is what its caller sees, and not that of a question beside it. */
  @ParameterizedTest
  @EnumSource
  void requeue_showsTheFailureOfTheRequest(Fault fault) {
    Throwable failure = FlaggedFailure.of("refused", FailureFlag.RETRYABLE);
    Service<String, String> broken =
        new Faulty(fault) {
          @Override
          public Future<String> apply(String request) {
            return Future.failed(failure);
          }
        };
    Service<String, String> service =
        new RequeueFilter<String, String>(RetryBudget.standard(time.clock()), true).andThen(broken);

    assertSame(failure, service.call("q").failure());
    assertFalse(service.status() == ServiceStatus.OPEN);
  }
}
