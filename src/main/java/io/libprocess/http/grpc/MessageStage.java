package io.libprocess.http.grpc;

import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.InputStage;
import io.libprocess.stream.stage.Run;

/**
 * A stage that finds the messages in the bytes of a body. It requests a piece when a message is
 * requested of it and its input is used up, so a consumer that is behind closes the window of its
 * stream. A failure from above comes after the messages before it.
 */
public final class MessageStage extends InputStage<Chunk, byte[]> {

  private final MessageReader reader;

  private volatile Chunk arrived; // Stored and not taken by the loop; null if there is none.

  // Used only by the loop.
  private boolean asked; // For a piece that has not come.
  private byte[] ready; // Found and not sent; null if there is none.

  /** A stage with a reader of its own. */
  public MessageStage(Run<?> run, Downstream<? super byte[]> down, MessageReader reader) {
    super(run, down);
    this.reader = reader;
  }

  @Override
  protected void step() throws GrpcWireException {
    for (; ; ) {
      if (ready == null) {
        ready = reader.next();
      }
      if (ready == null) {
        if (!refill()) {
          return;
        }
      } else if (claim()) {
        byte[] message = ready;
        ready = null;
        down.next(message);
      } else {
        return;
      }
    }
  }

  /** Gets more input; false if there is none now, or this has ended. */
  private boolean refill() throws GrpcWireException {
    boolean last = hasInputEnded(); // Read before the input is looked at.
    Chunk piece = arrived;
    if (piece != null) {
      arrived = null;
      asked = false;
      reader.feed(piece);
      return true;
    }
    if (last) {
      if (inputFailure() == null) {
        reader.end();
      }
      endAsInput();
      return false;
    }
    if (asked || !mayEmit()) {
      return false;
    }
    asked = true;
    requestUpstream(1);
    return arrived != null || hasInputEnded();
  }

  @Override
  protected void dispose() {
    sweep();
    reader.close();
    ready = null;
  }

  @Override
  protected void sweep() {
    Chunk late = arrived;
    arrived = null;
    if (late != null) {
      late.release();
    }
  }

  @Override
  protected void store(Chunk piece) {
    arrived = piece;
    ask();
  }
}
