package io.libprocess.http.server;

import io.libprocess.http.Request;
import io.libprocess.http.RequestHandler;
import io.libprocess.http.http1.Recurrence;

/** A handler with a shortcut for requests that recur on a connection. */
public interface RecurrenceHandler extends RequestHandler {

  /**
   * Returns a shortcut for requests on the same connection whose heads equal, byte by byte, that of
   * a request which was handled before. It is used for requests that are small and arrive in one
   * piece.
   *
   * @return null if there is none
   */
  Recurrence recurrence(Request request);
}
