package io.libprocess.observer;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * The server-sent events of one open page. An event is passed to it only when the one before has
 * been taken, so a page that does not read holds only a few.
 *
 * <p>The sampler makes sure that only one thread at a time passes it events; the rest may be called
 * from any thread.
 */
final class EventStream {

  private final Pipe<Chunk> pipe = Pipe.bytes();
  private volatile Future<Boolean> last = Future.of(true);

  /** Whether it has missed changes, so that the page needs the full state. */
  private volatile boolean isBehind = true;

  /** The response that carries the stream. */
  Response response() {
    return Response.stream(pipe.reader(), "text/event-stream")
        .withHeader("Cache-Control", "no-store")
        .withHeader("X-Accel-Buffering", "no");
  }

  /** Whether there is room for the next event. */
  boolean isReady() {
    Future<Boolean> written = last; // Read once: another one may be written meanwhile.
    return written.isReady() && written.get();
  }

  /** Whether the page is gone. */
  boolean isClosed() {
    Future<Boolean> written = last;
    return written.isReady() ? !written.get() : written.isFailed() || written.isDiscarded();
  }

  boolean isBehind() {
    return isBehind;
  }

  void behind(boolean missed) {
    isBehind = missed;
  }

  /** Writes an event; the result tells when there is room for the next one. */
  Future<Boolean> send(Chunk event) {
    last = pipe.writer().write(event);
    return last;
  }

  /** Registers a callback for when the page is gone. */
  void onClosed(Runnable callback) {
    pipe.writer().readerClosed().onAny(closed -> callback.run());
  }

  /** Ends the stream. */
  void close() {
    pipe.writer().close();
  }

  /** Encodes an event. */
  static Chunk event(String name, String json) {
    return Chunk.utf8("event: " + name + "\ndata: " + json + "\n\n");
  }
}
