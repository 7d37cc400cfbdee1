package io.libprocess.stream.operator;

import io.libprocess.stream.stage.DemandSwitch;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Source;
import io.libprocess.stream.stage.Start;
import io.libprocess.stream.stage.Upstream;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage that sends the elements of one source to several runs. An element is requested when every
 * branch that has not cancelled has requested it, so each branch can take it at once and nothing is
 * held. Every signal of the source is passed to all branches, inside that signal.
 *
 * <p>The source has a separate run, which it holds open; the runs of the branches wait for it. The
 * lock guards the requests of the branches and the set of active ones; nothing is called under it.
 * {@code active} is replaced rather than changed, so that a signal can iterate over it.
 */
public final class Broadcast<T> {

  private final Source<? extends T> source;
  private final Run<Void> shared = new Run<>();
  private final Input input = new Input();
  private final List<Branch> branches = new ArrayList<>();

  // Guarded by the monitor of this.
  private long asked; // From the source.
  private boolean started;
  private boolean ended; // The source has ended, or all branches have cancelled.

  private volatile List<Branch> active; // Those that have not cancelled; written under the lock.

  /** Makes a number of branches, none of which has begun. */
  public Broadcast(Source<? extends T> source, int count) {
    this.source = source;
    for (int i = 0; i < count; i++) {
      branches.add(new Branch());
    }
    active = List.copyOf(branches);
  }

  /** The sources of the branches; each must be started, and only once. */
  public List<? extends Source<T>> branches() {
    return branches;
  }

  /** Requests from the source what all branches have requested by now. */
  private void requestMore() {
    long count;
    boolean first = false;
    synchronized (this) {
      if (ended) {
        return;
      }
      long least = Upstream.UNBOUNDED;
      for (Branch branch : active) {
        least = Math.min(least, branch.requested);
      }
      if (least == asked) {
        return;
      }
      count = least == Upstream.UNBOUNDED ? least : least - asked;
      asked = least;
      if (!started) {
        started = true;
        first = true;
      }
    }
    if (first) {
      Start.source(source, shared, input);
    }
    input.demand.request(count);
  }

  private void leave(Branch branch, Throwable cause) {
    boolean last;
    boolean first;
    synchronized (this) {
      if (ended || !active.contains(branch)) {
        return;
      }
      List<Branch> left = new ArrayList<>(active);
      left.remove(branch);
      active = List.copyOf(left);
      last = left.isEmpty();
      ended = last;
      first = last && !started;
      started |= last;
    }
    if (!last) {
      branch.run.release();
      requestMore();
      return;
    }
    releaseAtEnd(List.of(branch));
    if (first) {
      Start.source(source, shared, input); // So that it releases what it holds.
    }
    input.demand.cancel(cause);
    shared.succeed(null);
  }

  private void releaseAtEnd(List<Branch> last) {
    shared
        .future()
        .onAny(
            end -> {
              for (Branch branch : last) {
                if (end.isFailed()) {
                  branch.run.note(end.failure());
                }
                branch.run.release();
              }
            });
  }

  /** The branches that must be told the end; none if it has been told already. */
  private List<Branch> end() {
    synchronized (this) {
      if (ended) {
        return List.of();
      }
      ended = true;
      return active;
    }
  }

  /** A branch, which passes the source's elements on to its own run. */
  private final class Branch implements Source<T>, Upstream {

    private Run<?> run;
    private Downstream<? super T> down;
    private long requested; // Guarded by the lock of the broadcast.

    @Override
    public void start(Run<?> itsRun, Downstream<? super T> itsDown) {
      run = itsRun;
      down = itsDown;
      run.hold();
      down.begin(this);
    }

    @Override
    public void request(long count) {
      if (count <= 0) {
        input.demand.request(count); // This makes the source fail.
        return;
      }
      synchronized (Broadcast.this) {
        long sum = requested + count;
        requested = sum < 0 ? UNBOUNDED : sum;
      }
      requestMore();
    }

    @Override
    public void cancel(Throwable cause) {
      leave(this, cause);
    }
  }

  private final class Input extends Downstream<T> {

    private final DemandSwitch demand = new DemandSwitch();

    @Override
    public void begin(Upstream upstream) {
      demand.switchTo(upstream);
    }

    @Override
    public void next(T element) {
      List<Branch> now = active;
      if (now.isEmpty()) {
        Elements.release(element);
        return;
      }
      for (int i = 1; i < now.size(); i++) {
        Elements.retain(element);
      }
      for (Branch branch : now) {
        branch.down.next(element);
      }
    }

    @Override
    public void complete() {
      List<Branch> told = end();
      releaseAtEnd(told);
      for (Branch branch : told) {
        branch.down.complete();
      }
      if (!told.isEmpty()) {
        shared.succeed(null);
      }
    }

    @Override
    public void fail(Throwable failure) {
      List<Branch> told = end();
      releaseAtEnd(told);
      for (Branch branch : told) {
        branch.down.fail(failure);
      }
      if (!told.isEmpty()) {
        shared.succeed(null);
      }
    }
  }
}
