package io.libprocess.http.exchange;

import io.libprocess.internal.Log;
import java.io.IOException;

/** The failure of whatever waits for a client that has disconnected. */
public final class ClientGone {

  public static final String MESSAGE = "the client has disconnected";

  private static final IOException WITHOUT_REASON = new IOException(MESSAGE);

  private ClientGone() {}

  /**
   * Makes the failure.
   *
   * @param why the reason if it is known, or null
   */
  public static IOException because(IOException why) {
    try {
      return new IOException(MESSAGE, why);
    } catch (OutOfMemoryError e) { // The requests must be given up nevertheless.
      return WITHOUT_REASON;
    }
  }

  /** Logs that a request could not be given up as it should be; the others still are. */
  public static void ignored(Throwable thrown) {
    Log.error("A request whose client has gone was not given up as it should be", thrown);
  }
}
