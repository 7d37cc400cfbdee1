package io.libprocess.service.filter;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** There was no response in time. It has no stack trace, since there may be many. */
public final class RequestTimeoutException extends TimeoutException {

  private static final long serialVersionUID = 1L;

  private final Duration limit;

  /**
   * Makes a failure.
   *
   * @param what was waited for, such as {@code response}
   * @param limit how long
   */
  public RequestTimeoutException(String what, Duration limit) {
    super("no " + what + " within " + limit);
    this.limit = limit;
  }

  /** How long was waited. */
  public Duration limit() {
    return limit;
  }

  /** Does nothing: there is no stack trace. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
