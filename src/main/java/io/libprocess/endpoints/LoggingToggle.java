package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.LogBackend;
import io.libprocess.settings.Durations;
import io.libprocess.time.Clock;
import io.libprocess.web.BoundRoute;
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
  private final LogRaise raise;

  /**
   * Makes the toggle of this JVM's log.
   *
   * @param clock measures for how long the level is raised
   */
  public LoggingToggle(Clock clock) {
    this(clock, LogRaise.ofJvm());
  }

  LoggingToggle(Clock clock, LogRaise raise) {
    this.clock = clock;
    this.raise = raise;
  }

  /** The endpoint {@code /logging/toggle}. */
  public Endpoint endpoint() {
    Route route = Route.at("/toggle").realm(Realms.READ_WRITE).help(HELP);
    BoundRoute bound = BoundRoute.of(route, request -> Future.of(answer(request)));
    return new Endpoint("logging", List.of(bound), true, () -> raise.restore(this));
  }

  Response answer(Request request) {
    if (!raise.isPossible()) {
      return Response.badRequest(
          "The level cannot be changed here: System.Logger writes to "
              + LogBackend.name()
              + ", not to java.util.logging.\n");
    }
    Optional<String> level = request.query("level");
    Optional<String> duration = request.query("duration");
    if (level.isEmpty() && duration.isEmpty()) {
      return Response.ok(raise.level() + "\n");
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
    if (number < raise.original()) {
      return Response.badRequest("'" + number + "' < original level.\n");
    }
    try {
      raise.set(number, Durations.parse(duration), clock, this);
    } catch (IllegalArgumentException e) {
      return Response.badRequest(e.getMessage() + ".\n");
    }
    return Response.ok();
  }
}
