package io.libprocess.http.http2;

/**
 * A flow-control window for what the peer sends. What was taken is announced to the peer when it is
 * half of the window, so that few frames are needed, or a mebibyte, so that a peer on a long path
 * does not wait for the rest of a large half. For one thread at a time.
 *
 * <p>The size is the sum of what the peer may still send, what has arrived and was not taken, and
 * what was taken but not announced.
 */
public final class ReceiveWindow {

  private static final int MOST_UNANNOUNCED = 1 << 20;

  private int size;
  private long open; // What the peer may still send.
  private long unannounced; // Octets that were taken.

  /** Makes a window of which the peer knows. */
  public ReceiveWindow(int size) {
    this.size = size;
    this.open = size;
  }

  /** The size. */
  public int size() {
    return size;
  }

  /** What the peer may still send. */
  public long open() {
    return open;
  }

  /** Notes that octets have arrived; false if they are more than the peer was allowed to send. */
  public boolean receive(int octets) {
    open -= octets;
    return open >= 0;
  }

  /** Notes that octets which have arrived were taken. */
  public void take(long octets) {
    unannounced += octets;
  }

  /** Changes the size. A smaller one takes effect as octets are taken. */
  public void resize(int newSize) {
    unannounced += newSize - size;
    size = newSize;
  }

  /** What is to be announced to the peer now; 0 if that is too little yet. */
  public int update() {
    if (unannounced < Math.min(size / 2, MOST_UNANNOUNCED)) {
      return 0;
    }
    int increment = (int) unannounced;
    open += increment;
    unannounced = 0;
    return increment;
  }
}
