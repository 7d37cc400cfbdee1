package io.libprocess.http;

import io.libprocess.future.Future;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Copies the stream of a response to the connection: one piece after the other, and no more while
 * the peer is behind. At any time either a read is pending, or the channel is awaited, or one
 * thread is copying; who takes {@link #awaitingChannel} back goes on.
 */
final class StreamedResponse {

  private static final long HIGH_WATER = 64 << 10;

  private final ResponseQueue queue;
  private final Transport.Channel channel;
  private final Exchange exchange;
  private final ResponseFraming framing;
  private final Pipe.Reader<Chunk> reader;
  private final AtomicBoolean awaitingChannel = new AtomicBoolean();

  private long left; // Of the announced length; of whoever copies.

  StreamedResponse(
      ResponseQueue queue,
      Transport.Channel channel,
      Exchange exchange,
      ResponseFraming framing,
      Pipe.Reader<Chunk> reader) {
    this.queue = queue;
    this.channel = channel;
    this.exchange = exchange;
    this.framing = framing;
    this.reader = reader;
    this.left =
        framing == ResponseFraming.LENGTH ? ResponseFraming.length(exchange.response, false) : 0;
  }

  void start() {
    copy();
  }

  /** The channel has sent everything. */
  void drained() {
    if (awaitingChannel.compareAndSet(true, false)) {
      copy();
    }
  }

  /** The connection is gone. */
  void cancel() {
    reader.close();
  }

  private void copy() {
    while (true) {
      Future<Optional<Chunk>> read = reader.read();
      if (read.isPending()) {
        read.onAny(
            done -> {
              if (copied(done)) {
                copy();
              }
            });
        return;
      }
      if (!copied(read)) {
        return;
      }
    }
  }

  /** Sends what was read; false if copying does not go on now. */
  private boolean copied(Future<Optional<Chunk>> read) {
    if (!read.isReady()) {
      // Without the final chunk the peer sees that this is not all.
      channel.close();
      return false;
    }
    Optional<Chunk> piece = read.get();
    if (piece.isEmpty()) {
      end();
      return false;
    }
    Output out = new Output(channel);
    if (framing == ResponseFraming.CHUNKED) {
      out.putChunked(piece.get());
    } else {
      out.put(piece.get());
      left -= piece.get().size();
    }
    if (framing == ResponseFraming.LENGTH && left < 0) {
      reader.close();
      channel.close(); // More than was announced, which the peer would take for something else.
      return false;
    }
    out.flush();
    return mayGoOn();
  }

  private void end() {
    if (framing == ResponseFraming.LENGTH && left > 0) {
      channel.close(); // Less than was announced.
      return;
    }
    if (framing == ResponseFraming.CHUNKED) {
      Output out = new Output(channel);
      out.putLastChunk().flush();
    }
    queue.streamed(this, exchange);
  }

  private boolean mayGoOn() {
    if (channel.queued() <= HIGH_WATER) {
      return true;
    }
    awaitingChannel.set(true);
    // It may have drained before that was set, and will not tell again.
    return channel.queued() == 0 && awaitingChannel.compareAndSet(true, false);
  }
}
