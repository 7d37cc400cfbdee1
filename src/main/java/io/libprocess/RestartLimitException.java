package io.libprocess;

import java.time.Duration;

/**
 * The failure of a {@link Supervisor} whose children had to be restarted too often. The cause is
 * the exception that ended the last of them, if there was one. It has no stack trace.
 */
public final class RestartLimitException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RestartLimitException(String child, Exit exit, int limit, Duration period) {
    super(
        "child "
            + child
            + " ended ("
            + exit.reason()
            + ") after "
            + limit
            + " restarts within "
            + period,
        exit.cause().orElse(null),
        false,
        false);
  }
}
