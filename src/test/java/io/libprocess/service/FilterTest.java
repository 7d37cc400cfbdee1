package io.libprocess.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {

  private final List<String> effects = new ArrayList<>();

  /** Notes when a request and its response pass, and leaves its name in both. */
  private Filter<String, String, String, String> recording(String name) {
    return (request, service) -> {
      effects.add(name + "<" + request);
      return service
          .call(request + name)
          .map(
              response -> {
                effects.add(name + ">" + response);
                return response + name;
              });
    };
  }

  private Service<String, String> echo() {
    return request -> {
      effects.add("echo " + request);
      return Future.of(request.toUpperCase());
    };
  }

  /** What a service answers, and all that happens. */
  private List<String> trace(Service<String, String> service) {
    effects.clear();
    List<String> trace = new ArrayList<>();
    trace.add(service.call("q").toString() + service.call("q").get());
    trace.addAll(effects);
    return trace;
  }

  @Test
  void andThen_ordersRequestsFromLeftToRightAndResponsesFromRightToLeft() {
    Service<String, String> service = recording("a").andThen(recording("b")).andThen(echo());

    assertEquals("QABba", service.call("q").get());
    assertEquals(List.of("a<q", "b<qa", "echo qab", "b>QAB", "a>QABb"), effects);
  }

  @Test
  void andThen_isAssociative() {
    Filter<String, String, String, String> a = recording("a");
    Filter<String, String, String, String> b = recording("b");
    Filter<String, String, String, String> c = recording("c");
    List<String> expected = trace(a.andThen(b.andThen(c.andThen(echo()))));

    assertEquals(expected, trace(a.andThen(b).andThen(c).andThen(echo())));
    assertEquals(expected, trace(a.andThen(b.andThen(c)).andThen(echo())));
    assertEquals(expected, trace(a.andThen(b).andThen(c.andThen(echo()))));
    assertEquals(expected, trace(request -> a.andThen(b).andThen(c).apply(request, echo())));
  }

  /** Any way to put brackets and identities into a row of filters comes to the same. */
  @Test
  void andThen_isAMonoidForAnyRow() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<Filter<String, String, String, String>> row = new ArrayList<>();
      Service<String, String> plain = echo();
      for (int i = random.nextInt(5); i >= 0; i--) {
        Filter<String, String, String, String> filter = recording("f" + i);
        row.add(0, filter);
        plain = filter.andThen(plain);
      }
      List<String> expected = trace(plain);
      while (row.size() > 1 || random.nextInt(4) > 0) {
        int at = random.nextInt(row.size());
        if (row.size() == 1 || random.nextInt(4) == 0) {
          row.add(at, Filter.identity());
        } else if (at + 1 < row.size()) {
          row.set(at, row.get(at).andThen(row.remove(at + 1)));
        }
      }
      assertEquals(expected, trace(row.get(0).andThen(echo())));
    }
  }

  @Test
  void identity_isNeutralOnBothSides() {
    Filter<String, String, String, String> a = recording("a");
    List<String> expected = trace(a.andThen(echo()));

    assertEquals(expected, trace(Filter.<String, String>identity().andThen(a).andThen(echo())));
    assertEquals(expected, trace(a.andThen(Filter.identity()).andThen(echo())));
  }

  @Test
  void filter_mayChangeBothTypes() {
    Filter<String, String, Integer, Integer> parsing =
        (request, service) -> service.call(Integer.valueOf(request)).map(String::valueOf);

    assertEquals("42", parsing.andThen(n -> Future.of(n * 2)).call("21").get());
    assertInstanceOf(
        NumberFormatException.class, parsing.andThen(n -> Future.of(n * 2)).call("x").failure());
  }

  /* ------ Failures ------ */

  /** What is thrown, or null is returned, at each position of a row of three filters. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void whatIsThrown_isAFailureForWhoIsBefore(int position) {
    for (Throwable thrown :
        List.of(new Exception("checked"), new IllegalStateException(), new AssertionError())) {
      List<Throwable> seen = new ArrayList<>();
      Service<String, String> service = position == 3 ? throwing(thrown) : echo();
      for (int i = 2; i >= 0; i--) {
        service = i == position ? throwing(thrown, service) : noting(seen, service);
      }

      assertSame(thrown, service.call("q").failure());
      int before = Math.min(position, 3);
      assertEquals(java.util.Collections.nCopies(before, thrown), seen);
    }
  }

  private static Service<String, String> throwing(Throwable thrown) {
    return request -> {
      throw sneaky(thrown);
    };
  }

  private static Service<String, String> throwing(
      Throwable thrown, Service<String, String> service) {
    Filter<String, String, String, String> filter =
        (request, inner) -> {
          throw sneaky(thrown);
        };
    return filter.andThen(service);
  }

  private static Exception sneaky(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return (Exception) thrown;
  }

  /** Uses apply, which throws nothing either where a filter calls it. */
  private static Service<String, String> noting(
      List<Throwable> seen, Service<String, String> service) {
    Filter<String, String, String, String> filter =
        (request, inner) -> inner.apply(request).onFailed(seen::add);
    return filter.andThen(service);
  }

  @Test
  void null_isAFailure() {
    Filter<String, String, String, String> none = (request, service) -> null;
    Service<String, String> nothing = request -> null;

    assertInstanceOf(NullPointerException.class, nothing.call("q").failure());
    assertInstanceOf(NullPointerException.class, none.andThen(echo()).call("q").failure());
    assertInstanceOf(
        NullPointerException.class, recording("a").andThen(nothing).call("q").failure());
  }

  /* ------ Status, close, discards ------ */

  private static final class Shop implements Service<String, String> {
    private ServiceStatus status = ServiceStatus.OPEN;
    private Duration closed;

    @Override
    public Future<String> apply(String request) {
      return Future.of(request);
    }

    @Override
    public ServiceStatus status() {
      return status;
    }

    @Override
    public Future<Void> close(Duration limit) {
      closed = limit;
      return Future.done();
    }
  }

  private static Filter<String, String, String, String> reporting(ServiceStatus status) {
    return new Filter<>() {
      @Override
      public Future<String> apply(String request, Service<String, String> service) {
        return service.call(request);
      }

      @Override
      public ServiceStatus status() {
        return status;
      }
    };
  }

  @Test
  void status_isNeverBetterThanThatOfAnyPart() {
    for (ServiceStatus first : ServiceStatus.values()) {
      for (ServiceStatus second : ServiceStatus.values()) {
        for (ServiceStatus inner : ServiceStatus.values()) {
          Shop shop = new Shop();
          shop.status = inner;
          Service<String, String> service =
              reporting(first).andThen(reporting(second)).andThen(shop);
          assertEquals(first.worse(second).worse(inner), service.status());
        }
      }
    }
    assertEquals(ServiceStatus.OPEN, ServiceStatus.CLOSED.better(ServiceStatus.OPEN));
    assertEquals(ServiceStatus.OPEN, echo().status());
  }

  @Test
  void close_reachesTheService() {
    Shop shop = new Shop();
    recording("a").andThen(recording("b")).andThen(shop).close(Duration.ofSeconds(3));

    assertEquals(Duration.ofSeconds(3), shop.closed);
    assertTrue(echo().close(Duration.ZERO).isReady());
  }

  @Test
  void discard_reachesTheService() {
    AtomicBoolean heard = new AtomicBoolean();
    Promise<String> promise = new Promise<>();
    promise.future().onDiscard(() -> heard.set(true));
    Service<String, String> slow = request -> promise.future();

    recording("a").andThen(recording("b")).andThen(slow).call("q").discard();

    assertTrue(heard.get());
  }
}
