package io.libprocess.simulation.engine;

import io.libprocess.internal.scheduler.Task;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The steps that are ready, and the policy by which one of them is taken. */
abstract class ReadyQueue {

  /** Of what takes its steps in the order in which they became ready. */
  static ReadyQueue fifo() {
    return new Fifo();
  }

  /**
   * Of what takes any of them with the same probability.
   *
   * @param fifo where the oldest one is taken instead
   */
  static ReadyQueue random(Draws draws, List<Schedule.Block> fifo) {
    return new Chosen(fifo) {
      @Override
      int choose(long time) {
        return size == 1 ? 0 : (int) draws.below(size);
      }
    };
  }

  /**
   * Of what takes the one with the highest priority (PCT: Burckhardt, Kothari, Musuvathi and
   * Nagarakatte, 2010).
   *
   * @param changes the steps, ascending, at which that which runs gets the lowest priority
   */
  static ReadyQueue pct(Draws draws, long[] changes, List<Schedule.Block> fifo) {
    return new Pct(draws, changes, fifo);
  }

  abstract void add(Step step);

  /** Takes the next step; null if none is ready. */
  abstract Step poll(long time);

  /** Takes out those that fulfil a condition, oldest first. */
  abstract void remove(Predicate<Step> condition, Consumer<Step> removed);

  /** A queue. */
  private static final class Fifo extends ReadyQueue {
    private final ArrayDeque<Step> steps = new ArrayDeque<>();

    @Override
    void add(Step step) {
      steps.add(step);
    }

    @Override
    Step poll(long time) {
      return steps.poll();
    }

    @Override
    void remove(Predicate<Step> condition, Consumer<Step> removed) {
      for (Iterator<Step> each = steps.iterator(); each.hasNext(); ) {
        Step step = each.next();
        if (condition.test(step)) {
          each.remove();
          removed.accept(step);
        }
      }
    }
  }

  /** Steps in no order, of which one is chosen. */
  private abstract static class Chosen extends ReadyQueue {
    private final List<Schedule.Block> fifo;
    private int block; // The first that is not over.
    private long added;
    long taken;
    Step[] steps = new Step[16];
    int size;

    Chosen(List<Schedule.Block> fifo) {
      this.fifo = fifo;
    }

    /** Chooses one of at least one. */
    abstract int choose(long time);

    @Override
    void add(Step step) {
      if (size == steps.length) {
        steps = Arrays.copyOf(steps, 2 * size);
      }
      step.number = ++added;
      steps[size++] = step;
    }

    @Override
    Step poll(long time) {
      if (size == 0) {
        return null;
      }
      taken++;
      int index = choose(time); // Also where it does not count: later choices stay as they were.
      if (isFifo()) {
        index = oldest();
      }
      Step step = steps[index];
      steps[index] = steps[--size];
      steps[size] = null;
      return step;
    }

    private boolean isFifo() {
      while (block < fifo.size() && fifo.get(block).to() <= taken) {
        block++;
      }
      return block < fifo.size() && fifo.get(block).from() <= taken;
    }

    final int oldest() {
      int oldest = 0;
      for (int i = 1; i < size; i++) {
        if (steps[i].number < steps[oldest].number) {
          oldest = i;
        }
      }
      return oldest;
    }

    @Override
    void remove(Predicate<Step> condition, Consumer<Step> removed) {
      List<Step> gone = new ArrayList<>();
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (condition.test(steps[i])) {
          gone.add(steps[i]);
        } else {
          steps[kept++] = steps[i];
        }
      }
      Arrays.fill(steps, kept, size, null);
      size = kept;
      gone.sort((a, b) -> Long.compare(a.number, b.number));
      gone.forEach(removed);
    }
  }

  /** Priorities. Only those of tasks that come again are remembered. */
  private static final class Pct extends Chosen {
    private static final long PATIENCE = 1_000_000_000; // Nanoseconds.

    private final Map<Task, Long> priorities = new HashMap<>();
    private final Draws draws;
    private final long[] changes;
    private int changed;
    private long lowest;

    Pct(Draws draws, long[] changes, List<Schedule.Block> fifo) {
      super(fifo);
      this.draws = draws;
      this.changes = changes;
    }

    @Override
    void add(Step step) {
      Task task = step.task();
      if (task == null || !step.kind().recurs()) {
        step.priority = draws.next() >>> 1;
      } else {
        step.priority = priorities.computeIfAbsent(task, key -> draws.next() >>> 1);
      }
      super.add(step);
    }

    @Override
    int choose(long time) {
      int oldest = oldest();
      int chosen = oldest;
      if (time - steps[oldest].since < PATIENCE) {
        for (int i = 0; i < size; i++) {
          if (steps[i].priority > steps[chosen].priority) {
            chosen = i;
          }
        }
      }
      while (changed < changes.length && taken >= changes[changed]) {
        changed++;
        Task task = steps[chosen].task();
        if (task != null) {
          priorities.put(task, --lowest);
        }
      }
      return chosen;
    }
  }
}
