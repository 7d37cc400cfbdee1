package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.LogBackend;
import io.libprocess.settings.Durations;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import io.libprocess.web.BoundRoute;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The endpoint {@code /logging/toggle}, which makes the library log more for a while. All methods
 * may be called from any thread. The level applies to the whole JVM, whatever nodes there are in
 * it.
 */
public final class LoggingToggle {

  private static final String HELP =
      """
      Reads or raises how much is logged.

      Without parameters the answer is the level: 0 is what was logged at the start, 1 has debug \
      lines, 2 traces, 3 all. `level=1&duration=15mins` raises it for that time; a later request \
      replaces the end.
      """;

  private final Clock clock;
  private final Optional<LogLevels> levels;

  // Guarded by the monitor of this.
  private final int original;
  private Timer revert; // Null if there is nothing to revert.

  /** Makes the toggle of this JVM's log, with a clock. */
  public LoggingToggle(Clock clock) {
    this(clock, LogLevels.ofJvm());
  }

  LoggingToggle(Clock clock, Optional<LogLevels> levels) {
    this.clock = clock;
    this.levels = levels;
    original = levels.map(LogLevels::level).orElse(0);
  }

  /** The endpoint {@code /logging/toggle}. */
  public Endpoint endpoint() {
    Route route = Route.at("/toggle").realm(Realms.READ_WRITE).help(HELP);
    BoundRoute bound = BoundRoute.of(route, request -> Future.of(answer(request)));
    return new Endpoint("logging", List.of(bound), true, this::restore);
  }

  Response answer(Request request) {
    if (levels.isEmpty()) {
      return Response.badRequest(
          "The level cannot be changed here: System.Logger writes to "
              + LogBackend.name()
              + ", not to java.util.logging.\n");
    }
    Optional<String> level = request.query("level");
    Optional<String> duration = request.query("duration");
    if (level.isEmpty() && duration.isEmpty()) {
      return Response.ok(levels.get().level() + "\n");
    }
    if (level.isEmpty()) {
      return Response.badRequest("Expecting 'level=value' in query.\n");
    }
    if (duration.isEmpty()) {
      return Response.badRequest("Expecting 'duration=value' in query.\n");
    }
    return toggle(level.get(), duration.get());
  }

  private Response toggle(String level, String duration) {
    int number;
    try {
      number = Integer.parseInt(level);
    } catch (NumberFormatException e) {
      return Response.badRequest("Failed to convert '" + level + "' to number.\n");
    }
    if (number < 0) {
      return Response.badRequest("Invalid level '" + number + "'.\n");
    }
    if (number < original) {
      return Response.badRequest("'" + number + "' < original level.\n");
    }
    try {
      set(number, Durations.parse(duration));
    } catch (IllegalArgumentException e) {
      return Response.badRequest(e.getMessage() + ".\n");
    }
    return Response.ok();
  }

  /**
   * Sets the level until a time has passed; the level at the start stays until another one is set.
   *
   * @throws IllegalArgumentException if the level is below that at the start
   * @throws UnsupportedOperationException if the level of the log cannot be set
   */
  public synchronized void set(int level, Duration duration) {
    LogLevels set = levels.orElseThrow(() -> new UnsupportedOperationException(LogBackend.name()));
    if (level < original) {
      throw new IllegalArgumentException("level < " + original + ": " + level);
    }
    if (revert != null) {
      revert.cancel();
      revert = null;
    }
    set.set(level);
    if (level != original) {
      Timer[] mine = new Timer[1];
      mine[0] = clock.timer(duration, () -> expired(mine));
      revert = mine[0];
    }
  }

  /** Called when a timer has fired, which may have been replaced just before. */
  private synchronized void expired(Timer[] timer) {
    if (revert == timer[0]) {
      restore();
    }
  }

  /** Restores the level of the start, if it was changed. */
  private synchronized void restore() {
    if (revert != null) {
      revert.cancel();
      revert = null;
      levels.orElseThrow().set(original);
    }
  }
}
