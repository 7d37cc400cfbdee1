package io.libprocess.http.channel;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Transport;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The pieces that have arrived on a channel and were not taken by who works on its connection, and
 * whether the channel is paused. Bytes may arrive faster than another thread works: then they wait
 * here, and the channel is paused while there are many.
 */
public final class InputQueue {

  /** How many bytes may wait before the channel is paused. */
  private static final int MOST = 256 << 10;

  /** The same if the memory for all connections is used up. */
  private static final int MOST_WITHOUT_MEMORY = 16 << 10;

  private final Transport.Channel channel;
  private final ConcurrentLinkedQueue<byte[]> pieces = new ConcurrentLinkedQueue<>();

  private volatile long added; // To the pieces, ever; written by the thread that adds.
  private volatile boolean flooded; // Paused by the thread that adds.

  // Of who works.
  private byte[] first; // Arrived before all pieces; null if there is none.
  private volatile long taken; // Of the pieces, ever; read by the thread that adds.
  private boolean paused;

  InputQueue(Transport.Channel channel) {
    this.channel = channel;
  }

  /** Adds a piece; to be called as the pieces arrive, and the work to be asked for after that. */
  void add(byte[] piece) {
    push(piece);
    if (waiting() > (MemoryBudget.of(channel).isExhausted() ? MOST_WITHOUT_MEMORY : MOST)) {
      channel.pause(); // Before the note of it, since the thread that sees the note decides last.
      flooded = true;
    }
  }

  /** Does the same as {@link #add}, by a thread that is about to work. */
  void addOwn(byte[] piece) {
    if (isEmpty()) {
      first = piece;
    } else {
      push(piece);
    }
  }

  private void push(byte[] piece) {
    added = added + cost(piece); // Nobody else writes it.
    pieces.add(piece);
  }

  private static int cost(byte[] piece) {
    return piece.length + MemoryBudget.OBJECT;
  }

  private long waiting() {
    return added - taken;
  }

  /** How many bytes of memory are held; for who works. */
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
      taken = taken + cost(piece); // Nobody else writes it.
    }
    return piece;
  }

  boolean isEmpty() {
    return first == null && pieces.isEmpty();
  }

  /** Has the channel paused or not, at the end of a round of work. */
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
