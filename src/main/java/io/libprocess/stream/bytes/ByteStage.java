package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;

/**
 * A stage that makes other chunks of those that come: none, one or many of each. It asks for one
 * when one is asked of it and what it has is used up, and makes one for each that is asked for. A
 * failure from above comes after what has been made by then.
 *
 * <p>All abstract methods are called in the loop of the {@link Emitter}; what they throw is a
 * failure of this stage.
 */
abstract class ByteStage extends InputStage<Chunk, Chunk> {

  private volatile Chunk arrived; // Stored and not taken by the loop; null if there is none.

  // Used by the loop only.
  private boolean drained = true; // Nothing can be made of what has come.
  private boolean asked; // For a chunk that has not come.
  private boolean finished; // It knows that nothing more comes.

  ByteStage(Run<?> run, Downstream<? super Chunk> down) {
    super(run, down);
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
    boolean last = hasInputEnded(); // Before the look at what has come.
    Chunk chunk = arrived;
    if (chunk != null) {
      arrived = null;
      asked = false;
      drained = false;
      feed(chunk);
      return true;
    }
    if (last && inputFailure() != null) {
      endAsInput();
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
    requestUpstream(1);
    return arrived != null || hasInputEnded();
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

  @Override
  protected final void store(Chunk chunk) {
    arrived = chunk;
    ask();
  }
}
