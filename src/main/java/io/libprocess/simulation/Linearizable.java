package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether there is an order of the operations of a history in which each takes effect between its
 * begin and its end, and a model gives the results that were seen: the search of Wing and Gong
 * (1993) with Lowe's memory of what was tried (2017). Operations of which nobody knows the end may
 * take effect at any time, or not at all.
 */
public final class Linearizable {

  private static final int MOST = 200; // Operations for each key.
  private static final int MOST_TRIED = 2_000_000;

  private Linearizable() {}

  /**
   * The effect of operations on a state. States are immutable, and equal if nothing can tell them
   * apart.
   *
   * @param <S> the state
   */
  public interface Model<S> {

    /** The state before the first operation. */
    S initial();

    /**
     * The state after an operation; empty if it cannot have that result then.
     *
     * @param result to be ignored if {@code known} is false
     * @param known whether the result is known
     */
    Optional<S> after(S state, Object input, Object result, boolean known);

    /**
     * Whether an operation that has had a result leaves every state as it is in which it may have
     * that, as reading does. Then it is done as soon as it fits, and no other order is tried. By
     * default it is not known of any operation, which only takes longer.
     */
    default boolean onlyReads(Object input, Object result) {
      return false;
    }
  }

  /** To write something into a register. */
  public record Write(Object value) {}

  /** To read a register. */
  public record Read() {}

  /** To write into a register if it holds something; the result says whether it did. */
  public record CompareAndSet(Object expected, Object value) {}

  /** A register, which holds a value at first; null is one. */
  public static Model<Optional<Object>> register(Object first) {
    return new Model<>() {
      @Override
      public Optional<Object> initial() {
        return Optional.ofNullable(first);
      }

      @Override
      public Optional<Optional<Object>> after(
          Optional<Object> state, Object input, Object result, boolean known) {
        if (input instanceof Write write) {
          return Optional.of(Optional.ofNullable(write.value()));
        }
        if (input instanceof CompareAndSet cas) {
          boolean fits = state.equals(Optional.ofNullable(cas.expected()));
          if (known && !result.equals(fits)) {
            return Optional.empty();
          }
          return Optional.of(fits ? Optional.ofNullable(cas.value()) : state);
        }
        return !known || state.equals(Optional.ofNullable(result))
            ? Optional.of(state)
            : Optional.empty();
      }

      @Override
      public boolean onlyReads(Object input, Object result) {
        return input instanceof Read
            || input instanceof CompareAndSet && Boolean.FALSE.equals(result);
      }
    };
  }

  /** To add a number to a counter; the result is what it holds then. */
  public record Add(long number) {}

  /** A counter, zero at first, that is changed by {@link Add} and seen by {@link Read}. */
  public static Model<Long> counter() {
    return new Model<>() {
      @Override
      public Long initial() {
        return 0L;
      }

      @Override
      public Optional<Long> after(Long state, Object input, Object result, boolean known) {
        long after = input instanceof Add add ? state + add.number() : state;
        return known && !result.equals(after) ? Optional.empty() : Optional.of(after);
      }

      @Override
      public boolean onlyReads(Object input, Object result) {
        return input instanceof Read;
      }
    };
  }

  /** To put something, which is not null, behind the others in a queue. */
  public record Put(Object value) {
    /** Checks that it is not null. */
    public Put {
      requireNonNull(value, "value");
    }
  }

  /** To take the first out of a queue; the result is null if there is none. */
  public record Take() {}

  /** A queue, which is empty at first. */
  public static Model<List<Object>> queue() {
    return new Model<>() {
      @Override
      public List<Object> initial() {
        return List.of();
      }

      @Override
      public Optional<List<Object>> after(
          List<Object> state, Object input, Object result, boolean known) {
        if (input instanceof Put put) {
          List<Object> longer = new ArrayList<>(state);
          longer.add(put.value());
          return Optional.of(longer);
        }
        Object first = state.isEmpty() ? null : state.get(0);
        if (known && !Objects.equals(first, result)) {
          return Optional.empty();
        }
        return Optional.of(state.isEmpty() ? state : state.subList(1, state.size()));
      }

      @Override
      public boolean onlyReads(Object input, Object result) {
        return input instanceof Take && result == null;
      }
    };
  }

  /**
   * Looks for an order.
   *
   * @return empty if there is one for each key; else the operations of the first key without one
   * @throws IllegalArgumentException if a key has more than 200 operations
   * @throws IllegalStateException if so many of them overlap that their orders cannot be tried
   */
  public static <S> Optional<List<History.Operation>> check(History history, Model<S> model) {
    Map<String, List<History.Operation>> byKey = new LinkedHashMap<>();
    for (History.Operation operation : history.operations()) {
      if (operation.end() != History.End.FAILED) {
        byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
      }
    }
    for (List<History.Operation> operations : byKey.values()) {
      if (operations.size() > MOST) {
        throw new IllegalArgumentException(
            operations.size() + " operations of one key are more than " + MOST);
      }
      if (!fits(operations, model)) {
        return Optional.of(operations);
      }
    }
    return Optional.empty();
  }

  /** Whether there is an order of operations of one key. */
  static <S> boolean fits(List<History.Operation> operations, Model<S> model) {
    return new Search<>(operations, model).finds(model.initial(), null, new BitSet());
  }

  /**
   * A search through the orders of some operations.
   *
   * <p>An operation of which nobody knows the end is only tried where the next one would go another
   * way without it: elsewhere it may as well not be done at all. Without that rule each of them
   * doubles what there is to try, although hardly any of them is ever seen.
   */
  private static final class Search<S> {

    /**
     * What has been tried. Its hash is another one than that of BitSet, which maps many sets to few
     * numbers.
     *
     * @param without see {@link #finds}
     */
    private record Tried<S>(BitSet done, S state, S without) {
      @Override
      public int hashCode() {
        long hash = 31L * Objects.hashCode(without) + state.hashCode();
        for (long word : done.toLongArray()) {
          hash = Long.rotateLeft((hash ^ word) * 0x9FB21C651E98DF25L, 32);
        }
        return Long.hashCode(hash * 0x9FB21C651E98DF25L);
      }
    }

    private final List<History.Operation> operations;
    private final Model<S> model;
    private final Set<Tried<S>> tried = new HashSet<>();

    Search(List<History.Operation> operations, Model<S> model) {
      this.operations = operations;
      this.model = model;
    }

    /**
     * Whether those that are not done fit behind those that are.
     *
     * @param without the state if the last one had not been done, of which nobody knows the end;
     *     null if it is known
     */
    boolean finds(S state, S without, BitSet done) {
      long first = Long.MAX_VALUE; // The first end of those that are not done.
      for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
        first = Math.min(first, operations.get(i).ended());
      }
      if (first == Long.MAX_VALUE) {
        return true; // Nobody knows of the others whether they were done.
      }
      if (!tried.add(new Tried<>((BitSet) done.clone(), state, without))) {
        return false;
      }
      if (tried.size() > MOST_TRIED) {
        throw new IllegalStateException("too many operations overlap to try all their orders");
      }
      for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
        History.Operation next = operations.get(i);
        boolean known = next.end() == History.End.OK;
        Optional<S> after = next.begun() < first ? after(state, next) : Optional.empty();
        if (after.isEmpty() || without != null && after.equals(after(without, next))) {
          continue; // It does not fit, or the one before it was done for nothing.
        }
        if (!known && after.get().equals(state)) {
          continue; // It may as well be done later, or never.
        }
        done.set(i);
        if (finds(after.get(), known ? null : state, done)) {
          return true;
        }
        done.clear(i);
        if (known && model.onlyReads(next.input(), next.result())) {
          return false; // It can as well be the next.
        }
      }
      return false;
    }

    private Optional<S> after(S state, History.Operation next) {
      return model.after(state, next.input(), next.result(), next.end() == History.End.OK);
    }
  }
}
