package io.libprocess.http.client;

import io.libprocess.http.Limits;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * The times of a client's connection of HTTP/2. One timer is set for the earliest time at which
 * there may be something to do; when it fires, the connection looks at everything. So most requests
 * do not touch it. Used by the thread that works on the connection; the timer asks for that work to
 * go on.
 */
final class Http2ClientTimes {

  static final long NEVER = Long.MAX_VALUE;

  /** How long a body waits for the server to ask for it. */
  private static final long CONTINUE = 1000;

  private static final long SETTINGS = 10_000;

  private final Limits limits;
  private final Clock clock;
  private final SerialExecutor connection;
  private final KeepAlive keepAlive;

  private Timer timer; // Null if none is set.
  private long due = NEVER; // When it fires.
  private volatile boolean rang;

  private long settingsSince = NEVER; // When settings were sent that are not acknowledged.
  private long idleSince = NEVER;
  private long pingSince = NEVER; // When a ping was sent that is not answered.
  private long ping; // Its content.
  private long arrivedAt;

  Http2ClientTimes(Limits limits, Clock clock, SerialExecutor connection, KeepAlive keepAlive) {
    this.limits = limits;
    this.clock = clock;
    this.connection = connection;
    this.keepAlive = keepAlive;
  }

  /** The clock's elapsed time in milliseconds. */
  long now() {
    return clock.nanoTime() / 1_000_000;
  }

  /** The clock's elapsed time in nanoseconds. */
  long nanoTime() {
    return clock.nanoTime();
  }

  /** Has the connection look at the times when a time has come. */
  void look(long at) {
    if (at >= due) {
      return;
    }
    stop();
    due = at;
    timer = clock.timer(Duration.ofMillis(Math.max(0, at - now())), this::ring);
  }

  private void ring() {
    rang = true;
    connection.ask();
  }

  /** Whether the timer has fired; it is not set any more then. */
  boolean takeRang() {
    if (!rang) {
      return false;
    }
    rang = false;
    due = NEVER;
    return true;
  }

  /** Sets no timer any more. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /* ------ The connection ------ */

  void begin() {
    arrivedAt = now();
    settingsSince = arrivedAt;
    look(settingsSince + SETTINGS);
  }

  void arrived() {
    arrivedAt = now();
  }

  void settingsAcked() {
    settingsSince = NEVER;
  }

  /** Notes that a ping was sent, which asks for a sign of life. */
  void pinged(long content) {
    ping = content;
    pingSince = now();
    look(after(pingSince, keepAlive.answer()));
  }

  /** Notes the answer to a ping; whether it is the one that was awaited. */
  boolean pingAcked(long content) {
    if (pingSince == NEVER || content != ping) {
      return false;
    }
    pingSince = NEVER;
    return true;
  }

  /** Notes whether a request is in progress. */
  void idle(boolean idle) {
    if (!idle) {
      idleSince = NEVER;
    } else if (idleSince == NEVER) {
      idleSince = now();
      look(after(idleSince, limits.idleTime()));
    }
    if (!idle || keepAlive.isForIdle()) {
      look(after(Math.max(arrivedAt, now()), keepAlive.silence()));
    }
  }

  boolean isSettingsLate(long now) {
    return isOver(settingsSince, SETTINGS, now);
  }

  /** Whether the server was asked for a sign of life and has given none since. */
  boolean isAsked() {
    return pingSince != NEVER && arrivedAt < pingSince;
  }

  boolean isDead(long now) {
    return isAsked() && isPast(after(pingSince, keepAlive.answer()), now);
  }

  boolean isIdleTooLong(long now) {
    return idleSince != NEVER && isPast(after(idleSince, limits.idleTime()), now);
  }

  /**
   * Whether the server has to be asked for a sign of life: also if the last answer has not come,
   * but something else has since.
   *
   * @param idle whether no request is in progress
   */
  boolean isSilent(long now, boolean idle) {
    return !isAsked()
        && (!idle || keepAlive.isForIdle())
        && isPast(after(arrivedAt, keepAlive.silence()), now);
  }

  private boolean isOver(long since, long time, long now) {
    return since != NEVER && isPast(since + time, now);
  }

  /** Whether a time has come; otherwise it will be looked at again. */
  private boolean isPast(long at, long now) {
    if (at <= now) {
      return true;
    }
    look(at);
    return false;
  }

  private static long after(long since, Duration time) {
    long millis;
    try {
      millis = time.toMillis();
    } catch (ArithmeticException e) {
      return NEVER;
    }
    return since > NEVER - millis ? NEVER : since + millis;
  }

  /* ------ Streams ------ */

  /** When a stream has to be looked at unless it makes progress. */
  long deadline(Http2ClientStream stream) {
    if (stream.exchange.awaitsContinue) {
      return stream.since + CONTINUE;
    }
    if (!stream.exchange.isWritten()) {
      return stream.hasSomethingToSend() ? after(stream.since, limits.bodyTime()) : NEVER;
    }
    if (stream.status == null) {
      return after(stream.since, limits.headTime());
    }
    return stream.receive.open() > 0 ? after(stream.since, limits.bodyTime()) : NEVER;
  }

  /** A failure that says which limit was exceeded. */
  TimeoutException failure(Http2ClientStream stream) {
    String what;
    if (!stream.exchange.isWritten()) {
      what = "The server took nothing of the request for " + limits.bodyTime();
    } else if (stream.status == null) {
      what = "The head of the response did not arrive within " + limits.headTime();
    } else {
      what = "Nothing of the response's body arrived for " + limits.bodyTime();
    }
    return new TimeoutException(what);
  }
}
