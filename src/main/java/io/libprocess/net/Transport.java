package io.libprocess.net;

import io.libprocess.future.Future;
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
 * How bytes reach another address. Everything above moves bytes through this interface only, so
 * that a simulated network can take the place of the system's.
 */
public interface Transport extends AutoCloseable {

  /** A bound address that accepts connections until it is closed. */
  interface Listener extends AutoCloseable {

    /** The bound address, with the port that was assigned if port 0 was asked for. */
    NetworkAddress address();

    /**
     * Stops accepting and releases the port, or deletes the socket's file unless another has taken
     * its place; open channels stay. Idempotent.
     */
    @Override
    void close();
  }

  /** A connection. Its methods may be called from any thread and never block. */
  interface Channel {

    /** The address of our end. */
    NetworkAddress local();

    /** The peer's end. */
    NetworkAddress remote();

    /** What was agreed on with the peer if the channel speaks TLS. */
    default Optional<TlsSession> tls() {
      return Optional.empty();
    }

    /**
     * Queues bytes behind those written before. They are handed to the system when the calling
     * thread has served its event (at once if it serves none), many buffers in one call. The buffer
     * belongs to the channel from now on. After {@link #end}, {@link #closeAfterWrites} or {@link
     * #close} this does nothing.
     */
    void write(ByteBuffer bytes);

    /**
     * Queues a part of a file behind what was written before, as {@link #write(ByteBuffer)} does.
     * Where it can, the system sends it without copying it here. If the file becomes shorter before
     * it is sent, the channel is closed.
     *
     * @param position where in the file the part begins
     * @param count its length, at least 1; small enough to be read into memory
     * @param last whether to close the file behind this part. If the channel is closed before, it
     *     closes the files of all parts that wait
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
     * Queues a chunk as {@link #write(ByteBuffer)} does, and releases it when the system has taken
     * all of it, or nobody will. A part of a file may be sent by the system: see {@link
     * #sendsFiles}. If the file becomes shorter before that the channel is closed.
     */
    default void write(Chunk chunk) {
      write(chunk.detached().asByteBuffer());
    }

    /**
     * Whether the system sends parts of files without copying them here. Otherwise the chunks
     * should not be such parts, which would have to be read by the thread that writes.
     */
    default boolean sendsFiles() {
      return false;
    }

    /** Bytes queued and not yet taken by the system. */
    long queued();

    /**
     * Stops reading from the peer, so that it is slowed down; idempotent. That a peer has reset the
     * connection is noticed nevertheless, within some seconds.
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
     * Closes after everything queued has been sent. What still arrives is dropped. The peer gets
     * the end-of-stream at once, and some time to read and to close its end before ours is closed:
     * a close with unread input would destroy what is on its way to the peer.
     */
    void closeAfterWrites();

    /** Closes now and drops what is queued. */
    void close();

    /**
     * As {@link #close}, and tells the peer that something is missing, if the transport has a way:
     * TCP has a reset. What the peer has got and not read yet may be lost.
     */
    default void reset() {
      close();
    }

    /**
     * Runs something soon, as the handler is called: on a runtime thread, and never during a call
     * of the handler. Not run if the channel is closed before. What it throws is logged and closes
     * the channel.
     */
    void execute(Runnable task);

    /** The threads of the runtime that this connection belongs to. */
    Threads threads();
  }

  /** The threads that serve a channel. Any thread may call. */
  interface Threads {

    /**
     * Runs something soon, by itself: for callbacks of users, which must not run where channels are
     * served. It is not run if the runtime is closed before.
     */
    void run(Runnable callback);

    /**
     * Runs something when the calling thread has served its event or its channels, so that what is
     * written by then leaves together; at once on a thread that is none of these. It must not
     * block.
     */
    void atEnd(Runnable flush);

    /** Where the runtime's own work runs that may block or takes long. */
    Executor blocking();
  }

  /**
   * Receives what happens on one channel: one call at a time, on a runtime thread. What a method
   * throws is logged and closes the channel.
   */
  interface Handler {

    /** Bytes arrived. The buffer is only valid during the call; what is not consumed is dropped. */
    void received(ByteBuffer bytes);

    /** The peer sent its end-of-stream; nothing more will be received. */
    void ended();

    /** {@link Channel#queued} fell from above 64 KiB to zero, or with TLS to little. */
    void drained();

    /** Everything that was queued before {@link Channel#end}, and the end, is with the system. */
    default void outputEnded() {}

    /** The channel is closed, by either side; the last call. Empty if nothing went wrong. */
    void closed(Optional<IOException> failure);

    /**
     * Whether the connection may be closed because connections get short: nothing is in progress on
     * it, and the peer can do without it. Those that have been silent for longest go first. May be
     * called at any time, as the other methods are; must not take long.
     */
    default boolean isExpendable() {
      return false;
    }
  }

  /**
   * Binds and listens.
   *
   * @param address where; port 0 picks a free port. A Unix domain socket is a file, which must not
   *     exist yet
   * @param backlog how many connections may wait to be accepted
   * @param accepted makes the handler of each accepted channel, on an event-loop thread
   * @throws IOException if the address cannot be bound; the text names the address
   */
  Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
      throws IOException;

  /**
   * Connects. The future fails with an {@link IOException} that names the address; a discard
   * request gives up.
   *
   * @param connected makes the handler of the open channel, before the future completes
   */
  Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected);

  /**
   * Waits until a channel that was opened elsewhere can do one of some operations; see {@link
   * Io#poll}. Fails on transports that are not made of channels of the JDK.
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
