package io.libprocess.http.server.http2;

import io.libprocess.http.exchange.ServerContext;
import io.libprocess.http.exchange.ServerDeadlines;
import io.libprocess.http.exchange.ServerDeadlines.Phase;
import io.libprocess.internal.Saturating;
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

  /** The content of the ping that asks a silent client for a sign of life. */
  static final long ALIVE = 0x616C697665L; // "alive"

  /** How long the client may take to give one. */
  private static final long SIGN_OF_LIFE = 15_000;

  private static final long NEVER = Long.MAX_VALUE;
  private static final long SPREAD = 0x9E3779B97F4A7C15L; // Makes neighbouring numbers unlike.

  private final ServerContext server;
  private final ServerDeadlines deadlines;

  private volatile long settingsAt = NEVER; // When the settings were sent that are not answered.
  private volatile long leavingAt = NEVER; // When the first GOAWAY was sent, while it is the only.
  private volatile boolean hasStreams; // Whose bodies may be late.

  private final long bornAt; // In server time.
  private final Duration age; // After which the connection is ended.
  private long pingSince =
      NEVER; // When a ping was sent that nothing has followed, in milliseconds.

  Http2Times(ServerContext server) {
    this.server = server;
    this.deadlines = new ServerDeadlines(server);
    deadlines.mayIdle(false);
    this.bornAt = server.time();
    this.age = spread(server.limits().http2().maxAge(), server.nanoTime());
  }

  /** A time that is up to a tenth longer or shorter, so that not all connections end together. */
  private static Duration spread(Duration time, long seed) {
    long millis = Saturating.millis(time);
    long tenth = millis / 10;
    long offset = Math.floorMod(seed * SPREAD >>> 1, 2 * tenth + 1) - tenth;
    return Duration.ofMillis(Saturating.sum(millis, offset));
  }

  /** Whether the client has taken no output for too long. Called once in each period. */
  boolean takesNothing(long queued) {
    return deadlines.takesNothing(queued);
  }

  /** Whether there may be something to look at. Called once in each period. */
  boolean isDue() {
    return hasStreams || isSettingsLate() || isLeavingOver() || isOld() || deadlines.isOverdue();
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

  /** Whether the connection has lasted as long as it may. */
  boolean isOld() {
    return !age.isZero() && deadlines.exceeds(age, bornAt);
  }

  /**
   * Whether the client has been silent for so long that it must be asked for a sign of life.
   *
   * @param arrivedAt when its last bytes arrived, in milliseconds
   */
  boolean isSilent(long arrivedAt) {
    long silence = Saturating.millis(server.limits().http2().ping());
    if (arrivedAt >= pingSince) {
      pingSince = NEVER;
    }
    return silence > 0 && pingSince == NEVER && server.now() - arrivedAt >= silence;
  }

  /** Notes that it has been asked. */
  void pinged() {
    pingSince = server.now();
  }

  /** Whether it was asked and has sent nothing since. */
  boolean isDead(long arrivedAt) {
    return arrivedAt < pingSince && server.now() - SIGN_OF_LIFE >= pingSince;
  }

  boolean isIdle() {
    return deadlines.phase() == Phase.IDLE;
  }

  /** Whether a body has made no progress for too long. */
  boolean isBodyOverdue(long progress) {
    return deadlines.exceeds(server.limits().bodyTime(), progress);
  }

  /** Whether the client has let through nothing of a response for too long. */
  boolean isUntakenTooLong(long held, long progress) {
    return deadlines.isUntakenTooLong(held, progress);
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
