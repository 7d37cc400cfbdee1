package io.libprocess.http.http2;

/** A stream that both sides may still use. For one thread at a time. */
public abstract class OpenStream {

  private final int id;
  private StreamState state = StreamState.OPEN;
  private Priority priority = Priority.UNSAID;
  long waitsSince; // When it was added to the order of output; 0 if it is not there.

  protected OpenStream(int id) {
    this.id = id;
  }

  public final int id() {
    return id;
  }

  public final StreamState state() {
    return state;
  }

  public final Priority priority() {
    return priority;
  }

  /** Sets the priority; only the order of output may do so while the stream is there. */
  final void priority(Priority changed) {
    priority = changed;
  }

  /** Whether the peer may still send a part of its message. */
  public final boolean isOpen() {
    return state == StreamState.OPEN;
  }

  /** Whether nothing more is sent by either side. */
  public final boolean isClosed() {
    return state != StreamState.OPEN && state != StreamState.HALF_CLOSED_REMOTE;
  }

  /** Notes that the peer has sent all of its message. */
  public final void endOfInput() {
    state = StreamState.HALF_CLOSED_REMOTE;
  }

  final void close(StreamState reason) {
    state = reason;
  }
}
