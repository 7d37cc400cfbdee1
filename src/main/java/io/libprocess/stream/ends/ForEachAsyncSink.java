package io.libprocess.stream.ends;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A sink that passes each element to a function that returns a future, and keeps a limited number
 * of these pending at a time. The pending futures are in a set, and counted, with one more for the
 * stream itself.
 */
public final class ForEachAsyncSink<T> extends SinkStage<T, Void> {

  /** A pending future; the same future may occur twice. */
  private static final class Work {
    final Future<?> result;
    final Future<?> waiting; // For the result, which may last longer than the stream.

    Work(Future<?> result) {
      this.result = result;
      this.waiting = result.discardable();
    }

    void drop() {
      result.discard();
      waiting.discard();
    }
  }

  private final int most;
  private final CheckedFunction<? super T, ? extends Future<?>> function;
  private final Set<Work> pending = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger(1);

  /** Makes a sink with a function, which owns the elements. */
  public ForEachAsyncSink(
      Run<Void> run, int most, CheckedFunction<? super T, ? extends Future<?>> function) {
    super(run);
    this.most = most;
    this.function = function;
  }

  @Override
  protected void started() {
    request(most);
  }

  @Override
  public void next(T element) {
    if (!isOpen()) {
      Elements.release(element);
      return;
    }
    Future<?> result;
    try {
      result = function.apply(element);
    } catch (Throwable thrown) {
      stop(thrown);
      return;
    }
    if (result == null) {
      stop(new NullPointerException("the function returned null"));
      return;
    }
    if (result.isReady()) {
      request(1);
      return;
    }
    Work work = new Work(result);
    open.getAndIncrement();
    pending.add(work);
    work.waiting
        .onAbandoned(() -> stop(new Failure("a future was abandoned")))
        .onAny(ended -> done(work, ended));
    if (isOver()) {
      work.drop(); // It may have been removed already.
    }
  }

  private void done(Work work, Future<?> ended) {
    pending.remove(work);
    if (ended.isFailed()) {
      stop(ended.failure());
    } else if (ended.isDiscarded()) {
      stop(new Failure("a future was discarded"));
    } else if (open.decrementAndGet() == 0) {
      succeed(null);
    } else if (isOpen()) {
      request(1);
    }
  }

  @Override
  protected void ending() {
    if (open.decrementAndGet() == 0) {
      succeed(null);
    }
  }

  @Override
  protected void dropped(Throwable cause) {
    for (Work work : pending) {
      work.drop();
    }
  }
}
