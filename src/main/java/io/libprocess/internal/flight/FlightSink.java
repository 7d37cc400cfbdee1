package io.libprocess.internal.flight;

/**
 * Receives events for the flight recorder. Objects are converted to texts only if the event is
 * recorded. Does nothing unless overridden. Thread-safe.
 */
public class FlightSink {

  /** The sink that drops everything. */
  static final FlightSink NONE = new FlightSink();

  /** For the sink that records. */
  FlightSink() {}

  /** Begins a run; the result must be passed to {@link #endRun}. May be null. */
  public Object beginRun() {
    return null;
  }

  /** A process has been run. */
  public void endRun(Object begun, Object process, Class<?> type, long events) {}

  /** Begins a blocking call; the result must be passed to {@link #endCall}. May be null. */
  public Object beginCall() {
    return null;
  }

  /** A blocking call is over. */
  public void endCall(Object begun, boolean succeeded) {}

  /** An event takes longer than the stall threshold. */
  public void stalled(Object process, Object event, Thread thread) {}

  /** Another worker took over from a polling one that does not return. */
  public void tookOver(Thread from) {}

  /** More events wait for a process than ever before, or as many as may. */
  public void mailboxHigh(Object process, long waiting) {}

  /** A connection was opened or closed. */
  public void connection(Object remote, boolean opened) {}

  /** A request was answered. */
  public void request(Object route, int status, long nanos) {}

  /** Messages did not leave this node. */
  public void messagesDropped(Object to, long count) {}
}
