package io.libprocess.future;

import io.libprocess.sync.Stress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Rounds in which several roles, each on its own thread, act on the same subject at the same
 * moment. {@code -Dlibprocess.stress=500} makes it five hundred times as many rounds.
 *
 * @param <S> the subject of the race; a new one for each round
 */
public final class Race<S> {

  /** One side of the race. */
  public interface Role<S> {
    /** Acts once in a round. */
    void play(S subject) throws Exception;
  }

  private static final int BATCH = 1000;
  private static final int PATIENCE = 2_000; // Spins until the others are taken for descheduled,
  private static final int SULKING = 50; // and rounds in which they are not waited for then.
  private static final int LONGEST_DELAY = 7; // As a power of two, in memory fences.

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
  public static <S> void play(int rounds, Supplier<S> make, Consumer<S> check, List<Role<S>> roles)
      throws Exception {
    Race<S> race = new Race<>(make, check, roles);
    int batches = Math.max(1, Stress.times(rounds) / BATCH);
    try {
      Stress.inParallel(roles.size(), thread -> race.play(thread, batches));
      Stress.played((long) batches * BATCH);
    } catch (AssertionError unspecific) {
      throw race.failure == null ? unspecific : new AssertionError("a round failed", race.failure);
    }
  }

  private void play(int thread, int batches) throws Exception {
    try {
      barrier.await();
      Player player = new Player(thread);
      for (int batch = 0; batch < batches; batch++) {
        AtomicIntegerArray counts = arrived;
        for (int i = 0; i < BATCH; i++) {
          player.meet(counts, i, roles.size());
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

  /** The way in which one thread begins each round together with the others, or just after them. */
  private static final class Player {

    private int seed;
    private int alone; // How many more rounds not to wait for anybody.
    private volatile int noise;

    Player(int thread) {
      seed = thread;
    }

    void meet(AtomicIntegerArray counts, int round, int players) {
      counts.incrementAndGet(round);
      if (alone > 0) {
        alone--;
        return;
      }
      int spins = 0;
      while (counts.get(round) < players && ++spins < PATIENCE) {
        Thread.onSpinWait();
      }
      alone = spins == PATIENCE ? SULKING : 0;
      waitABit();
    }

    /** For any length of time, each as likely as any other on a logarithmic scale. */
    private void waitABit() {
      seed = seed * 1_103_515_245 + 12_345;
      int steps = seed >>> 16 & (1 << (seed >>> 8) % (LONGEST_DELAY + 1)) - 1;
      for (int i = 0; i < steps; i++) {
        noise = i;
      }
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
