package io.libprocess.stream.bytes;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;

/**
 * A stage that turns chunks into others: none, one or many for each. It requests a chunk when one
 * is requested of it and its input is used up, and makes one for each request. A failure from above
 * comes after the chunks made before.
 *
 * <p>All abstract methods are called in the loop of the {@link Emitter}; their exceptions are
 * failures of this stage.
 */
abstract class ByteStage extends InputStage<Chunk, Chunk> {

  private volatile Chunk arrived; // Stored and not taken by the loop; null if there is none.

  // Used only by the loop.
  private boolean drained = true; // No chunk can be made of the input so far.
  private boolean asked; // For a chunk that has not come.
  private boolean finished; // It knows the end of the input.

  ByteStage(Run<?> run, Downstream<? super Chunk> down) {
    super(run, down);
  }

  /** Takes a chunk, which it owns, when {@link #make} has returned null. */
  abstract void feed(Chunk chunk) throws Exception;

  /** Notes the end of the input; the remaining chunks are made afterwards. */
  abstract void finish() throws Exception;

  /** Makes the next chunk, never an empty one; null if there is none yet. */
  abstract Chunk make() throws Exception;

  /** Releases everything; called once, and last. */
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

  /** Gets more input; false if there is none now, or this has ended. */
  private boolean refill() throws Exception {
    boolean last = hasInputEnded(); // Read before the input is looked at.
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
