package io.libprocess.service.balance;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.internal.StackReserve;
import io.libprocess.service.Service;
import io.libprocess.service.ServiceFactory;
import io.libprocess.service.ServiceStatus;
import io.libprocess.service.support.Closing;
import io.libprocess.service.support.Steps;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Distributes requests over endpoints. For each it picks two at random and takes the better one:
 * that of the better status, or else of the lower load. While the one that was picked is not open
 * it picks again, four times in all; then one more is taken as it comes, so that requests flow also
 * where everything seems to be down.
 *
 * <p>The lock guards changes of the endpoints; requests read a copy of them.
 *
 * @param <K> what tells endpoints apart, such as their addresses
 * @param <Q> the type of requests
 * @param <R> the type of responses
 */
public final class Balancer<K, Q, R> implements ServiceFactory<Q, R> {

  private static final int PICKS = 4;
  private static final String CLOSED = "the balancer is closed";

  private final Function<? super K, ServiceFactory<Q, R>> factories;
  private final LoadMetric metric;
  private final Clock clock;
  private final RandomGenerator random;
  private final LongAdder panics = new LongAdder();
  private volatile Map<K, Node<Q, R>> byKey = Map.of(); // Never changed itself.
  private volatile List<Node<Q, R>> nodes = List.of();
  private volatile boolean closed; // Written under the lock.

  /** One endpoint. */
  private record Node<Q, R>(ServiceFactory<Q, R> factory, NodeLoad load) {}

  /**
   * Makes a balancer without endpoints.
   *
   * @param factories makes what gives sessions with an endpoint; the balancer closes it
   * @param random for several threads
   */
  public Balancer(
      Function<? super K, ServiceFactory<Q, R>> factories,
      LoadMetric metric,
      Clock clock,
      RandomGenerator random) {
    this.factories = requireNonNull(factories, "factories");
    this.metric = requireNonNull(metric, "metric");
    this.clock = requireNonNull(clock, "clock");
    this.random = requireNonNull(random, "random");
  }

  /**
   * Says which endpoints there are from now on. What is known of those that stay is kept; those
   * that go are closed, and have {@code limit} for requests under way.
   *
   * @return ready when those that go are closed
   * @throws IllegalStateException if this balancer is closed
   */
  public Future<Void> update(Collection<? extends K> keys, Duration limit) {
    List<Node<Q, R>> gone;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException(CLOSED);
      }
      Map<K, Node<Q, R>> next = new LinkedHashMap<>();
      try {
        for (K key : keys) {
          Node<Q, R> known = byKey.get(key);
          Node<Q, R> node = known == null ? next.get(key) : known;
          next.put(key, node == null ? node(key) : node);
        }
      } catch (Throwable thrown) { // Of the function that makes factories: nothing changes.
        close(missing(next, byKey), Duration.ZERO);
        throw thrown;
      }
      gone = missing(byKey, next);
      byKey = next;
      nodes = List.copyOf(next.values());
    }
    return close(gone, limit);
  }

  /** The nodes of some endpoints that others do not have. */
  private static <K, Q, R> List<Node<Q, R>> missing(
      Map<K, Node<Q, R>> some, Map<K, Node<Q, R>> others) {
    List<Node<Q, R>> missing = new ArrayList<>();
    some.forEach(
        (key, node) -> {
          if (!others.containsKey(key)) {
            missing.add(node);
          }
        });
    return missing;
  }

  private Node<Q, R> node(K key) {
    return new Node<>(
        requireNonNull(factories.apply(key), "the factory of an endpoint"), metric.start(clock));
  }

  private static <Q, R> Future<Void> close(List<Node<Q, R>> gone, Duration limit) {
    List<Future<Void>> all = new ArrayList<>();
    for (Node<Q, R> node : gone) {
      all.add(Closing.of(() -> node.factory().close(limit)));
    }
    return Futures.await(all).then(over -> Futures.collect(all)).map(done -> null);
  }

  /** How many endpoints there are. */
  public int size() {
    return nodes.size();
  }

  /** How often a request was sent to an endpoint that did not seem to be open. */
  public long panics() {
    return panics.sum();
  }

  /* ------ Picking ------ */

  @Override
  public Future<Service<Q, R>> make() {
    StackReserve.checkForOperation(); // What is begun is ended.
    List<Node<Q, R>> all = nodes;
    if (closed || all.isEmpty()) {
      return Future.failed(new Failure(closed ? CLOSED : "there are no endpoints"));
    }
    Node<Q, R> node = pick(all);
    long begun = node.load().begin();
    try {
      return acquire(node, begun);
    } catch (Throwable thrown) { // Such as for a lack of memory.
      node.load().end(begun);
      throw thrown;
    }
  }

  private static <Q, R> Future<Service<Q, R>> acquire(Node<Q, R> node, long begun) {
    Future<Service<Q, R>> session = node.factory().acquire();
    if (session.isReady() && !session.hasDiscard()) {
      return Future.of(new BalancedSession<>(session.get(), node.load(), begun));
    }
    Steps<Service<Q, R>> steps = new Steps<>(unwanted -> unwanted.close(Duration.ZERO));
    steps.enter(
        session,
        done -> {
          if (done.isReady()) {
            steps.end(Future.of(new BalancedSession<>(done.get(), node.load(), begun)));
          } else {
            node.load().end(begun);
            steps.endWithoutValue(done);
          }
        });
    return steps.future();
  }

  private Node<Q, R> pick(List<Node<Q, R>> all) {
    for (int i = 0; i < PICKS; i++) {
      Node<Q, R> node = pickOfTwo(all);
      if (ServiceStatus.of(node.factory()) == ServiceStatus.OPEN) {
        return node;
      }
    }
    panics.increment();
    return pickOfTwo(all);
  }

  private Node<Q, R> pickOfTwo(List<Node<Q, R>> all) {
    int size = all.size();
    if (size == 1) {
      return all.get(0);
    }
    int one = random.nextInt(size);
    int two = random.nextInt(size - 1);
    Node<Q, R> first = all.get(one);
    Node<Q, R> second = all.get(two < one ? two : two + 1);
    int better = ServiceStatus.of(first.factory()).compareTo(ServiceStatus.of(second.factory()));
    if (better == 0) {
      return first.load().get() <= second.load().get() ? first : second;
    }
    return better < 0 ? first : second;
  }

  /** The best status of the endpoints; busy if there are none. */
  @Override
  public ServiceStatus status() {
    if (closed) {
      return ServiceStatus.CLOSED;
    }
    ServiceStatus best = nodes.isEmpty() ? ServiceStatus.BUSY : ServiceStatus.CLOSED;
    for (Node<Q, R> node : nodes) {
      best = best.better(ServiceStatus.of(node.factory()));
      if (best == ServiceStatus.OPEN) {
        break;
      }
    }
    return best;
  }

  @Override
  public Future<Void> close(Duration limit) {
    List<Node<Q, R>> all;
    synchronized (this) {
      closed = true;
      all = nodes;
      nodes = List.of();
      byKey = Map.of();
    }
    return close(all, limit);
  }
}
