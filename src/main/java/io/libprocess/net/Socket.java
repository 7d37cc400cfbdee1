package io.libprocess.net;

import static java.util.Objects.requireNonNull;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.access.Streams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A connection whose operations are futures: over IP, a Unix domain socket, or TLS on either. They
 * all behave alike. (libprocess: {@code network::Socket}.)
 *
 * <p>All methods may be called from any thread and none blocks. One receive may be in flight at a
 * time, and any number of sends, whose bytes go out in the order of the calls. Callbacks of the
 * futures run on a thread of the transport's runtime, or in the call if the operation completes at
 * once. Up to about 64 KiB of the peer's output are read ahead; beyond that the peer is slowed
 * down.
 */
public final class Socket implements AutoCloseable {

  /** The directions of a connection. */
  public enum Direction {
    /** The direction in which the peer sends. */
    READ,
    /** The direction in which this end sends. */
    WRITE,
    /** Both directions. */
    READ_WRITE
  }

  private final Transport.Channel channel;
  private final Transport.Threads threads;
  private final SocketInput input;

  private final Promise<IOException> closed = Promise.undiscardable();
  private final Promise<Void> outputEnded = Promise.undiscardable();
  private volatile boolean allSent; // Noted before the output was ended.

  // Guarded by the monitor of this.
  private final List<Promise<Void>> sends = new ArrayList<>(); // The bytes of each are queued.
  private IOException unsendable; // Why no more can be sent; null if more can.

  private Socket(Transport.Channel channel) {
    this.channel = channel;
    this.threads = channel.threads();
    this.input = new SocketInput(channel);
  }

  /** Makes the socket of a new channel, on a runtime thread. */
  static Socket on(Transport.Channel channel) {
    return new Socket(channel);
  }

  Transport.Handler handler() {
    return new Events();
  }

  /**
   * Connects. The future fails with an {@link IOException} whose message names the address; a
   * discard request gives up the attempt.
   *
   * @param transport the transport, for instance a node's; the socket closes with it
   */
  public static Future<Socket> connect(Transport transport, NetworkAddress address) {
    requireNonNull(transport, "transport");
    return opened(connected -> transport.connect(address, connected));
  }

  /**
   * Connects with TLS.
   *
   * @param host the name for which the server's certificate must be issued
   */
  public static Future<Socket> connect(
      Transport transport, NetworkAddress address, Tls tls, String host) {
    requireNonNull(transport, "transport");
    requireNonNull(tls, "tls");
    return opened(connected -> tls.connect(transport, address, host, connected));
  }

  private static Future<Socket> opened(
      Function<Function<Transport.Channel, Transport.Handler>, Future<Transport.Channel>> connect) {
    Socket[] made = new Socket[1]; // Before the future completes.
    return connect
        .apply(
            channel -> {
              made[0] = on(channel);
              return made[0].handler();
            })
        .map(channel -> made[0]);
  }

  /** The address of this end. */
  public NetworkAddress address() {
    return channel.local();
  }

  /** The address of the peer's end. */
  public NetworkAddress peer() {
    return channel.remote();
  }

  /** The result of the TLS handshake, if this speaks TLS. */
  public Optional<TlsSession> tls() {
    return channel.tls();
  }

  /* ------ Receiving ------ */

  /**
   * Receives the available bytes, as soon as there are any: from 1 to {@code most} bytes, and none
   * on every call after the end of the stream. A discard request withdraws a waiting receive; later
   * bytes are for the next call.
   *
   * @throws IllegalArgumentException if {@code most} is not positive
   */
  public Future<Chunk> receive(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("most < 1: " + most);
    }
    return input.receive(1, most);
  }

  /**
   * Receives exactly {@code size} bytes, fewer only at the end of the stream. A discard request
   * withdraws a waiting receive, which then takes nothing.
   *
   * @throws IllegalArgumentException if {@code size} is negative
   */
  public Future<Chunk> receiveExactly(int size) {
    if (size < 0) {
      throw new IllegalArgumentException("size < 0: " + size);
    }
    return input.receive(size, size);
  }

  /**
   * Receives everything up to the end of the stream; fails, and takes nothing, as soon as there are
   * more than {@code most} bytes.
   *
   * @throws IllegalArgumentException if {@code most} is negative
   */
  public Future<Chunk> receiveAll(int most) {
    if (most < 0 || most == Integer.MAX_VALUE) {
      throw new IllegalArgumentException("most not in 0..2^31-2: " + most);
    }
    return input.receive(Integer.MAX_VALUE, most);
  }

  /**
   * The peer's output as a stream; it is received as the stream is asked for it. A cancel shuts
   * down this direction. No other receive should be made meanwhile.
   */
  public Stream<Chunk> stream() {
    return Streams.stream((run, down) -> new SocketSource(run, down, this).start());
  }

  /* ------ Sending ------ */

  /**
   * A sink that sends a stream, and then the end of this direction; its result is the number of
   * bytes. The stream is asked for more as the peer takes the bytes sent. If it fails, or the
   * result is discarded, the connection is closed at once, so that the peer does not mistake a part
   * for the whole. If the connection breaks, the stream is cancelled, even while it is idle.
   */
  public Sink<Chunk, Long> sink() {
    return Streams.sink(run -> new SocketSink(run, this));
  }

  /**
   * Sends bytes. The future is ready when the peer has taken so many of them that few are left with
   * the system; so a sender that waits for it before it sends more needs little memory. It fails if
   * the connection fails meanwhile, or if the output was shut down. It cannot be discarded.
   */
  public Future<Void> send(Chunk bytes) {
    requireNonNull(bytes, "bytes");
    return sendOwned(bytes.retain());
  }

  /** Like {@link #send}, for a chunk that is released when it has been sent or never will be. */
  Future<Void> sendOwned(Chunk bytes) {
    Promise<Void> promise;
    IOException refused;
    synchronized (this) {
      refused = unsendable;
      if (refused == null) {
        channel.write(bytes);
      }
      promise = new Promise<>();
      if (refused == null && channel.queued() > WriteQueue.HIGH_WATER) {
        sends.add(promise); // While this many are queued, the channel has not reported yet.
      } else if (refused == null) {
        return Future.done();
      }
    }
    if (refused != null) {
      bytes.release();
      return Future.failed(refused);
    }
    if (channel.queued() <= WriteQueue.HIGH_WATER) {
      sent(); // That may have happened in between.
    }
    return promise.future();
  }

  /**
   * Sends a part of a file, which is read on the threads for blocking calls. The result is the
   * number of bytes sent, which is less than {@code size} only if the file ends early. A discard
   * request stops the sending; bytes already sent stay sent.
   *
   * @throws IllegalArgumentException if the offset or the size is negative
   */
  public Future<Long> sendfile(Path file, long offset, long size) {
    requireNonNull(file, "file");
    if (offset < 0 || size < 0) {
      throw new IllegalArgumentException("offset or size < 0: " + offset + ", " + size);
    }
    return new FileSender(this, threads.blocking(), file, offset, size).start();
  }

  boolean sendsFiles() {
    return channel.sendsFiles();
  }

  /** Closes now, and drops what is queued. */
  void abort(IOException why) {
    stopSending(why);
    channel.reset();
  }

  /**
   * A future that is ready when all output, and the end after it, has been passed to the system.
   */
  Future<Void> outputEnded() {
    return outputEnded.future();
  }

  /** Whether {@link #outputEnded} is ready or will be. */
  boolean isAllSent() {
    return allSent;
  }

  /** A future that is ready when the connection is closed, with the reason. */
  Future<IOException> closed() {
    return closed.future();
  }

  private void sent() {
    List<Promise<Void>> done;
    synchronized (this) {
      done = List.copyOf(sends);
      sends.clear();
    }
    done.forEach(promise -> promise.set(null));
  }

  private synchronized void stopSending(IOException why) {
    if (unsendable == null) {
      unsendable = why;
    }
  }

  private void failSends(IOException why) {
    List<Promise<Void>> failed;
    synchronized (this) {
      failed = List.copyOf(sends);
      sends.clear();
    }
    failed.forEach(promise -> promise.fail(why));
  }

  /* ------ The end ------ */

  /**
   * Ends a direction. After READ every receive, even a waiting one, finds the end of the stream;
   * after WRITE the peer finds it after the bytes sent, and further sends fail; after both, the
   * connection closes when everything has been sent. Idempotent.
   */
  public void shutdown(Direction direction) {
    requireNonNull(direction, "direction");
    if (direction != Direction.WRITE) {
      input.shut();
      input.settle();
      closeIfBothAreShut();
    }
    if (direction != Direction.READ) {
      stopSending(new IOException("the output to " + peer() + " is shut down"));
      if (direction == Direction.WRITE) {
        channel.end();
      } else {
        channel.closeAfterWrites();
      }
    }
  }

  /** The peer may never end its output, which nobody wants. */
  private void closeIfBothAreShut() {
    if (allSent && input.isShut()) {
      channel.closeAfterWrites();
    }
  }

  /** Sends what is queued and closes. A waiting receive fails. Idempotent. */
  @Override
  public void close() {
    IOException closed = new IOException("the socket to " + peer() + " is closed");
    input.fail(closed);
    input.settle();
    stopSending(closed);
    channel.closeAfterWrites();
  }

  @Override
  public String toString() {
    return "Socket " + address() + " to " + peer();
  }

  /**
   * The handler of the channel. It completes futures in separate tasks, because their callbacks are
   * user code.
   */
  private final class Events implements Transport.Handler {

    private void apart(Runnable completion) {
      threads.run(completion);
    }

    @Override
    public void received(ByteBuffer bytes) {
      if (input.add(Chunk.copyOf(bytes))) {
        apart(input::settle);
      }
    }

    @Override
    public void ended() {
      input.end();
      apart(input::settle);
    }

    @Override
    public void drained() {
      apart(Socket.this::sent);
    }

    @Override
    public void outputEnded() {
      allSent = true;
      apart(() -> outputEnded.set(null));
      closeIfBothAreShut();
    }

    @Override
    public void closed(Optional<IOException> failure) {
      IOException why =
          failure.orElseGet(() -> new IOException("the connection to " + peer() + " is closed"));
      stopSending(why);
      input.close(why);
      apart(
          () -> {
            failSends(why);
            input.settle();
            closed.set(why);
          });
    }
  }
}
