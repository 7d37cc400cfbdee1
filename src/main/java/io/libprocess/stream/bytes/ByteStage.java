package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.Upstream;

/**
 * A stage that makes other chunks of those that come: none, one or many of each. It asks for one
 * when one is asked of it and what it has is used up, and makes one for each that is asked for. A
 * failure from above comes after what has been made by then.
 *
 * <p>All abstract methods are called in the loop of the {@link Emitter}; what they throw is a
 * failure of this stage.
 */
abstract class ByteStage extends Emitter<Chunk> {

  private final Input input = new Input();

  // Written inside signals from above, the failure before the flag.
  private volatile Chunk arrived; // Not taken by the loop; null if there is none.
  private Throwable failure; // Null if it ended well.
  private volatile boolean inputEnded;

  // Used by the loop only.
  private boolean drained = true; // Nothing can be made of what has come.
  private boolean asked; // For a chunk that has not come.
  private boolean finished; // It knows that nothing more comes.

  ByteStage(Run<?> run, Downstream<? super Chunk> down) {
    super(run, down);
  }

  /** What is to be signalled. */
  public final Downstream<Chunk> input() {
    return input;
  }

  /** Takes a chunk, which it owns, when {@link #make} has returned null. */
  abstract void feed(Chunk chunk) throws Exception;

  /** Nothing more comes; what is left is made afterwards. */
  abstract void finish() throws Exception;

  /** The next chunk, never an empty one; null if there is none yet. */
  abstract Chunk make() throws Exception;

  /** Lets go of everything; called once, and nothing afterwards. */
  abstract void close();

  @Override
  protected final void cancelUpstream(Throwable cause) {
    input.up.cancel(cause);
  }

  @Override
  protected final void step() throws Exception {
    for (; ; ) {
      if (drained) {
        if (!refill()) {
          return;
        }
      } else if (!mayEmit()) {
        return;
      } else {
        send(make());
      }
    }
  }

  private void send(Chunk made) {
    if (made == null) {
      drained = true;
    } else if (claim()) {
      down.next(made);
    } else {
      made.release();
    }
  }

  /** Gets something to make chunks of; false if there is nothing now, or this has ended. */
  private boolean refill() throws Exception {
    boolean last = inputEnded; // Before the look at what has come.
    Chunk chunk = arrived;
    if (chunk != null) {
      arrived = null;
      asked = false;
      drained = false;
      feed(chunk);
      return true;
    }
    if (last && failure != null) {
      fail(failure);
      return false;
    }
    if (last && finished) {
      complete();
      return false;
    }
    if (last) {
      finished = true;
      drained = false;
      finish();
      return true;
    }
    if (asked || !mayEmit()) {
      return false;
    }
    asked = true;
    input.up.request(1);
    return arrived != null || inputEnded;
  }

  @Override
  protected final void dispose() {
    sweep();
    close();
  }

  @Override
  protected final void sweep() {
    Chunk late = arrived;
    arrived = null;
    if (late != null) {
      late.release();
    }
  }

  private final class Input extends Downstream<Chunk> {

    private Upstream up;

    @Override
    public void begin(Upstream upstream) {
      up = upstream;
      ByteStage.this.begin();
    }

    @Override
    public void next(Chunk chunk) {
      if (isOver()) {
        Elements.release(chunk);
        return;
      }
      arrived = chunk;
      ask();
    }

    @Override
    public void complete() {
      inputEnded = true;
      ask();
    }

    @Override
    public void fail(Throwable thrown) {
      failure = thrown;
      complete();
    }
  }
}
