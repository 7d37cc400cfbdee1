package io.libprocess.testing;

import static java.util.Objects.requireNonNull;

import io.libprocess.EventFilter;
import io.libprocess.EventView;
import io.libprocess.Node;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The expectations of a test about the events of some nodes, which hold until this is closed. The
 * newest expectation that matches an event takes it, and older ones do not see it. An expectation
 * of a single event retires after that event. Filters are asked right before a process serves an
 * event, so a future is completed <em>before</em> the process handles the event: settle the clock,
 * or await an effect, to see it handled.
 *
 * <pre>{@code
 * try (Filters filters = Filters.on(node)) {
 *   Future<MessageEvent> pong = filters.future(EventPattern.message("pong", client));
 *   filters.dropAll(EventPattern.message("log"));
 *   node.post(server, "ping", new byte[0]);
 *   Await.awaitReady(pong);
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread. (libprocess: {@code FUTURE_MESSAGE}, {@code
 * DROP_DISPATCHES}, {@code EXPECT_NO_FUTURE_MESSAGES} and so on.)
 */
public final class Filters implements AutoCloseable {

  private final List<Node> nodes;
  private final List<Clock> running; // Clocks that were not paused at the beginning.
  private final EventFilter filter = this::drops; // Kept as one object, so that it can be removed.
  private final List<Expectation<?>> expectations = new CopyOnWriteArrayList<>(); // Newest first.
  private final List<AssertionError> broken = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Filters(List<Node> nodes) {
    this.nodes = nodes;
    this.running =
        nodes.stream().map(Node::clock).distinct().filter(clock -> !clock.isPaused()).toList();
    nodes.forEach(node -> node.addFilter(filter));
  }

  /** Makes filters for the events of some nodes. */
  public static Filters on(Node node, Node... more) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(node);
    nodes.addAll(List.of(more));
    return new Filters(List.copyOf(nodes));
  }

  /* ---------------- Expectations ---------------- */

  /** Expects an event: the future of the first one that matches; the process serves it. */
  public <E extends EventView> Future<E> future(EventPattern<E> pattern) {
    return add(new Expectation<>(pattern, Manner.SEE)).promise.future();
  }

  /**
   * Expects and drops an event: the future of the first one that matches; the process never serves
   * it.
   */
  public <E extends EventView> Future<E> drop(EventPattern<E> pattern) {
    return add(new Expectation<>(pattern, Manner.DROP)).promise.future();
  }

  /** Drops all events that match. */
  public void dropAll(EventPattern<?> pattern) {
    add(new Expectation<>(pattern, Manner.DROP_ALL));
  }

  /** Makes {@link #close} fail if an event matches; the process serves it nevertheless. */
  public void expectNone(EventPattern<?> pattern) {
    add(new Expectation<>(pattern, Manner.FORBID));
  }

  private enum Manner {
    SEE,
    DROP,
    DROP_ALL,
    FORBID
  }

  private static final class Expectation<E extends EventView> {
    private final EventPattern<E> pattern;
    private final Manner manner;
    private final Promise<E> promise = new Promise<>();
    private final AtomicBoolean retired = new AtomicBoolean();

    Expectation(EventPattern<E> pattern, Manner manner) {
      this.pattern = requireNonNull(pattern, "pattern");
      this.manner = manner;
    }

    boolean isSingle() {
      return manner == Manner.SEE || manner == Manner.DROP;
    }

    /** Whether the event is for this expectation alone. */
    boolean takes(EventView event) {
      E match = pattern.match(event);
      if (match == null || isSingle() && !retired.compareAndSet(false, true)) {
        return false;
      }
      promise.set(match);
      return true;
    }
  }

  private <E extends EventView> Expectation<E> add(Expectation<E> expectation) {
    if (closed.get()) {
      throw new IllegalStateException("the filters are closed");
    }
    expectations.add(0, expectation);
    return expectation;
  }

  private boolean drops(EventView event) {
    for (Expectation<?> expectation : expectations) {
      if (!takes(expectation, event)) {
        continue;
      }
      if (expectation.isSingle()) {
        expectations.remove(expectation);
      }
      if (expectation.manner == Manner.FORBID) {
        broken.add(
            new AssertionError("expected no " + expectation.pattern + ", but there was " + event));
      }
      return expectation.manner == Manner.DROP || expectation.manner == Manner.DROP_ALL;
    }
    return false;
  }

  private boolean takes(Expectation<?> expectation, EventView event) {
    try {
      return expectation.takes(event);
    } catch (Throwable thrown) {
      broken.add(
          new AssertionError(
              "the condition of the pattern " + expectation.pattern + " threw at " + event,
              thrown));
      return false;
    }
  }

  /* ---------------- The end ---------------- */

  /**
   * Throws if an expectation has been broken so far.
   *
   * @throws AssertionError for the first broken expectation, with the others suppressed
   */
  public void check() {
    List<AssertionError> errors = List.copyOf(broken);
    if (!errors.isEmpty()) {
      AssertionError first = errors.get(0);
      AssertionError error = new AssertionError(first.getMessage(), first.getCause());
      errors.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }
  }

  /**
   * Removes the filters, abandons the futures that saw no event, resumes the nodes' clocks unless
   * they were paused at the beginning, and checks. Idempotent.
   *
   * @throws AssertionError like {@link #check}
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    nodes.forEach(node -> node.removeFilter(filter));
    running.forEach(Clock::resume);
    expectations.forEach(expectation -> expectation.promise.abandon());
    check();
  }
}
