package io.libprocess.future;

import io.libprocess.sync.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rounds in which several roles, each on a thread of its own, act on the same subject at the same
 * moment. {@code -Dlibprocess.stress=500} makes it five hundred times as many rounds.
 *
 * @param <S> what the roles fight over; a new one for each round
 */
final class Race<S> {

  /** One side of the race. */
  interface Role<S> {
    void play(S subject) throws Exception;
  }

  private static final int BATCH = 1000;
  private static final int PATIENCE = 20;
  private static final int OFFSETS = 7;

  private final Supplier<S> make;
  private final Consumer<S> check;
  private final List<Role<S>> roles;
  private final List<S> subjects = new ArrayList<>();
  private final CyclicBarrier barrier;

  private volatile AtomicIntegerArray arrived;
  private volatile Throwable failure;

  private Race(Supplier<S> make, Consumer<S> check, List<Role<S>> roles) {
    this.make = make;
    this.check = check;
    this.roles = roles;
    this.barrier = new CyclicBarrier(roles.size(), this::nextBatch);
  }

  /**
   * Plays the rounds of a short run, and checks each subject when all roles are through with it.
   */
  static <S> void play(int rounds, Supplier<S> make, Consumer<S> check, List<Role<S>> roles)
      throws Exception {
    Race<S> race = new Race<>(make, check, roles);
    int batches = Math.max(1, Stress.times(rounds) / BATCH);
    try {
      Stress.inParallel(roles.size(), thread -> race.play(thread, batches));
    } catch (AssertionError unspecific) {
      throw race.failure == null ? unspecific : new AssertionError("a round failed", race.failure);
    }
  }

  private void play(int thread, int batches) throws Exception {
    try {
      barrier.await();
      for (int batch = 0; batch < batches; batch++) {
        for (int i = 0; i < BATCH; i++) {
          meet(i, thread);
          roles.get(thread).play(subjects.get(i));
        }
        barrier.await();
      }
    } catch (Exception | AssertionError thrown) {
      note(thrown);
      barrier.reset();
      throw thrown;
    }
  }

  private synchronized void note(Throwable thrown) {
    failure = failure == null ? thrown : failure;
  }

  /** Waits a little for the others, and a little more that differs from round to round. */
  private void meet(int round, int thread) {
    AtomicIntegerArray counts = arrived;
    counts.incrementAndGet(round);
    for (int i = 0; i < PATIENCE && counts.get(round) < roles.size(); i++) {
      Thread.onSpinWait();
    }
    for (int i = round * (thread + 1) % OFFSETS; i > 0; i--) {
      Thread.onSpinWait();
    }
  }

  private void nextBatch() {
    try {
      subjects.forEach(check);
    } catch (Throwable thrown) {
      note(thrown);
      throw thrown;
    }
    subjects.clear();
    for (int i = 0; i < BATCH; i++) {
      subjects.add(make.get());
    }
    arrived = new AtomicIntegerArray(BATCH);
  }
}
