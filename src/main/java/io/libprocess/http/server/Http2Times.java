package io.libprocess.http.server;

import io.libprocess.http.server.ServerDeadlines.Phase;
import java.time.Duration;

/**
 * The times of a connection of HTTP/2. Written by the thread that works on the connection; the
 * clock's thread reads volatile fields to see whether there is something to look at.
 */
final class Http2Times {

  /** The content of the ping whose answer shows that the client knows that this side leaves. */
  static final long LEAVE = 0x6C65617665L; // "leave"

  /** How long the client's settings, and its acknowledgement of this side's, may take. */
  private static final Duration SETTINGS = Duration.ofSeconds(10);

  /** How long the client may take to answer that ping. */
  private static final Duration LEAVING = Duration.ofSeconds(1);

  private static final long NEVER = Long.MAX_VALUE;

  private final HttpServer server;
  private final ServerDeadlines deadlines;

  private volatile long settingsAt = NEVER; // When the settings were sent that are not answered.
  private volatile long leavingAt = NEVER; // When the first GOAWAY was sent, while it is the only.
  private volatile boolean hasStreams; // Whose bodies may be late.

  Http2Times(HttpServer server) {
    this.server = server;
    this.deadlines = new ServerDeadlines(server);
    deadlines.mayIdle(false);
  }

  /** Whether the client has taken no output for too long. Called once in each period. */
  boolean takesNothing(long queued) {
    return deadlines.takesNothing(queued);
  }

  /** Whether there may be something to look at. Called once in each period. */
  boolean isDue() {
    return hasStreams || isSettingsLate() || isLeavingOver() || deadlines.isOverdue();
  }

  void settingsSent() {
    settingsAt = server.time();
  }

  void settingsAcked() {
    settingsAt = NEVER;
  }

  boolean isSettingsLate() {
    return settingsAt != NEVER && deadlines.exceeds(SETTINGS, settingsAt);
  }

  void leaving() {
    leavingAt = server.time();
  }

  void left() {
    leavingAt = NEVER;
  }

  boolean isLeavingOver() {
    return leavingAt != NEVER && deadlines.exceeds(LEAVING, leavingAt);
  }

  /** Whether the connection has been idle, or in the middle of a head, for too long. */
  boolean isOverdue() {
    return deadlines.isOverdue();
  }

  boolean isIdle() {
    return deadlines.phase() == Phase.IDLE;
  }

  /** Whether a body has made no progress for too long. */
  boolean isBodyOverdue(long progress) {
    return deadlines.exceeds(server.limits().bodyTime(), progress);
  }

  /**
   * Notes what is waited for at the end of a round.
   *
   * @param anew whether a request has been found in this round
   */
  void note(Phase phase, boolean anew, boolean streams) {
    deadlines.enter(phase, anew);
    if (hasStreams != streams) {
      hasStreams = streams;
    }
  }
}
