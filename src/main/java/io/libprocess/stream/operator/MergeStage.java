package io.libprocess.stream.operator;

import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Ring;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A stage that sends the elements of several sources, one element of each that has any in turn.
 * Each source fills its own ring, from which the loop of the {@link Emitter} takes. If one fails,
 * the others are cancelled at once, and the failure is sent after the elements in the rings.
 */
public final class MergeStage<T> extends Emitter<T> {

  private final List<? extends Source<? extends T>> sources;
  private final List<Input> inputs = new ArrayList<>();
  private final int capacity;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  // Used only by the loop.
  private boolean started;
  private int turn;

  /** Makes a stage with a ring for a number of elements for each source. */
  public MergeStage(
      Run<?> run,
      Downstream<? super T> down,
      int capacity,
      List<? extends Source<? extends T>> sources) {
    super(run, down);
    this.sources = sources;
    this.capacity = capacity;
    for (int i = 0; i < sources.size(); i++) {
      inputs.add(new Input());
    }
  }

  /** Begins; the sources start with the first request. */
  public void start() {
    begin();
    if (sources.isEmpty()) {
      ask();
    }
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    cancelInputs(cause);
  }

  private void cancelInputs(Throwable cause) {
    for (Input input : inputs) {
      Upstream up = input.up;
      if (up != null && !input.ended) {
        up.cancel(cause);
      }
    }
  }

  @Override
  protected void step() {
    if (!started) {
      if (!mayEmit() && !sources.isEmpty()) {
        return;
      }
      startSources();
    }
    for (; ; ) {
      boolean last = haveEnded(); // Read before the rings are looked at.
      Input input = nextInput();
      if (input == null) {
        if (last) {
          end();
        }
        return;
      }
      if (!claim()) {
        return;
      }
      turn = turn + 1 == inputs.size() ? 0 : turn + 1;
      down.next(input.ring.poll());
      input.taken();
    }
  }

  private void startSources() {
    started = true;
    for (int i = 0; i < inputs.size(); i++) {
      Start.source(sources.get(i), run(), inputs.get(i));
    }
  }

  private boolean haveEnded() {
    if (failure.get() != null) {
      return true;
    }
    for (Input input : inputs) {
      if (!input.ended) {
        return false;
      }
    }
    return true;
  }

  /** Moves the turn to the next source that has an element; null if none has. */
  private Input nextInput() {
    for (int i = 0; i < inputs.size(); i++) {
      int index = turn + i < inputs.size() ? turn + i : turn + i - inputs.size();
      Input input = inputs.get(index);
      if (!input.ring.isEmpty()) {
        turn = index;
        return input;
      }
    }
    return null;
  }

  private void end() {
    Throwable thrown = failure.get();
    if (thrown == null) {
      complete();
    } else {
      fail(thrown);
    }
  }

  @Override
  protected void dispose() {
    if (!started) {
      startSources(); // They are cancelled at once, and release what they hold.
    }
    sweep();
  }

  @Override
  protected void sweep() {
    for (Input input : inputs) {
      for (T element = input.ring.poll(); element != null; element = input.ring.poll()) {
        Elements.release(element);
      }
    }
  }

  private final class Input extends Downstream<T> {

    final Ring<T> ring = new Ring<>(capacity);
    volatile Upstream up; // Null before the beginning.
    volatile boolean ended;
    private int taken; // Used only by the loop.

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      if (isOver()) {
        upstream.cancel(cause());
      } else if (failure.get() != null) {
        upstream.cancel(failure.get());
      } else {
        upstream.request(capacity);
      }
    }

    @Override
    public void next(T element) {
      if (isOver()) {
        Elements.release(element);
        return;
      }
      if (!ring.offer(element)) {
        Elements.release(element);
        abortForExcess();
        return;
      }
      ask();
    }

    @Override
    public void complete() {
      ended = true;
      ask();
    }

    @Override
    public void fail(Throwable thrown) {
      boolean first = failure.compareAndSet(null, thrown);
      ended = true; // After the failure, which the loop must not miss.
      if (first) {
        cancelInputs(thrown);
      } else {
        Run.suppress(failure.get(), thrown);
      }
      ask();
    }

    void taken() {
      if (++taken >= capacity - capacity / 2 && !ended) {
        int count = taken;
        taken = 0;
        up.request(count);
      }
    }
  }
}
