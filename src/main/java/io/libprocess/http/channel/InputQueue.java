package io.libprocess.http.channel;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A queue of the pieces that have arrived on a channel and have not yet been taken by the thread
 * that works on its connection. It also controls whether the channel is paused: bytes may arrive
 * faster than that thread works; they then wait here, and the channel is paused while there are
 * many.
 */
public final class InputQueue {

  /** How many bytes may wait before the channel is paused. */
  private static final int MOST = 256 << 10;

  /** The same limit if the memory for all connections is used up. */
  private static final int MOST_WITHOUT_MEMORY = 16 << 10;

  private final Transport.Channel channel;
  private final ConcurrentLinkedQueue<byte[]> pieces = new ConcurrentLinkedQueue<>();

  private volatile long added; // Bytes added, in all; written by the thread that adds.
  private volatile boolean flooded; // Paused by the thread that adds.

  // Used by the thread that works.
  private byte[] first; // Comes before all pieces; null if there is none.
  private volatile long taken; // Bytes taken, in all; read by the thread that adds.
  private boolean paused;

  InputQueue(Transport.Channel channel) {
    this.channel = channel;
  }

  /** Adds a piece; called in the order of arrival, and before the work is asked for. */
  void add(byte[] piece) {
    push(piece);
    if (waiting() > (MemoryBudget.of(channel).isExhausted() ? MOST_WITHOUT_MEMORY : MOST)) {
      channel.pause(); // Before the flag is set, since the thread that sees the flag decides last.
      flooded = true;
    }
  }

  /** Like {@link #add}, by a thread that is about to work. */
  void addOwn(byte[] piece) {
    if (isEmpty()) {
      first = piece;
    } else {
      push(piece);
    }
  }

  private void push(byte[] piece) {
    added = added + cost(piece); // Only this thread writes it.
    pieces.add(piece);
  }

  private static int cost(byte[] piece) {
    return piece.length + MemoryBudget.OBJECT;
  }

  private long waiting() {
    return added - taken;
  }

  /** The bytes of memory that are held; for the thread that works. */
  long held() {
    return waiting() + (first == null ? 0 : first.length);
  }

  /** Takes the next piece; null if there is none. */
  byte[] poll() {
    byte[] piece = first;
    if (piece != null) {
      first = null;
      return piece;
    }
    piece = pieces.poll();
    if (piece != null) {
      taken = taken + cost(piece); // Only this thread writes it.
    }
    return piece;
  }

  boolean isEmpty() {
    return first == null && pieces.isEmpty();
  }

  /** Pauses the channel or lets it go on, at the end of a round of work. */
  public void pause(boolean pause) {
    if (flooded) {
      flooded = false;
      paused = !pause;
    }
    if (pause != paused) {
      paused = pause;
      if (pause) {
        channel.pause();
      } else {
        channel.resume();
      }
    }
  }
}
