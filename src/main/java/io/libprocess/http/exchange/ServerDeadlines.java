package io.libprocess.http.exchange;

import io.libprocess.http.Limits;
import java.time.Duration;

/**
 * Tracks how long a connection has waited for its client, whatever version of HTTP it speaks.
 *
 * <pre>
 *   IDLE -> HEAD -> BODY -> IDLE        what is waited for of the client
 *     \______|_______|____> BLOCKED     nothing is: a reader or the handler has to move
 *     \______|_______|____> LEFT        the client has ended its side and waits for answers
 * </pre>
 *
 * <p>The phase and its beginning are written by the thread that works on the connection and read by
 * that of the clock, as volatile fields; a value that is seen late is looked at again in the next
 * period. The record of the output that the client takes belongs to the clock's thread.
 *
 * <p>A body has a minimum rate: each {@link #LEAST_RATE} bytes of it allow it a second, up to the
 * whole limit. So a body that comes byte by byte does not hold a connection for ever.
 */
public final class ServerDeadlines {

  /** The number of bytes of a body for which a client gets another second. */
  public static final int LEAST_RATE = 64;

  private static final Duration WHILE_MEMORY_IS_SHORT = Duration.ofSeconds(3);

  /** The states of a connection, each of which has its limit of time. */
  public enum Phase {
    /** Waits for the first byte of a request; earlier requests may be unanswered. */
    IDLE,
    /** Waits for the rest of a head. */
    HEAD,
    /** Waits for the rest of a body. */
    BODY,
    /**
     * Does not wait for the client: a reader or the handler has to move, or input is not accepted.
     */
    BLOCKED,
    /** Waits for answers on behalf of a client that will send no more and may be gone. */
    LEFT
  }

  private final ServerContext server;

  private volatile Phase phase = Phase.IDLE;
  private volatile boolean owing; // A node waits for an answer.
  private volatile boolean mayIdle; // It is, or may be, a link to another node.
  private volatile long since; // When the phase began or last made progress, in server time.

  // Used only by the clock's thread.
  private boolean owed; // At the last look.
  private long lastQueued;
  private long queuedSince;

  public ServerDeadlines(ServerContext server) {
    this.server = server;
    this.since = server.time();
    this.mayIdle = server.nodes() != null; // A C++ node that has linked sends nothing at all.
  }

  public Phase phase() {
    return phase;
  }

  /** Sets whether the connection may be idle without a request for ever. */
  public void mayIdle(boolean mayIdle) {
    if (this.mayIdle != mayIdle) {
      this.mayIdle = mayIdle;
    }
  }

  /** Sets whether a node waits for an answer. */
  public void owes(boolean answer) {
    if (owing != answer) {
      owing = answer;
    }
  }

  /**
   * Whether a node has waited for an answer for a whole period. It would take silence for the end
   * of a link, although the receiver of its messages may only be slow. Called once in each period.
   */
  public boolean isSignDue() {
    boolean due = owed && owing;
    owed = owing;
    return due;
  }

  /** Begins a phase, or the same one anew. */
  public void enter(Phase now, boolean anew) {
    if (now != phase || anew) {
      touch();
      phase = now;
    }
  }

  /** Notes progress. */
  public void touch() {
    long now = server.time();
    if (since != now) {
      since = now;
    }
  }

  /** Notes that bytes have arrived, which are progress if a body is expected. */
  public void received(int bytes) {
    if (phase == Phase.BODY) {
      long now = server.time();
      long earned = since + Math.max(1, bytes * 1000L / LEAST_RATE);
      if (since != now) {
        since = Math.min(now, earned);
      }
    }
  }

  /**
   * Notes how much output the client has not taken, and tells whether it has taken none for too
   * long. Called once in each period.
   */
  public boolean takesNothing(long queued) {
    if (queued == 0 || queued != lastQueued) {
      lastQueued = queued;
      queuedSince = server.time();
      if (phase == Phase.LEFT && queued != 0) {
        touch(); // The client reads.
      }
      return false;
    }
    return isUntakenTooLong(queued, queuedSince);
  }

  /**
   * Whether a client has taken no output for too long. That is soon if the output is not small and
   * nothing is left of the memory: otherwise the clients that take their answers would be refused.
   *
   * @param held the bytes that are held for it
   */
  public boolean isUntakenTooLong(long held, long start) {
    return exceeds(server.limits().bodyTime(), start)
        || server.memory().isShortFor(held) && exceeds(WHILE_MEMORY_IS_SHORT, start);
  }

  /** Whether the phase has lasted too long. */
  public boolean isOverdue() {
    Limits limits = server.limits();
    return switch (phase) {
      case IDLE -> !mayIdle && exceeds(limits.idleTime(), since);
      case LEFT -> exceeds(limits.idleTime(), since);
      case HEAD -> exceeds(limits.headTime(), since);
      case BODY -> exceeds(limits.bodyTime(), since);
      case BLOCKED -> false;
    };
  }

  /** Whether a limit is exceeded, given that the noted time may be up to a period early. */
  public boolean exceeds(Duration limit, long start) {
    return server.isOver(limit, start);
  }
}
