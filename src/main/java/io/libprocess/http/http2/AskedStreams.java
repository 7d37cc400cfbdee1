package io.libprocess.http.http2;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The streams of a connection that have been asked to go on. Any thread may add one; the thread
 * that works on the connection takes them.
 *
 * <p><b>Protocol.</b> A stack without a lock (Treiber's), which is taken as a whole, so that no
 * entry can come back while another thread looks at it. Each stream has a flag, and the thread that
 * sets it pushes the stream, so it is there at most once; the flag is cleared before the stream is
 * looked at, so that nothing that happens later is missed.
 *
 * @param <S> a stream
 */
public final class AskedStreams<S extends OpenStream> {

  private final AtomicReference<OpenStream> top = new AtomicReference<>(); // Null if it is empty.

  /** Adds a stream, unless it is there. */
  public void add(S stream) {
    if (!stream.noteAsked()) {
      return;
    }
    OpenStream below;
    do {
      below = top.get();
      stream.nextAsked = below;
    } while (!top.compareAndSet(below, stream));
  }

  /** Takes all streams, in the order in which they were added, and shows them. */
  @SuppressWarnings("unchecked") // Only add stores streams.
  public void takeAll(Consumer<? super S> action) {
    if (top.get() == null) {
      return;
    }
    OpenStream taken = top.getAndSet(null);
    OpenStream oldest = null;
    while (taken != null) {
      OpenStream next = taken.nextAsked;
      taken.nextAsked = oldest;
      oldest = taken;
      taken = next;
    }
    while (oldest != null) {
      OpenStream stream = oldest;
      oldest = stream.nextAsked;
      stream.nextAsked = null;
      stream.clearAsked();
      action.accept((S) stream);
    }
  }
}
