package io.libprocess.net;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.stage.Run;
import io.libprocess.stream.stage.SinkStage;
import java.io.IOException;

/**
 * A sink that sends chunks to a peer, each when the peer has taken the one before; parts of files
 * are sent by the system. The end is sent after the last one, which makes the result ready.
 */
final class SocketSink extends SinkStage<Chunk, Long> {

  private final Socket socket;
  private volatile long size; // Written only inside signals.

  SocketSink(Run<Long> run, Socket socket) {
    super(run);
    this.socket = socket;
  }

  @Override
  public boolean takesFileRegions() {
    return socket.sendsFiles();
  }

  @Override
  protected void started() {
    socket.outputEnded().onReady(end -> succeed(size));
    socket.closed().onReady(this::closed);
    request(1);
  }

  @Override
  public void next(Chunk chunk) {
    if (!isOpen()) {
      chunk.release();
      return;
    }
    size = size + chunk.size();
    Future<Void> sent = socket.sendOwned(chunk);
    if (sent.isPending()) {
      sent.onAny(this::sent);
    } else {
      sent(sent);
    }
  }

  private void sent(Future<Void> done) {
    if (done.isFailed()) {
      stop(done.failure());
    } else if (isOpen()) {
      request(1);
    }
  }

  private void closed(IOException why) {
    if (socket.isAllSent()) {
      succeed(size); // If the end was sent by this, not by other code.
    }
    stop(why);
  }

  @Override
  protected void ending() {
    socket.shutdown(Socket.Direction.WRITE);
    if (socket.isAllSent()) {
      succeed(size); // Other code has sent the end, which is not told again.
    }
  }

  @Override
  protected void dropped(Throwable cause) {
    socket.abort(new IOException("the stream to " + socket.peer() + " was given up", cause));
  }
}
