package io.libprocess.simulation.example;

import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.sync.Mutex;
import io.libprocess.sync.Permit;
import io.libprocess.sync.Queue;
import io.libprocess.sync.RateLimiter;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Processes that share a queue, a mutex and a rate limiter of their node, and take back much of
 * what they have asked for.
 */
final class Primitives extends Verdict {

  static final int BURST = 2;
  static final Duration INTERVAL = Duration.ofMillis(20);

  final Queue<Integer> queue;
  final Mutex mutex = new Mutex();
  final RateLimiter limiter;
  private final Clock clock;

  private final Map<Integer, Future<Void>> puts = new HashMap<>();
  private final Set<Integer> got = new LinkedHashSet<>();
  private final Map<Integer, Integer> lastGot = new HashMap<>(); // By who has put it.
  private final List<Long> grants = new ArrayList<>();
  private final List<Future<?>> asked = new ArrayList<>(); // All that must end.
  private int inside;
  int discarded;

  Primitives(int capacity, Clock clock) {
    queue = capacity > 3 ? new Queue<>() : new Queue<>(capacity);
    this.clock = clock;
    limiter = new RateLimiter(1, INTERVAL, BURST, clock);
  }

  private static int owner(int element) {
    return element / 100_000;
  }

  private void taken(int element) {
    if (!got.add(element)) {
      wrong(element + " was taken twice");
    }
    Future<Void> put = puts.get(element); // Null if this happens within the put.
    if (put != null && put.isDiscarded()) {
      wrong(element + " was taken back, and taken by somebody else");
    }
    if (lastGot.merge(owner(element), element, Math::max) > element) {
      wrong(element + " was taken after " + lastGot.get(owner(element)));
    }
  }

  private void granted() {
    long now = clock.nanoTime();
    grants.add(now);
    for (int i = 0; i < grants.size(); i++) {
      long most = BURST + (now - grants.get(i)) / INTERVAL.toNanos();
      if (grants.size() - i > most) {
        wrong((grants.size() - i) + " grants in " + (now - grants.get(i)) + " ns");
      }
    }
  }

  private void enter() {
    if (++inside > 1) {
      wrong(inside + " hold the mutex");
    }
  }

  private void leave() {
    inside--;
  }

  int taken() {
    return got.size();
  }

  int grants() {
    return grants.size();
  }

  /** At the end: whatever was put, and not taken back, was taken once or is there. */
  boolean nothingIsLost() {
    for (Optional<Integer> left = queue.poll(); left.isPresent(); left = queue.poll()) {
      taken(left.get());
    }
    puts.forEach(
        (element, put) -> {
          if (put.isReady() != got.contains(element)) {
            wrong(element + " is " + put + ", taken: " + got.contains(element));
          }
        });
    if (mutex.isLocked() || inside > 0) {
      wrong("the mutex is locked, and " + inside + " are inside");
    }
    for (Future<?> one : asked) {
      if (one.isPending()) {
        wrong("nobody has answered " + one);
      }
    }
    for (int i = 0; i < BURST; i++) {
      if (!limiter.tryAcquire()) {
        wrong("what was taken back has used up a grant");
      }
    }
    return nothingIsWrong();
  }

  /** Uses all of them. */
  static final class User extends Process<User> {
    private final Primitives shared;
    private final int number;
    private int left;
    private int put;

    User(Primitives shared, int number, int actions) {
      this.shared = shared;
      this.number = number;
      this.left = actions;
    }

    @Override
    protected void initialize() {
      again();
    }

    boolean isDone() {
      return left == 0;
    }

    private int random(int bound) {
      return node().random().nextInt(bound);
    }

    private void again() {
      if (left == 0) {
        return;
      }
      left--;
      act();
      if (random(3) == 0) {
        self().dispatch(one -> one.again());
      } else {
        delay(Duration.ofMillis(random(20)), one -> one.again());
      }
    }

    private void act() {
      switch (random(7)) {
        case 0, 1 -> {
          int element = number * 100_000 + ++put;
          Future<Void> accepted = shared.queue.put(element);
          shared.puts.put(element, accepted);
          maybeDiscard(accepted);
        }
        case 2, 3 -> maybeDiscard(shared.queue.get().onReady(shared::taken));
        case 4 -> {
          Future<Void> grant = shared.limiter.acquire().onReady(granted -> shared.granted());
          shared.asked.add(grant);
          maybeDiscard(grant);
        }
        case 5 -> {
          Future<Permit> permit = shared.mutex.acquire();
          permit.onReady(held -> section().onAny(done -> held.close()));
          shared.asked.add(permit);
          maybeDiscard(permit);
        }
        default -> {
          Future<Void> held = shared.mutex.hold(this::section);
          shared.asked.add(held);
          maybeDiscard(held);
        }
      }
    }

    /** A critical section that lasts some time, also if it is discarded. */
    private Future<Void> section() {
      shared.enter();
      Promise<Void> end = new Promise<>();
      node()
          .clock()
          .timer(
              Duration.ofMillis(random(4)),
              () -> {
                shared.leave();
                end.set(null);
              });
      return end.future().undiscardable();
    }

    private void maybeDiscard(Future<?> future) {
      Runnable discard =
          () -> {
            shared.discarded += future.isPending() ? 1 : 0;
            future.discard();
          };
      switch (random(5)) {
        case 0 -> discard.run();
        case 1 -> self().dispatch(one -> discard.run());
        case 2 -> delay(Duration.ofMillis(random(30)), one -> discard.run());
        default -> {}
      }
    }
  }
}
