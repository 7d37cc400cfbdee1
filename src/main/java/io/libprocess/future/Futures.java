package io.libprocess.future;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;

/** Functions of several futures, and loops. */
public final class Futures {

  private Futures() {}

  /**
   * The values of all futures, in the order of the list. Ready when all are, at once if all are
   * already. The first one that fails or is discarded fails the result with {@code Collect failed:
   * ...}; the others go on. If one is abandoned so is the result. A discard request on the result
   * is passed on to all and then discards the result.
   */
  public static <T> Future<List<T>> collect(List<Future<T>> futures) {
    return Join.of(futures, true);
  }

  /** The values of two futures; see {@link #collect(List)}. */
  public static <A, B> Future<Tuple.Of2<A, B>> collect(Future<A> a, Future<B> b) {
    return values(a, b).map(v -> new Tuple.Of2<>(a.get(), b.get()));
  }

  /** The values of three futures; see {@link #collect(List)}. */
  public static <A, B, C> Future<Tuple.Of3<A, B, C>> collect(
      Future<A> a, Future<B> b, Future<C> c) {
    return values(a, b, c).map(v -> new Tuple.Of3<>(a.get(), b.get(), c.get()));
  }

  /** The values of four futures; see {@link #collect(List)}. */
  public static <A, B, C, D> Future<Tuple.Of4<A, B, C, D>> collect(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d) {
    return values(a, b, c, d).map(v -> new Tuple.Of4<>(a.get(), b.get(), c.get(), d.get()));
  }

  /** The values of five futures; see {@link #collect(List)}. */
  public static <A, B, C, D, E> Future<Tuple.Of5<A, B, C, D, E>> collect(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d, Future<E> e) {
    return values(a, b, c, d, e)
        .map(v -> new Tuple.Of5<>(a.get(), b.get(), c.get(), d.get(), e.get()));
  }

  private static Future<List<Object>> values(Future<?>... futures) {
    return Join.of(List.of(futures), true);
  }

  /**
   * The futures themselves, in the order of the list, when each of them is completed in whatever
   * way; it never fails. If one is abandoned so is the result. A discard request on the result is
   * passed on to all and then discards the result.
   */
  public static <T> Future<List<Future<T>>> await(List<Future<T>> futures) {
    return Join.of(futures, false);
  }

  /** The future itself when it is completed in whatever way; see {@link #await(List)}. */
  public static <T> Future<Future<T>> await(Future<T> future) {
    return Futures.<T>await(List.of(future)).map(list -> list.get(0));
  }

  /**
   * The first future that becomes ready; of several that are ready already, the first in iteration
   * order. Others are ignored, and a discard request discards only the result. If all end without a
   * value, or there are none, the result is abandoned.
   */
  public static <T> Future<Future<T>> select(Collection<Future<T>> futures) {
    Promise<Future<T>> first = new Promise<>();
    first.future().onDiscard(first::discard);
    List<Future<T>> all = List.copyOf(futures);
    for (Future<T> future : all) {
      future.onReady(value -> first.set(future));
    }
    await(all)
        .onReady(
            ended -> {
              if (ended.stream().noneMatch(Future::isReady)) {
                first.abandon();
              }
            });
    return first.future();
  }

  /**
   * Repeats: takes a value from {@code iterate}, gives it to {@code body}, until the body says
   * {@link ControlFlow#breakWith}. A step that fails or is discarded ends the loop likewise. A
   * discard request is passed on to the pending step, and to each later one; it ends the loop only
   * through such a step. The loop needs constant stack and memory however long it runs.
   *
   * <p>The first step runs inside this call; later ones run on the thread that completes the step
   * before.
   */
  public static <T, V> Future<V> loop(
      CheckedSupplier<Future<T>> iterate, CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    return loop(Runnable::run, iterate, body);
  }

  /**
   * As {@link #loop(CheckedSupplier, CheckedFunction)}, with both functions run by an executor, for
   * instance a process, whenever the loop starts or resumes after a pending step.
   */
  public static <T, V> Future<V> loop(
      Executor executor,
      CheckedSupplier<Future<T>> iterate,
      CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    return new Loop<>(
            requireNonNull(executor, "executor"),
            requireNonNull(iterate, "iterate"),
            requireNonNull(body, "body"))
        .start();
  }
}
