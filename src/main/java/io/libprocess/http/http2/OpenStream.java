package io.libprocess.http.http2;

import io.libprocess.http.channel.Resumable;
import io.libprocess.http.grammar.ContentLength;

/**
 * A stream that both sides may still use: its state, its windows, and how much of the peer's
 * message has arrived. For one thread at a time.
 */
public abstract class OpenStream implements Resumable {

  /** How much the peer lets this side send. */
  public final SendWindow send;

  /** How much this side lets the peer send. */
  public final ReceiveWindow receive;

  private final int id;
  private StreamState state = StreamState.OPEN;
  private Priority priority = Priority.UNSAID;
  private long announced = ContentLength.UNKNOWN; // Bytes of the peer's body.
  private long arrived;
  boolean awaitsTrailers; // They are all that is left to send.
  long waitsSince; // When it was added to the order of output; 0 if it is not there.

  protected OpenStream(int id, int sendWindow, int receiveWindow) {
    this.id = id;
    this.send = new SendWindow(sendWindow);
    this.receive = new ReceiveWindow(receiveWindow);
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

  /** Notes the length that a body must have, or {@link ContentLength#UNKNOWN}. */
  protected final void announce(long length) {
    announced = length;
  }

  /** Counts bytes of the body; false if they are more than was announced. */
  public final boolean count(int bytes) {
    arrived += bytes;
    return announced == ContentLength.UNKNOWN || arrived <= announced;
  }

  /** Whether the body has the announced length. */
  public final boolean isWhole() {
    return announced == ContentLength.UNKNOWN || arrived == announced;
  }

  /** How many bytes of the body are still to come; as many as the window if that is not known. */
  public final long leftToCome() {
    return announced == ContentLength.UNKNOWN ? receive.size() : announced - arrived;
  }

  final void close(StreamState reason) {
    state = reason;
  }
}
