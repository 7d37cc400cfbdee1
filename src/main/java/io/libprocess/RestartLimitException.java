package io.libprocess;

import java.time.Duration;

/**
 * Why a {@link Supervisor} ended: its processes had to be restarted too often. The cause is what
 * the last of them threw, if it threw anything. It has no stack trace.
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
