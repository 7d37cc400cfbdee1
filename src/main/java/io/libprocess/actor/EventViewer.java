package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.Message;
import io.libprocess.UPID;
import io.libprocess.http.Request;

/**
 * Converts events to views for others: one method for each kind that is shown.
 *
 * @param <V> the type of a view
 */
public interface EventViewer<V> {

  /** A message. */
  V message(UPID process, Message message);

  /** A function that will run in the process. */
  V dispatch(UPID process, Object function);

  /**
   * An HTTP request.
   *
   * @param path the canonical path below the process
   */
  V http(UPID process, Request request, String path);

  /** The end of a linked process. */
  V exited(UPID process, UPID linkee, Exit exit);

  /** The request to end. */
  V terminate(UPID process);
}
