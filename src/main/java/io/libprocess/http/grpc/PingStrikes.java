package io.libprocess.http.grpc;

/**
 * Counts the pings of a client that come sooner than it may send them: each five minutes, unless
 * something is sent to it in between. One that gets several strikes is to be disconnected. It
 * applies from the first call on. For one thread at a time; times are in milliseconds.
 */
public final class PingStrikes {

  /** What the client is told with the end of its connection; others know the text. */
  public static final String TEXT = "too_many_pings";

  private static final long INTERVAL = 300_000;
  private static final int MOST = 2;

  private boolean applies;
  private boolean pinged;
  private long last; // When the last ping came that was no strike, if one has come.
  private int strikes;

  /** Notes that the connection carries a call. */
  public void call() {
    applies = true;
  }

  /** Notes that a head or content was sent. */
  public void sent() {
    pinged = false;
    strikes = 0;
  }

  /** Notes a ping; true if it is one too many. */
  public boolean ping(long now) {
    if (!applies) {
      return false;
    }
    if (!pinged || now - last >= INTERVAL) {
      pinged = true;
      last = now;
      return false;
    }
    return ++strikes > MOST;
  }
}
