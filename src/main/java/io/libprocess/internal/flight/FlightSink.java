package io.libprocess.internal.flight;

/**
 * Takes what happens. Objects are made texts only if the event is recorded. Does nothing unless
 * overridden. For any thread.
 */
public class FlightSink {

  /** One that takes nothing. */
  static final FlightSink NONE = new FlightSink();

  /** For the one that records. */
  FlightSink() {}

  /** Begins something that takes time; to be given back when it is over. May be null. */
  public Object beginRun() {
    return null;
  }

  /** A process has been run. */
  public void endRun(Object begun, Object process, Class<?> type, long events) {}

  /** Begins a blocking call; to be given back when it is over. May be null. */
  public Object beginCall() {
    return null;
  }

  /** A blocking call is over. */
  public void endCall(Object begun, boolean succeeded) {}

  /** An event takes longer than the stall threshold. */
  public void stalled(Object process, Object event, Thread thread) {}

  /** Another worker took over from one that polls and does not come back. */
  public void tookOver(Thread from) {}

  /** More events wait for a process than ever, or all that may. */
  public void mailboxHigh(Object process, long waiting) {}

  /** A connection was opened or closed. */
  public void connection(Object remote, boolean opened) {}

  /** A request was answered. */
  public void request(Object route, int status, long nanos) {}

  /** Messages did not leave this node. */
  public void messagesDropped(Object to, long count) {}
}
