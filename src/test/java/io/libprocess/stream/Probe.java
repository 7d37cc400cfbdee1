package io.libprocess.stream;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.TwoWayStage;
import io.libprocess.stream.stage.Upstream;
import java.util.ArrayList;
import java.util.List;

/** A consumer that requests as the test tells it to, and checks the protocol. */
final class Probe<T> extends Downstream<T> {

  private final long first;
  private final List<T> elements = new ArrayList<>();
  private Run<Void> run;
  private long allowed;
  private boolean cancelled;
  private Upstream up;
  private String end = "";
  private Throwable failure;

  /** Asks for so many elements at once. */
  Probe(long first) {
    this.first = first;
  }

  void run(Stream<? extends T> stream) {
    run = new Run<>();
    Start.source(stream.use(), run, this);
  }

  synchronized List<T> elements() {
    return List.copyOf(elements);
  }

  /** Empty, {@code complete} or {@code fail}. */
  synchronized String end() {
    return end;
  }

  synchronized Throwable failure() {
    return failure;
  }

  void request(long count) {
    synchronized (this) {
      allowed = allowed + count < 0 ? Long.MAX_VALUE : allowed + count;
    }
    up.request(count);
  }

  void cancel(Throwable cause) {
    synchronized (this) {
      cancelled = true;
    }
    up.cancel(cause);
    run.discard();
  }

  @Override
  public void begin(Upstream upstream) {
    if (up != null) {
      throw new AssertionError("it has begun twice");
    }
    up = upstream;
    if (first > 0) {
      request(first);
    }
  }

  @Override
  public synchronized void next(T element) {
    if (elements.size() >= allowed) {
      fault("more than requested: " + element);
    }
    if (!end.isEmpty()) {
      fault("an element after the end: " + element);
    }
    if (!cancelled) {
      elements.add(element);
    }
  }

  @Override
  public synchronized void complete() {
    over("complete");
  }

  @Override
  public synchronized void fail(Throwable thrown) {
    failure = thrown;
    over("fail");
  }

  private void over(String how) {
    if (!end.isEmpty()) {
      fault("two ends");
    }
    end = how;
  }

  private void fault(String what) {
    end = "fault: " + what;
    throw new AssertionError(what);
  }

  /** Remembers with what cause a stream was cancelled. */
  static final class Cancelled {

    private static final Throwable NONE = new Throwable("cancelled without a cause");
    private volatile Throwable cause;

    /** Null if it was not cancelled, or without a cause. */
    Throwable cause() {
      return cause == NONE ? null : cause;
    }

    boolean happened() {
      return cause != null;
    }

    <T> Transform<T, T> watch() {
      return new Transform<>((run, down) -> new Watch<>(down));
    }

    private final class Watch<T> extends TwoWayStage<T, T> {
      Watch(Downstream<? super T> down) {
        super(down);
      }

      @Override
      public void next(T element) {
        down.next(element);
      }

      @Override
      public void cancel(Throwable why) {
        cause = why == null ? NONE : why;
        super.cancel(why);
      }
    }
  }
}
