package io.libprocess.observer;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;

/**
 * The server-sent events of one open page. An event is only given to it while the one before has
 * been taken, so a page that does not read holds a few of them and no more.
 *
 * <p>The sampler sees to it that only one thread at a time gives it events; the rest may be called
 * from any thread.
 */
final class EventStream {

  private final Pipe<Chunk> pipe = Pipe.bytes();
  private volatile Future<Boolean> last = Future.of(true);

  /** Whether it has missed changes, so that it has to be told everything. */
  private volatile boolean isBehind = true;

  /** The response that carries it. */
  Response response() {
    return Response.stream(pipe.reader(), "text/event-stream")
        .withHeader("Cache-Control", "no-store")
        .withHeader("X-Accel-Buffering", "no");
  }

  /** Whether there is room for the next event. */
  boolean isReady() {
    return last.isReady() && last.get();
  }

  /** Whether the page is gone. */
  boolean isClosed() {
    return last.isReady() && !last.get() || last.isFailed() || last.isDiscarded();
  }

  boolean isBehind() {
    return isBehind;
  }

  void behind(boolean missed) {
    isBehind = missed;
  }

  /** Writes an event; whoever waits for room is told by the result. */
  Future<Boolean> send(Chunk event) {
    last = pipe.writer().write(event);
    return last;
  }

  /** Called when the page is gone. */
  void onClosed(Runnable callback) {
    pipe.writer().readerClosed().onAny(closed -> callback.run());
  }

  /** Ends it. */
  void close() {
    pipe.writer().close();
  }

  /** The bytes of an event. */
  static Chunk event(String name, String json) {
    return Chunk.utf8("event: " + name + "\ndata: " + json + "\n\n");
  }
}
