package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.CheckedFunction;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations with futures on non-blocking channels of the JDK that were opened elsewhere: pipes and
 * sockets. An operation that is possible at once is done in the call; a transport's event loop
 * waits for the others. Files always block: give them to {@code async}. (libprocess: the namespace
 * {@code io}.)
 *
 * <p>All methods may be called from any thread and none blocks. A channel that is closed, or that
 * blocks, fails the future. Each operation works on the given channel itself, which must therefore
 * stay open until the future is complete; closing it while a future waits leaves the future
 * pending.
 */
public final class Io {

  private static final int PIECE = 64 * 1024;

  private Io() {}

  /**
   * Waits until a channel is ready for one of several operations.
   *
   * @param operations operations of {@link SelectionKey}, combined
   * @return those that are possible now. A discard request gives up the wait, unless an operation
   *     was possible before
   */
  public static Future<Integer> poll(
      Transport transport, SelectableChannel channel, int operations) {
    requireNonNull(channel, "channel");
    Exception problem = problem(channel);
    return problem == null ? transport.poll(channel, operations) : Future.failed(problem);
  }

  private static Exception problem(SelectableChannel channel) {
    if (!channel.isOpen()) {
      return new ClosedChannelException();
    }
    return channel.isBlocking()
        ? new IllegalArgumentException("Expected a channel that does not block: " + channel)
        : null;
  }

  /**
   * Reads the available bytes, as soon as there are any: up to {@code most} bytes, and none at the
   * end of the stream. A discard request gives up the read, which then takes nothing.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public static <C extends SelectableChannel & ReadableByteChannel> Future<Chunk> read(
      Transport transport, C channel, int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most < 0: " + most);
    }
    Exception problem = problem(channel);
    if (problem != null) {
      return Future.failed(problem);
    }
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(most, PIECE));
    try {
      if (most == 0 || channel.read(buffer) != 0) {
        return Future.of(Chunk.copyOf(buffer.flip()));
      }
    } catch (IOException | RuntimeException e) {
      return Future.failed(e);
    }
    return transport
        .poll(channel, SelectionKey.OP_READ)
        .then(ready -> read(transport, channel, most));
  }

  /**
   * Reads everything up to the end of the stream. Fails if there are more than {@code most} bytes,
   * which are then lost.
   */
  public static <C extends SelectableChannel & ReadableByteChannel> Future<Chunk> readAll(
      Transport transport, C channel, int most) {
    List<Chunk> pieces = new ArrayList<>();
    long[] size = {0};
    return redirect(
            transport,
            channel,
            piece -> {
              pieces.add(piece);
              size[0] += piece.size();
              return size[0] <= most
                  ? Future.done()
                  : Future.failed(new IOException("more than " + most + " bytes to be read"));
            })
        .map(all -> Chunk.join(pieces));
  }

  /**
   * Writes all bytes. A discard request does not undo what was written before. The caller may
   * release the chunk at once.
   */
  public static <C extends SelectableChannel & WritableByteChannel> Future<Void> write(
      Transport transport, C channel, Chunk bytes) {
    ByteBuffer left = bytes.asByteBuffer();
    bytes.retain();
    return write(transport, channel, left).onAny(done -> bytes.release());
  }

  private static <C extends SelectableChannel & WritableByteChannel> Future<Void> write(
      Transport transport, C channel, ByteBuffer left) {
    Exception problem = problem(channel);
    if (problem != null) {
      return Future.failed(problem);
    }
    try {
      for (int written = 1; left.hasRemaining() && written > 0; ) {
        written = channel.write(left);
      }
    } catch (IOException | RuntimeException e) {
      return Future.failed(e);
    }
    if (!left.hasRemaining()) {
      return Future.done();
    }
    return transport
        .poll(channel, SelectionKey.OP_WRITE)
        .then(ready -> write(transport, channel, left));
  }

  /**
   * Passes everything that a channel has, piece after piece, to a function: the next piece is read
   * when the future of the one before is ready. The result is ready at the end of the stream, with
   * the number of bytes. If reading or the function fails, so does the result; a discard request
   * stops it.
   *
   * @param sink for instance {@code piece -> Io.write(transport, target, piece)}
   */
  public static <C extends SelectableChannel & ReadableByteChannel> Future<Long> redirect(
      Transport transport, C from, CheckedFunction<? super Chunk, Future<Void>> sink) {
    requireNonNull(sink, "sink");
    long[] size = {0};
    return Futures.loop(
        () -> read(transport, from, PIECE),
        piece -> {
          if (piece.isEmpty()) {
            return Future.of(ControlFlow.breakWith(size[0]));
          }
          size[0] += piece.size();
          return sink.apply(piece).map(done -> ControlFlow.proceed());
        });
  }
}
