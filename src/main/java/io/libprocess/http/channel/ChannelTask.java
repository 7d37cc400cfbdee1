package io.libprocess.http.channel;

import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.net.Transport;
import java.nio.ByteBuffer;

/**
 * All work on one channel, as a {@link SerialExecutor}: whatever brings something new (bytes, a
 * message to write, a piece of a stream, room for more) notes it and asks, and {@link #advance}
 * looks at everything that can have changed.
 *
 * <p>What has arrived is parsed one piece after the other, so that a flood is found out at its
 * first byte. While parsing is held back nothing more is fed.
 *
 * <p>What is held of what has arrived draws on the memory that all connections share, in steps, so
 * that a connection that keeps up counts nothing.
 */
public abstract class ChannelTask extends SerialExecutor implements Transport.Handler {

  /** Less is not counted, since counting would cost more. */
  private static final int LEAST_COUNTED = 1 << 10;

  private static final int STEP = 4 << 10;

  public final Transport.Channel channel;

  // Notes for work().
  public final InputQueue input;
  private volatile boolean inputEnded;

  // Of work().
  private boolean starved = true; // Of what was fed nothing is held back.
  private boolean lastFed;
  private final MemoryBudget.Share memory; // Of what has arrived.
  private long counted; // What the share holds.

  public ChannelTask(Transport.Channel channel) {
    this.channel = channel;
    this.input = new InputQueue(channel);
    this.memory = MemoryBudget.of(channel).share();
  }

  /** Looks at everything that can have changed. */
  protected abstract void advance();

  /** It threw. */
  protected abstract void broken(Throwable thrown);

  /** Gives the parser bytes, or drops them if nothing more is taken. */
  protected abstract void feed(byte[] bytes);

  /** Parses what was fed; false if some of it is held back. */
  protected abstract boolean parse();

  @Override
  protected final void work() {
    try {
      advance();
    } catch (Throwable thrown) {
      try {
        broken(thrown);
      } finally { // What must be done was done before it is logged: memory may have run out.
        Log.error(() -> "The connection to " + channel.remote() + " is broken", thrown);
      }
    }
  }

  /* ------ What happens on the channel ------ */

  @Override
  public void received(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    if (tryEnter()) {
      input.addOwn(copy);
      begin();
    } else {
      input.add(copy);
      ask();
    }
  }

  @Override
  public final void ended() {
    inputEnded = true;
    ask();
  }

  @Override
  public final void drained() {
    ask();
  }

  /* ------ What has arrived ------ */

  /** Parses what has arrived; false if some of it is held back. */
  protected final boolean takeArrived() {
    boolean ended = inputEnded; // Looked at first: all that came before it is there now.
    byte[] bytes = starved ? input.poll() : null;
    do {
      if (bytes != null) {
        feed(bytes);
      }
      lastFed = ended && input.isEmpty();
      starved = parse();
    } while (starved && (bytes = input.poll()) != null);
    return starved;
  }

  /**
   * Counts what is held of what has arrived; to be called at the end of a round of work.
   *
   * @param parsed how much of it is held behind the input queue
   */
  protected final void countHeld(long parsed) {
    long held = parsed + input.held();
    long needed = held <= LEAST_COUNTED ? 0 : (held + STEP - 1) / STEP * STEP;
    if (needed != counted) {
      counted = needed;
      memory.resize(needed);
    }
  }

  /** Gives back all that is counted, for good. */
  protected final void releaseHeld() {
    memory.close();
  }

  /** Whether nothing comes behind what was fed. */
  protected final boolean isLastFed() {
    return lastFed;
  }
}
