package io.libprocess.http.http2;

import io.libprocess.future.Future;
import io.libprocess.http.Headers;
import io.libprocess.http.channel.Resumable;
import io.libprocess.http.grammar.ContentLength;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A stream that both sides may still use: its state, its windows, and how much of the peer's
 * message has arrived. For one thread at a time, except that any thread may ask for the work on it
 * to go on.
 */
public abstract class OpenStream implements Resumable {

  private static final AtomicIntegerFieldUpdater<OpenStream> ASKED =
      AtomicIntegerFieldUpdater.newUpdater(OpenStream.class, "asked");

  private volatile int asked; // 1 while it is among those that have been asked to go on.
  OpenStream nextAsked; // Below it on their stack.

  /** How much the peer lets this side send. */
  public final SendWindow send;

  /** How much this side lets the peer send. */
  public final ReceiveWindow receive;

  private final int id;
  private StreamState state = StreamState.OPEN;
  private Priority priority = Priority.UNSAID;
  private long announced = ContentLength.UNKNOWN; // Bytes of the peer's body.
  private long arrived;
  long behindSince; // When its reader was found to be far behind, in milliseconds; 0 if it is not.

  // What is sent.
  OutgoingContent content; // Null if there is none, before it is begun, and after its end.
  Future<Headers> trailers; // To be sent; null before the head.
  boolean sendsSmall; // Has waited for a larger window.
  long shutSince; // When its window was found to be shut, in nanoseconds; 0 if it is not.
  boolean awaitsTrailers; // They are all that is left to send.
  long waitsSince; // When it was added to the order of output; 0 if it is not there.

  protected OpenStream(int id, int sendWindow, int receiveWindow) {
    this.id = id;
    this.send = new SendWindow(sendWindow);
    this.receive = new ReceiveWindow(receiveWindow);
  }

  /** Notes that it has been asked to go on; false if that is known. */
  final boolean noteAsked() {
    return asked == 0 && ASKED.compareAndSet(this, 0, 1);
  }

  /** Notes that it will now be looked at. */
  final void clearAsked() {
    asked = 0;
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

  /* ------ What is sent ------ */

  /** Whether a body has been begun of which something is left. */
  public final boolean hasContent() {
    return content != null;
  }

  /** Whether a part of the body can be sent as soon as the windows allow it. */
  public final boolean hasSomethingToSend() {
    return content != null && content.available() > 0;
  }

  /** Begins with the body of this side's message, if it has one, and its trailers. */
  public final void begin(OutgoingContent body, Future<Headers> after) {
    content = body;
    trailers = after;
  }

  /** Gives up what is left of the body of this side's message. */
  public final void closeContent(Throwable why) {
    if (content != null) {
      content.close(why);
      content = null;
    }
  }
}
