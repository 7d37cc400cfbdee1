package io.libprocess.future;

import static java.util.Objects.requireNonNull;

import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;

/** Functions of several futures, and loops. */
public final class Futures {

  private Futures() {}

  /**
   * The values of all futures, in the order of the list. The result is ready when all futures are,
   * at once if all are already. The first future that fails or is discarded fails the result with
   * {@code Collect failed: ...}; the others go on. If one is abandoned, so is the result. A discard
   * request on the result is passed on to all futures and then discards the result.
   */
  public static <T> Future<List<T>> collect(List<Future<T>> futures) {
    return Join.of(futures, Join.Mode.VALUES);
  }

  /**
   * The values of two futures; see {@link #collect(List)}. As for {@link Future#map}, a value does
   * not count if a discard of its future was requested before: the result then fails as if that
   * future were discarded.
   */
  public static <A, B> Future<Tuple.Of2<A, B>> collect(Future<A> a, Future<B> b) {
    return values(a, b).map(v -> new Tuple.Of2<>(a.get(), b.get()));
  }

  /** The values of three futures; see {@link #collect(Future, Future)}. */
  public static <A, B, C> Future<Tuple.Of3<A, B, C>> collect(
      Future<A> a, Future<B> b, Future<C> c) {
    return values(a, b, c).map(v -> new Tuple.Of3<>(a.get(), b.get(), c.get()));
  }

  /** The values of four futures; see {@link #collect(Future, Future)}. */
  public static <A, B, C, D> Future<Tuple.Of4<A, B, C, D>> collect(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d) {
    return values(a, b, c, d).map(v -> new Tuple.Of4<>(a.get(), b.get(), c.get(), d.get()));
  }

  /** The values of five futures; see {@link #collect(Future, Future)}. */
  public static <A, B, C, D, E> Future<Tuple.Of5<A, B, C, D, E>> collect(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d, Future<E> e) {
    return values(a, b, c, d, e)
        .map(v -> new Tuple.Of5<>(a.get(), b.get(), c.get(), d.get(), e.get()));
  }

  private static Future<List<Object>> values(Future<?>... futures) {
    return Join.of(List.of(futures), Join.Mode.UNFLAGGED_VALUES);
  }

  /**
   * The futures themselves, in the order of the list, when each of them is completed in any way;
   * the result never fails. If one is abandoned, so is the result. A discard request on the result
   * is passed on to all futures and then discards the result.
   */
  public static <T> Future<List<Future<T>>> await(List<Future<T>> futures) {
    return Join.of(futures, Join.Mode.FUTURES);
  }

  /** The future itself when it is completed in any way; see {@link #await(List)}. */
  public static <T> Future<Future<T>> await(Future<T> future) {
    return Futures.<T>await(List.of(future)).map(list -> list.get(0));
  }

  /** Two futures when both are completed in any way; see {@link #await(List)}. */
  public static <A, B> Future<Tuple.Of2<Future<A>, Future<B>>> await(Future<A> a, Future<B> b) {
    return completed(a, b).map(all -> new Tuple.Of2<>(a, b));
  }

  /** Three futures when all are completed in any way; see {@link #await(List)}. */
  public static <A, B, C> Future<Tuple.Of3<Future<A>, Future<B>, Future<C>>> await(
      Future<A> a, Future<B> b, Future<C> c) {
    return completed(a, b, c).map(all -> new Tuple.Of3<>(a, b, c));
  }

  /** Four futures when all are completed in any way; see {@link #await(List)}. */
  public static <A, B, C, D> Future<Tuple.Of4<Future<A>, Future<B>, Future<C>, Future<D>>> await(
      Future<A> a, Future<B> b, Future<C> c, Future<D> d) {
    return completed(a, b, c, d).map(all -> new Tuple.Of4<>(a, b, c, d));
  }

  /** Five futures when all are completed in any way; see {@link #await(List)}. */
  public static <A, B, C, D, E>
      Future<Tuple.Of5<Future<A>, Future<B>, Future<C>, Future<D>, Future<E>>> await(
          Future<A> a, Future<B> b, Future<C> c, Future<D> d, Future<E> e) {
    return completed(a, b, c, d, e).map(all -> new Tuple.Of5<>(a, b, c, d, e));
  }

  private static Future<List<Object>> completed(Future<?>... futures) {
    return Join.of(List.of(futures), Join.Mode.FUTURES);
  }

  /**
   * The first future that becomes ready; of several that are ready already, the first in iteration
   * order. Others are ignored, and a discard request discards only the result. The result is
   * abandoned as soon as each future has ended without a value or been abandoned, or at once if
   * there are none.
   */
  public static <T> Future<Future<T>> select(Collection<Future<T>> futures) {
    return Join.Selection.of(futures);
  }

  /**
   * A future that becomes ready after a time, by the clock of the calling thread; its callbacks run
   * on that clock's thread. A discard request cancels the timer and discards the future.
   * (libprocess: the free function {@code after}.)
   */
  public static Future<Void> after(Duration duration) {
    Promise<Void> promise = new Promise<>();
    Timer timer = Clock.current().timer(duration, () -> promise.set(null));
    return promise
        .future()
        .onDiscard(
            () -> {
              if (timer.cancel()) {
                promise.discard();
              }
            });
  }

  /**
   * Wraps a function so that discard requests do not reach its futures: {@code
   * future.then(undiscardable(function))}. See {@link Future#undiscardable}.
   */
  public static <T, R> CheckedFunction<T, Future<R>> undiscardable(
      CheckedFunction<? super T, Future<R>> function) {
    requireNonNull(function, "function");
    return value -> function.apply(value).undiscardable();
  }

  /**
   * Runs a loop: takes a value from {@code iterate} and passes it to {@code body}, until the body
   * returns {@link ControlFlow#breakWith}. A step that fails or is discarded ends the loop
   * likewise. A discard request is passed on to the pending step, and to each later one; it ends
   * the loop only through such a step. If the pending step is abandoned, so is the result. The loop
   * needs constant stack and memory however long it runs.
   *
   * <p>The first step runs inside this call; later ones run on the thread that completes the step
   * before.
   */
  public static <T, V> Future<V> loop(
      CheckedSupplier<Future<T>> iterate, CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    return new Loop<>(
            null,
            Contextual.supplier(requireNonNull(iterate, "iterate")),
            Contextual.function(requireNonNull(body, "body")))
        .start();
  }

  /**
   * Like {@link #loop(CheckedSupplier, CheckedFunction)}, but both functions are run by an
   * executor, for instance a process, whenever the loop starts or resumes after a pending step. If
   * the executor rejects a run, the result fails with the rejection; if it is a process that has
   * ended, the result is abandoned.
   */
  public static <T, V> Future<V> loop(
      Executor executor,
      CheckedSupplier<Future<T>> iterate,
      CheckedFunction<? super T, Future<ControlFlow<V>>> body) {
    return new Loop<>(
            requireNonNull(executor, "executor"),
            Contextual.supplier(requireNonNull(iterate, "iterate")),
            Contextual.function(requireNonNull(body, "body")))
        .start();
  }
}
