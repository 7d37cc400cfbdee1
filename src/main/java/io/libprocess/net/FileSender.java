package io.libprocess.net;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.internal.Log;
import io.libprocess.internal.Reason;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Sends a part of a file in pieces: each is read when the one before has been sent. */
final class FileSender {

  private static final int PIECE = 64 * 1024;

  private final Socket socket;
  private final Executor blocking;
  private final Path file;
  private final long offset;
  private final long size;

  private FileChannel source; // Null before the first piece. One piece at a time is read.
  private long sent;
  private volatile boolean stopped;

  FileSender(Socket socket, Executor blocking, Path file, long offset, long size) {
    this.socket = socket;
    this.blocking = blocking;
    this.file = file;
    this.offset = offset;
    this.size = size;
  }

  Future<Long> start() {
    Future<Long> result = Futures.loop(this::read, this::send);
    result.onDiscard(this::stop).onAny(done -> close());
    return result;
  }

  private Future<Chunk> read() {
    Promise<Chunk> piece = new Promise<>();
    try {
      blocking.execute(
          () -> {
            try {
              Chunk read = readPiece();
              if (read == null) {
                piece.discard();
              } else {
                piece.set(read);
              }
            } catch (Throwable thrown) { // Nobody else would complete it.
              piece.fail(thrown);
            }
          });
    } catch (RejectedExecutionException e) {
      piece.fail(new IOException(Reason.of(e), e));
    }
    return piece.future();
  }

  /** Reads the next piece; null if the sending has been given up. */
  private synchronized Chunk readPiece() throws IOException {
    if (stopped) {
      return null;
    }
    if (source == null) {
      source = FileChannel.open(file, StandardOpenOption.READ);
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(PIECE, size - sent));
    while (buffer.hasRemaining()) {
      if (source.read(buffer, offset + sent + buffer.position()) < 0) {
        break;
      }
    }
    return Chunk.of(buffer.array(), 0, buffer.position());
  }

  private Future<ControlFlow<Long>> send(Chunk piece) {
    if (piece.isEmpty()) {
      return Future.of(ControlFlow.breakWith(sent));
    }
    return socket
        .send(piece)
        .map(
            done -> {
              sent += piece.size();
              return sent == size ? ControlFlow.breakWith(sent) : ControlFlow.proceed();
            });
  }

  /** Does not wait for a piece that is being read. */
  private void stop() {
    stopped = true;
  }

  private void close() {
    FileChannel open;
    synchronized (this) {
      stopped = true;
      open = source;
      source = null;
    }
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        Log.debug("A sent file could not be closed", e);
      }
    }
  }
}
