package io.libprocess.net;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A means of moving bytes between addresses. All packages above move bytes only through this
 * interface, so that a simulated network can take the place of the system's.
 */
public interface Transport extends AutoCloseable {

  /** A bound address that accepts connections until it is closed. */
  interface Listener extends AutoCloseable {

    /** The bound address, with the assigned port if port 0 was given. */
    NetworkAddress address();

    /**
     * A future that is ready when nothing is accepted any more: after {@link #close}, or because
     * the transport was closed. It stays pending if this transport does not tell.
     */
    default Future<Void> closed() {
      return new Promise<Void>().future();
    }

    /**
     * Stops accepting and releases the port, or deletes the socket's file unless another has taken
     * its place; channels stay open. Idempotent.
     */
    @Override
    void close();
  }

  /** A connection. Its methods may be called from any thread and never block. */
  interface Channel {

    /** The address of this end. */
    NetworkAddress local();

    /** The address of the peer's end. */
    NetworkAddress remote();

    /** The result of the TLS handshake, if the channel speaks TLS. */
    default Optional<TlsSession> tls() {
      return Optional.empty();
    }

    /**
     * Queues bytes after those written before. They are handed to the system when the calling
     * thread has served its event (at once if it serves none), many buffers in one call. The buffer
     * belongs to the channel from now on. After {@link #end}, {@link #closeAfterWrites} or {@link
     * #close} this does nothing.
     */
    void write(ByteBuffer bytes);

    /**
     * Queues a part of a file after what was written before, like {@link #write(ByteBuffer)}. If
     * possible, the system sends it without copying it here. If the file becomes shorter before it
     * is sent, the channel is closed.
     *
     * @param position where in the file the part begins
     * @param count its length, at least 1; small enough to be read into memory
     * @param last whether to close the file after this part. If the channel is closed first, it
     *     closes the files of all waiting parts
     * @throws IOException if the part was read into memory, and that failed; nothing is queued then
     *     and the file stays open
     */
    default void write(FileChannel file, long position, int count, boolean last)
        throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(count);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, position + bytes.position()) < 0) {
          throw new EOFException("a file has become shorter while it was sent");
        }
      }
      write(bytes.flip());
      if (last) {
        file.close();
      }
    }

    /**
     * Queues a chunk like {@link #write(ByteBuffer)}, and releases it when the system has taken all
     * of it, or never will. A part of a file may be sent by the system: see {@link #sendsFiles}. If
     * the file becomes shorter first, the channel is closed.
     */
    default void write(Chunk chunk) {
      write(chunk.detached().asByteBuffer());
    }

    /**
     * Whether the system sends parts of files without copying them here. If not, chunks should not
     * be parts of files, which the writing thread would have to read.
     */
    default boolean sendsFiles() {
      return false;
    }

    /** The number of bytes that are queued and not yet taken by the system. */
    long queued();

    /**
     * Stops reading from the peer, so that it is slowed down; idempotent. A reset by the peer is
     * noticed nevertheless, within a few seconds.
     */
    void pause();

    /** Reads again; idempotent. */
    void resume();

    /**
     * Sends an end-of-stream after everything queued; reading goes on. A channel on which both ends
     * have done that is closed.
     */
    void end();

    /**
     * Closes after everything queued has been sent. Input that still arrives is dropped. The peer
     * gets the end-of-stream at once, and some time to read and to close its end before this end is
     * closed: a close with unread input would destroy output on its way to the peer.
     */
    void closeAfterWrites();

    /** Closes now and drops what is queued. */
    void close();

    /**
     * Like {@link #close}, and also tells the peer that something is missing, if the transport can:
     * TCP has a reset. Output that the peer has received and not read yet may be lost.
     */
    default void reset() {
      close();
    }

    /**
     * Runs a task soon, in the same way as the handler is called: on a runtime thread, and never
     * during a call of the handler. It does not run if the channel is closed first. An exception is
     * logged and closes the channel.
     */
    void execute(Runnable task);

    /** The threads of the runtime to which this connection belongs. */
    Threads threads();
  }

  /** The threads that serve a channel. Any thread may call the methods. */
  interface Threads {

    /**
     * Runs a callback soon, as a separate task: for users' callbacks, which must not run while
     * channels are served. It does not run if the runtime is closed first.
     */
    void run(Runnable callback);

    /**
     * Runs an action when the calling thread has served its event or its channels, so that all
     * output written by then leaves together; at once on any other thread. It must not block.
     */
    void atEnd(Runnable flush);

    /** The executor for the runtime's own work that may block or takes long. */
    Executor blocking();
  }

  /**
   * Receives the events of one channel: one call at a time, on a runtime thread. An exception of a
   * method is logged and closes the channel.
   */
  interface Handler {

    /**
     * Bytes have arrived. The buffer is only valid during the call; bytes that are not consumed are
     * dropped.
     */
    void received(ByteBuffer bytes);

    /** The peer has sent its end-of-stream; nothing more will be received. */
    void ended();

    /**
     * {@link Channel#queued} has fallen from above 64 KiB to zero, or with TLS to a small number.
     */
    void drained();

    /** Everything queued before {@link Channel#end}, and the end, has been passed to the system. */
    default void outputEnded() {}

    /** The channel is closed, by either side; the last call. Empty if nothing went wrong. */
    void closed(Optional<IOException> failure);

    /**
     * Whether the connection may be closed when descriptors run short: nothing is in progress on
     * it, and the peer can do without it. Connections that have been silent longest are closed
     * first. May be called at any time, like the other methods; must not take long.
     */
    default boolean isExpendable() {
      return false;
    }
  }

  /**
   * Binds and listens.
   *
   * @param address the address; port 0 picks a free port. A Unix domain socket is a file, which
   *     must not exist yet
   * @param backlog how many connections may wait to be accepted
   * @param accepted makes the handler of each accepted channel, on an event-loop thread
   * @throws IOException if the address cannot be bound; the message names the address
   */
  Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException;

  /**
   * Connects. The future fails with an {@link IOException} that names the address; a discard
   * request gives up the attempt.
   *
   * @param connected makes the handler of the open channel, before the future completes
   */
  Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected);

  /**
   * Waits until a channel that was opened elsewhere is ready for one of several operations; see
   * {@link Io#poll}. Fails on transports that are not based on channels of the JDK.
   */
  default Future<Integer> poll(SelectableChannel channel, int operations) {
    return Future.failed(new UnsupportedOperationException("polls no channels: " + this));
  }

  /**
   * Finds the addresses of a host, best first, without blocking. The future fails with an {@link
   * java.net.UnknownHostException} if there are none, or if this transport knows no names.
   */
  default Future<List<InetAddress>> resolve(String host) {
    return Future.failed(new UnknownHostException(host + ": " + this + " resolves no names"));
  }

  /** Closes all listeners and channels and ends the threads. Idempotent. */
  @Override
  void close();
}
