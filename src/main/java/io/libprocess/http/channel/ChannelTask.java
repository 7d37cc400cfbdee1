package io.libprocess.http.channel;

import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.net.Transport;
import java.nio.ByteBuffer;

/**
 * All work on one channel, as a {@link SerialExecutor}: every source of something new (bytes, a
 * message to write, a piece of a stream, room for more) notes it and asks for the work to go on,
 * and {@link #advance} looks at everything that can have changed.
 *
 * <p>Input is parsed one piece after the other, so that a flood is detected at its first byte.
 * While parsing is held back, nothing more is fed to the parser.
 *
 * <p>Input that is held draws on the memory budget that all connections share, in steps, so that a
 * connection that keeps up counts nothing.
 */
public abstract class ChannelTask extends SerialExecutor implements Transport.Handler, Resumable {

  /** No more of a body is handed to a channel while more than this waits for the peer. */
  public static final long HIGH_WATER = 64 << 10;

  /** Smaller amounts are not counted, since counting would cost more. */
  private static final int LEAST_COUNTED = 1 << 10;

  private static final int STEP = 4 << 10;

  public final Transport.Channel channel;

  // Notes for work().
  public final InputQueue input;
  private volatile boolean inputEnded;

  // Used only by work().
  private boolean starved = true; // Nothing that was fed is held back.
  private boolean lastFed;
  private final MemoryBudget.Share memory; // For input that is held.
  private long counted; // The bytes that the share holds.

  public ChannelTask(Transport.Channel channel) {
    this.channel = channel;
    this.input = new InputQueue(channel);
    this.memory = MemoryBudget.of(channel).share();
  }

  /** Looks at everything that can have changed. */
  protected abstract void advance();

  /** Ends the connection after its work has thrown. */
  protected abstract void broken(Throwable thrown);

  /** Feeds bytes to the parser, or drops them if no more input is taken. */
  protected abstract void feed(byte[] bytes);

  /** Parses the bytes that were fed; false if some of them are held back. */
  protected abstract boolean parse();

  @Override
  protected final void work() {
    try {
      advance();
    } catch (Throwable thrown) {
      try {
        broken(thrown);
      } finally { // The necessary steps come before the log: memory may have run out.
        Log.error(() -> "The connection to " + channel.remote() + " is broken", thrown);
      }
    }
  }

  /* ------ Events of the channel ------ */

  @Override
  public void received(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    if (tryEnter()) {
      try {
        input.addOwn(copy);
      } finally { // Nobody else would work from now on.
        begin();
      }
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

  /* ------ Input ------ */

  /** Parses the input that has arrived; false if some of it is held back. */
  protected final boolean takeArrived() {
    boolean ended = inputEnded; // Read first: all input before the end is then in the queue.
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
   * Counts the input that is held; must be called at the end of a round of work.
   *
   * @param parsed the bytes that are held after the input queue
   */
  protected final void countHeld(long parsed) {
    long held = parsed + input.held();
    long needed = held <= LEAST_COUNTED ? 0 : (held + STEP - 1) / STEP * STEP;
    if (needed != counted) {
      counted = needed;
      memory.resize(needed);
    }
  }

  /** Releases the counted memory for good. */
  protected final void releaseHeld() {
    memory.close();
  }

  /** Whether no input follows the bytes that were fed. */
  protected final boolean isLastFed() {
    return lastFed;
  }
}
