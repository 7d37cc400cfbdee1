package io.libprocess.http.client;

import io.libprocess.http.Limits;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.SerialExecutor;
import io.libprocess.time.Clock;
import io.libprocess.time.Timer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Detects that a connection has waited too long. At most one timer is set, which is moved only if
 * it would go off too late, so that most requests do not touch it. Used by the thread that works on
 * the connection; the timer asks for that work to go on.
 */
final class ClientDeadlines {

  /** How long a body waits for the server to ask for it. */
  private static final Duration CONTINUE_TIME = Duration.ofSeconds(1);

  /** The events that a connection can wait for. */
  enum Phase {
    /** No event of the server's: the reader or writer of a body at this end has to move. */
    BLOCKED,
    /** The next request. */
    IDLE,
    /** The server's request for the body of a request. */
    CONTINUE,
    /** The server's taking the rest of a request. */
    SENDING,
    /** The rest of the head of a response. */
    HEAD,
    /** More of the body of a response. */
    BODY
  }

  private final Limits limits;
  private final Clock clock;
  private final SerialExecutor connection;

  private Phase phase = Phase.BLOCKED;
  private long since; // When the phase began or last made progress, in milliseconds.
  private long queued; // Bytes that the server had not taken at the last look.
  private boolean progress;

  private Timer timer; // Null if none is set.
  private long due; // The deadline of the timer.
  private volatile boolean rang;

  ClientDeadlines(Limits limits, Clock clock, SerialExecutor connection) {
    this.limits = limits;
    this.clock = clock;
    this.connection = connection;
  }

  /** Notes that bytes have arrived, which allows more time only inside a body. */
  void received(boolean insideBody) {
    progress |= insideBody;
  }

  /** Notes that a response has ended. */
  void answered() {
    progress = true;
  }

  /** Whether the connection has waited too long, given what it waits for now. */
  boolean isExceeded(Phase now, long queuedNow) {
    long time = clock.nanoTime() / 1_000_000;
    boolean taken = queuedNow != queued && (now == Phase.SENDING || now == Phase.HEAD);
    if (now != phase || progress || taken) {
      phase = now;
      since = time;
      progress = false;
    }
    queued = queuedNow;
    Duration limit = limit();
    if (limit == null) {
      return false;
    }
    long deadline = Saturating.sum(since, Saturating.millis(limit));
    if (deadline <= time) {
      return true;
    }
    set(deadline, time);
    return false;
  }

  private Duration limit() {
    return switch (phase) {
      case BLOCKED -> null;
      case IDLE -> limits.idleTime();
      case CONTINUE -> CONTINUE_TIME;
      case SENDING, BODY -> limits.bodyTime();
      case HEAD -> limits.headTime();
    };
  }

  private void set(long deadline, long time) {
    if (rang) {
      rang = false;
      timer = null;
    }
    if (timer == null || due > deadline) {
      stop();
      due = deadline;
      timer = clock.timer(Duration.ofMillis(deadline - time), this::ring);
    }
  }

  private void ring() {
    rang = true;
    connection.ask();
  }

  /** Sets no more timers. */
  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** A failure that says which limit was exceeded. */
  TimeoutException failure() {
    String what =
        switch (phase) {
          case SENDING -> "The server took nothing of the request for ";
          case BODY -> "Nothing of the response's body arrived for ";
          case HEAD -> "The head of the response did not arrive within ";
          default -> "The connection was idle for ";
        };
    return new TimeoutException(what + limit());
  }
}
