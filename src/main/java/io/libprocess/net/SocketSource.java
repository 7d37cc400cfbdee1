package io.libprocess.net;

import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Downstream;
import io.libprocess.stream.stage.Elements;
import io.libprocess.stream.stage.Emitter;
import io.libprocess.stream.stage.Run;

/** A source that sends the input of a socket, with one receive per requested chunk. */
final class SocketSource extends Emitter<Chunk> {

  private static final int MOST = 64 << 10;

  private final Socket socket;

  /** The receive that waits, or was served but not looked at; null if there is none. */
  private volatile Future<Chunk> receive;

  SocketSource(Run<?> run, Downstream<? super Chunk> down, Socket socket) {
    super(run, down);
    this.socket = socket;
  }

  void start() {
    begin();
  }

  @Override
  protected void cancelUpstream(Throwable cause) {
    socket.shutdown(Socket.Direction.READ); // A waiting receive finds the end.
  }

  @Override
  protected void step() {
    for (; ; ) {
      Future<Chunk> waiting = receive;
      if (waiting == null) {
        if (!mayEmit()) {
          return;
        }
        waiting = socket.receive(MOST);
        receive = waiting;
        if (waiting.isPending()) {
          waiting.onAny(any -> ask());
        }
      }
      if (waiting.isPending()) {
        return;
      }
      receive = null;
      if (!waiting.isReady()) {
        fail(waiting.isFailed() ? waiting.failure() : new Failure("the receive was discarded"));
        return;
      }
      Chunk chunk = waiting.get();
      if (chunk.isEmpty()) {
        complete();
        return;
      }
      if (claim()) {
        down.next(chunk);
      } else {
        chunk.release();
      }
    }
  }

  @Override
  protected void dispose() {
    Future<Chunk> late = receive;
    if (late != null) {
      late.onReady(Elements::release);
    }
  }
}
