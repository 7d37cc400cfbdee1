package io.libprocess.stream;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedBiFunction;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Future;
import io.libprocess.stream.bytes.DigestStage;
import io.libprocess.stream.bytes.Digests;
import io.libprocess.stream.bytes.GunzipStage;
import io.libprocess.stream.bytes.GzipStage;
import io.libprocess.stream.bytes.LimitBytesStage;
import io.libprocess.stream.bytes.RechunkStage;
import io.libprocess.stream.bytes.SplitStage;
import io.libprocess.stream.operator.BufferSize;
import io.libprocess.stream.operator.BufferStage;
import io.libprocess.stream.operator.ConcatMapStage;
import io.libprocess.stream.operator.DropStage;
import io.libprocess.stream.operator.ExecutorStage;
import io.libprocess.stream.operator.FilterStage;
import io.libprocess.stream.operator.LossyBufferStage;
import io.libprocess.stream.operator.MapAsyncStage;
import io.libprocess.stream.operator.MapAsyncUnorderedStage;
import io.libprocess.stream.operator.MapStage;
import io.libprocess.stream.operator.RecoverStage;
import io.libprocess.stream.operator.ScanStage;
import io.libprocess.stream.operator.TakeStage;
import io.libprocess.stream.operator.TakeWhileStage;
import io.libprocess.stream.operator.TapStage;
import io.libprocess.stream.operator.TerminationStage;
import io.libprocess.stream.operator.ThrottleStage;
import io.libprocess.stream.operator.TimeoutStage;
import io.libprocess.stream.stage.Operator;
import io.libprocess.sync.RateLimiter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;
import java.util.zip.Deflater;

/**
 * A description of a part of a pipeline that turns elements into others: it may be used any number
 * of times and each time starts anew. See {@link Stream#via}.
 *
 * <p>Functions run on the thread that brings the element and must not block. An exception of a
 * function is a failure of this part: it cancels the stream above with that cause, and fails the
 * stream below. In {@code map} and others whose functions turn an element into something else, the
 * function owns the element; transforms that only look at elements pass them on or {@linkplain
 * Chunk#release release} them.
 *
 * @param <A> the type of the elements that go in
 * @param <B> the type of the elements that come out
 */
public final class Transform<A, B> {

  private static final int DEFAULT_CAPACITY = 16;
  private static final Chunk LINE_END = Chunk.of(new byte[] {'\n'});

  private final Operator<A, B> operator;

  Transform(Operator<A, B> operator) {
    this.operator = operator;
  }

  Operator<A, B> operator() {
    return operator;
  }

  static void requirePositive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(name + " < 1: " + number);
    }
  }

  /* ---------------- Composition ---------------- */

  /** This transform followed by another one. */
  public <C> Transform<A, C> then(Transform<? super B, C> next) {
    Operator<? super B, C> second = next.operator;
    return new Transform<>((run, down) -> operator.stage(run, second.stage(run, down)));
  }

  /** A sink that is preceded by this transform. */
  public <R> Sink<A, R> to(Sink<? super B, R> sink) {
    return new Sink<>(run -> operator.stage(run, sink.drain().stage(run)));
  }

  /* ---------------- One by one ---------------- */

  /** Replaces each element by the result of a function, which must not return null. */
  public static <A, B> Transform<A, B> map(CheckedFunction<? super A, ? extends B> function) {
    requireNonNull(function, "function");
    return new Transform<>((run, down) -> new MapStage<>(down, function));
  }

  /** The same elements, after a function has seen each of them. */
  public static <T> Transform<T, T> tap(CheckedConsumer<? super T> function) {
    requireNonNull(function, "function");
    return new Transform<>((run, down) -> new TapStage<>(down, function));
  }

  /** The elements for which a condition holds. */
  public static <T> Transform<T, T> filter(CheckedFunction<? super T, Boolean> condition) {
    requireNonNull(condition, "condition");
    return new Transform<>((run, down) -> new FilterStage<>(down, condition));
  }

  /**
   * All elements except the first ones.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static <T> Transform<T, T> drop(long count) {
    requireNotNegative(count);
    return new Transform<>((run, down) -> new DropStage<>(down, count));
  }

  /**
   * The first elements. Never asks for more, completes after the last of them and cancels the rest.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public static <T> Transform<T, T> take(long count) {
    requireNotNegative(count);
    return new Transform<>((run, down) -> new TakeStage<>(down, count));
  }

  private static void requireNotNegative(long count) {
    if (count < 0) {
      throw new IllegalArgumentException("count < 0: " + count);
    }
  }

  /** The elements before the first one for which a condition does not hold; cancels the rest. */
  public static <T> Transform<T, T> takeWhile(CheckedFunction<? super T, Boolean> condition) {
    requireNonNull(condition, "condition");
    return new Transform<>((run, down) -> new TakeWhileStage<>(down, condition));
  }

  /**
   * For each element, the result of a function of the previous result and the element.
   *
   * @param first the value used with the first element; it is not sent itself
   * @param function must not return null
   */
  public static <A, B> Transform<A, B> scan(
      B first, CheckedBiFunction<? super B, ? super A, ? extends B> function) {
    requireNonNull(first, "first");
    requireNonNull(function, "function");
    return new Transform<>((run, down) -> new ScanStage<>(down, first, function));
  }

  /* ---------------- Futures and streams ---------------- */

  /**
   * The values of the futures that a function returns for the elements, in the order of the
   * elements. As many futures are pending, or ready and not sent, as there are slots, whatever the
   * demand. A future that fails, is discarded or is abandoned fails the stream; a cancel discards
   * the pending ones.
   *
   * @throws IllegalArgumentException if the number is not in 1..2^20
   */
  public static <A, B> Transform<A, B> mapAsync(
      int slots, CheckedFunction<? super A, ? extends Future<? extends B>> function) {
    requireNonNull(function, "function");
    requirePositive("slots", slots);
    return new Transform<>(
        (run, down) -> new MapAsyncStage<A, B>(run, down, slots, function).input());
  }

  /**
   * Like {@link #mapAsync}, in the order in which the values become ready.
   *
   * @throws IllegalArgumentException if the number is not positive
   */
  public static <A, B> Transform<A, B> mapAsyncUnordered(
      int slots, CheckedFunction<? super A, ? extends Future<? extends B>> function) {
    requireNonNull(function, "function");
    requirePositive("slots", slots);
    return new Transform<>(
        (run, down) -> new MapAsyncUnorderedStage<A, B>(run, down, slots, function).input());
  }

  /**
   * The elements of the streams that a function returns for the elements, one stream after the
   * other. An element is requested when the stream of its predecessor has ended.
   */
  public static <A, B> Transform<A, B> concatMap(
      CheckedFunction<? super A, Stream<? extends B>> function) {
    requireNonNull(function, "function");
    return new Transform<>(
        (run, down) ->
            new ConcatMapStage<A, B>(
                run, down, element -> requireNonNull(function.apply(element)).use()));
  }

  /**
   * If the stream fails, it continues with the elements of the stream that a function of the
   * failure returns. That stream may fail, too. If the function throws, the failure stays as it
   * was.
   */
  public static <T> Transform<T, T> recover(
      CheckedFunction<? super Throwable, Stream<? extends T>> function) {
    requireNonNull(function, "function");
    return new Transform<>(
        (run, down) ->
            new RecoverStage<T>(
                run, down, failure -> requireNonNull(function.apply(failure)).use()));
  }

  /* ---------------- Buffers ---------------- */

  /**
   * Requests elements in advance, and holds them until they are requested.
   *
   * @param capacity how many it holds
   * @throws IllegalArgumentException if the capacity is not in 1..2^20
   */
  public static <T> Transform<T, T> buffer(int capacity) {
    return buffer(BufferSize.elements(capacity), false);
  }

  /**
   * Like {@link #buffer(int)}, but bounded by weight: an element is requested while half of the
   * capacity is free. A single element that is heavier than the free half may exceed the capacity.
   *
   * @param weigher the weight of an element, 0 or more, always the same
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static <T> Transform<T, T> buffer(long capacity, ToLongFunction<? super T> weigher) {
    return buffer(BufferSize.weight(capacity, requireNonNull(weigher, "weigher")), false);
  }

  /**
   * Like {@link #buffer(int)}; with a policy other than {@code BACKPRESSURE}, it requests all
   * elements and follows the policy when it is full.
   *
   * @throws IllegalArgumentException if the capacity is not in 1..2^20
   */
  public static <T> Transform<T, T> buffer(int capacity, Overflow policy) {
    BufferSize<T> size = BufferSize.elements(capacity);
    return requireNonNull(policy, "policy") == Overflow.BACKPRESSURE
        ? buffer(size, false)
        : new Transform<>(
            (run, down) -> new LossyBufferStage<T>(run, down, capacity, policy).input());
  }

  /**
   * Like {@link #buffer(int)}, but a failure drops the held elements instead of coming after them.
   *
   * @throws IllegalArgumentException if the capacity is not in 1..2^20
   */
  public static <T> Transform<T, T> failFast(int capacity) {
    return buffer(BufferSize.elements(capacity), true);
  }

  private static <T> Transform<T, T> buffer(BufferSize<T> size, boolean failsFast) {
    return new Transform<>((run, down) -> new BufferStage<T>(run, down, size, failsFast).input());
  }

  /**
   * Runs the stages below in tasks of an executor, such as a process, one at a time, and holds up
   * to 16 elements for them. If the executor is a process and ends, or any executor refuses a task,
   * the stream fails here.
   *
   * @param executor must run each task once or throw; may have any number of threads
   */
  public static <T> Transform<T, T> on(Executor executor) {
    return on(executor, DEFAULT_CAPACITY);
  }

  /**
   * Like {@link #on(Executor)}, but holds another number of elements.
   *
   * @throws IllegalArgumentException if the capacity is not in 1..2^20
   */
  public static <T> Transform<T, T> on(Executor executor, int capacity) {
    return on(executor, BufferSize.elements(capacity));
  }

  /**
   * Like {@link #on(Executor)}, but holds elements up to a weight, as {@link #buffer(long,
   * ToLongFunction)} does.
   *
   * @throws IllegalArgumentException if the capacity is not positive
   */
  public static <T> Transform<T, T> on(
      Executor executor, long capacity, ToLongFunction<? super T> weigher) {
    return on(executor, BufferSize.weight(capacity, requireNonNull(weigher, "weigher")));
  }

  private static <T> Transform<T, T> on(Executor executor, BufferSize<T> size) {
    requireNonNull(executor, "executor");
    return new Transform<>((run, down) -> new ExecutorStage<T>(run, down, size, executor).input());
  }

  /* ---------------- Time ---------------- */

  /** Sends each element when a limiter grants it; one request waits at a time. */
  public static <T> Transform<T, T> throttle(RateLimiter limiter) {
    requireNonNull(limiter, "limiter");
    return new Transform<>((run, down) -> new ThrottleStage<T>(run, down, limiter).input());
  }

  /**
   * Fails with a {@link java.util.concurrent.TimeoutException} if no element arrives within a time
   * from the first request on.
   */
  public static <T> Transform<T, T> timeoutFirst(Duration limit) {
    return timeout(TimeoutStage.Kind.FIRST, limit);
  }

  /**
   * Fails with a {@link java.util.concurrent.TimeoutException} if no element arrives for a time
   * during which one was requested. A slow consumer never makes it fail.
   */
  public static <T> Transform<T, T> timeoutIdle(Duration limit) {
    return timeout(TimeoutStage.Kind.IDLE, limit);
  }

  /**
   * Fails with a {@link java.util.concurrent.TimeoutException} if the stream has not ended within a
   * time from the first request on.
   */
  public static <T> Transform<T, T> timeoutTotal(Duration limit) {
    return timeout(TimeoutStage.Kind.TOTAL, limit);
  }

  private static <T> Transform<T, T> timeout(TimeoutStage.Kind kind, Duration limit) {
    requireNonNull(limit, "limit");
    return new Transform<>((run, down) -> new TimeoutStage<>(run, down, kind, limit));
  }

  /* ---------------- Bytes ---------------- */

  /**
   * The same bytes in chunks of one size; the last one may be smaller.
   *
   * @throws IllegalArgumentException if the size is not positive
   */
  public static Transform<Chunk, Chunk> rechunk(int size) {
    requirePositive("size", size);
    return new Transform<>((run, down) -> new RechunkStage(run, down, size).input());
  }

  /**
   * The bytes between delimiters, which are left out; there may be none between two. The bytes
   * after the last delimiter are the last piece, if there are any. Fails if a piece is longer than
   * {@code most} bytes.
   *
   * @throws IllegalArgumentException if the delimiter is empty or {@code most} is negative
   */
  public static Transform<Chunk, Chunk> split(Chunk delimiter, int most) {
    requirePositive("size of the delimiter", delimiter.size());
    requireNotNegative(most);
    byte[] bytes = delimiter.toArray();
    return new Transform<>((run, down) -> new SplitStage(run, down, bytes, most).input());
  }

  /**
   * The lines of a text in UTF-8, without their terminators, which are {@code \n} or {@code \\r\n}.
   * Fails if a line is longer than {@code most} bytes.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static Transform<Chunk, String> lines(int most) {
    return split(LINE_END, most).then(map(Transform::line));
  }

  private static String line(Chunk bytes) {
    String text = bytes.utf8();
    bytes.release();
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  /**
   * The same chunks; fails if they have more than {@code most} bytes.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static Transform<Chunk, Chunk> limitBytes(long most) {
    requireNotNegative(most);
    return new Transform<>((run, down) -> new LimitBytesStage(down, most));
  }

  /**
   * The same chunks; when they end, a function receives the digest of all of them, before the end
   * is passed on.
   *
   * @param algorithm such as {@code SHA-256}
   * @throws IllegalArgumentException if there is no such algorithm
   */
  public static Transform<Chunk, Chunk> digest(
      String algorithm, CheckedConsumer<? super Chunk> told) {
    requireNonNull(told, "told");
    Digests.of(algorithm);
    return new Transform<>((run, down) -> new DigestStage(down, Digests.of(algorithm), told));
  }

  /** The bytes compressed with gzip at the usual level. See {@link #gzip(int)}. */
  public static Transform<Chunk, Chunk> gzip() {
    return gzip(Deflater.DEFAULT_COMPRESSION);
  }

  /**
   * The bytes compressed with gzip, in chunks of up to 16 KiB, which come out when there are enough
   * bytes.
   *
   * @param level from 0, for none, to 9, for the shortest; or -1 for the usual one
   * @throws IllegalArgumentException if there is no such level
   */
  public static Transform<Chunk, Chunk> gzip(int level) {
    return gzip(level, false);
  }

  /**
   * Like {@link #gzip(int)}, for a live stream: the compressed form of a chunk comes out before the
   * next chunk is requested, and can be decompressed without it.
   *
   * @throws IllegalArgumentException if there is no such level
   */
  public static Transform<Chunk, Chunk> gzipLive(int level) {
    return gzip(level, true);
  }

  private static Transform<Chunk, Chunk> gzip(int level, boolean live) {
    if (level < Deflater.DEFAULT_COMPRESSION || level > Deflater.BEST_COMPRESSION) {
      throw new IllegalArgumentException("level not in -1..9: " + level);
    }
    return new Transform<>((run, down) -> new GzipStage(run, down, level, live).input());
  }

  /**
   * The bytes decompressed from gzip, one chunk of up to 16 KiB per request. Fails with a {@link
   * java.util.zip.ZipException} if the input is not gzip, ends early, does not match its checksum
   * or length, or is followed by anything; also if more than {@code most} bytes come out.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static Transform<Chunk, Chunk> gunzip(long most) {
    requireNotNegative(most);
    return new Transform<>((run, down) -> new GunzipStage(run, down, most, false).input());
  }

  /**
   * Like {@link #gunzip}, for one or more compressed parts in a row, as in concatenated files.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static Transform<Chunk, Chunk> gunzipAll(long most) {
    requireNotNegative(most);
    return new Transform<>((run, down) -> new GunzipStage(run, down, most, true).input());
  }

  /* ---------------- The end ---------------- */

  /**
   * Calls a function once, when the stream ends here, before the end is passed on. An exception of
   * the function at a completion fails the stream.
   */
  public static <T> Transform<T, T> onTermination(CheckedConsumer<? super Termination> function) {
    requireNonNull(function, "function");
    return new Transform<>((run, down) -> new TerminationStage<>(run, down, function));
  }
}
