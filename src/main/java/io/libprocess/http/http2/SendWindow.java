package io.libprocess.http.http2;

/**
 * A flow-control window for what this side sends: how many octets of DATA the peer takes. It is
 * negative after the peer has made the initial window smaller. For one thread at a time.
 */
public final class SendWindow {

  private static final long MOST = Integer.MAX_VALUE;

  private long left;

  public SendWindow(int size) {
    left = size;
  }

  /** How many octets may be sent; 0 if none. */
  public int open() {
    return (int) Math.max(0, left);
  }

  /** Notes that octets are sent, no more than are open. */
  public void send(int octets) {
    left -= octets;
  }

  /** Changes the window; false if it would become larger than the protocol allows. */
  public boolean change(long octets) {
    if (left + octets > MOST) {
      return false;
    }
    left += octets;
    return true;
  }
}
