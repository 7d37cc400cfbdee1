package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A channel of one connected socket.
 *
 * <h2>Protocol</h2>
 *
 * <p>Reading, and every call of the handler, is done by the thread that polls for the loop; other
 * threads leave their requests as tasks of the loop. Writing is done by any thread: see {@link
 * WriteQueue}. The lock of this object guards {@code paused} together with the interest in OP_READ,
 * and {@code closing}; it is taken before that of the queue if both are needed.
 *
 * <pre>
 *   OPEN --close, failure--------------------------------------> CLOSED
 *     \--closeAfterWrites--> DISCARDING --all sent--> LINGERING --/  end-of-stream, limit or time
 * </pre>
 *
 * <p>While DISCARDING and LINGERING the handler receives nothing more. A socket that is closed with
 * unread input sends a reset, which may destroy output that the peer has not read yet, such as an
 * error response to a request that is still arriving. Therefore the output is shut down first, and
 * the input is read and dropped until the peer closes too: see {@link Lingering}.
 *
 * <p>Closing needs no memory, so that a channel whose handler or output failed for lack of it is
 * closed nevertheless.
 */
final class NioChannel implements Transport.Channel, Selectable, MemoryBudget.Source {

  /** How often one channel reads before the others get their turn. */
  private static final int READS_PER_TURN = 4;

  /** How often a channel that can no longer write reads what the peer has sent before. */
  private static final int LAST_READS = 16;

  private final EventLoop loop;
  private final SocketChannel socket;
  private final NetworkAddress local;
  private final NetworkAddress remote;
  private final WriteQueue output;

  private volatile SelectionKey key;
  private volatile boolean paused; // Written under the lock.
  private volatile boolean closing; // Written under the lock.
  private volatile boolean discarding;
  private volatile boolean looked; // It is or will be one of the loop's unheard channels.
  private Optional<IOException> failure = Optional.empty(); // Written before closing is set.
  private boolean finishing; // Guarded by the lock: it is in the list of LoopTasks,
  NioChannel nextToFinish; // of which this is the link.

  // Used only by the polling thread.
  private Transport.Handler handler; // Null before it is made, or, once closing, if that failed.
  private volatile boolean inputEnded; // Written by it, read by any thread.
  private boolean outputShut; // So the handler has been told.
  private boolean closed;
  private long lastHeard; // The round of the loop.
  private Lingering lingering; // Null unless it is needed.

  /** Makes the channel of a connected socket. Called by the polling thread. */
  NioChannel(EventLoop loop, SocketChannel socket) throws IOException {
    this.loop = loop;
    this.socket = socket;
    this.local = Addresses.ofSystem(socket.getLocalAddress());
    this.remote = Addresses.ofSystem(socket.getRemoteAddress());
    this.output = new WriteQueue(this, socket, loop);
  }

  /**
   * Enters the loop and makes the handler.
   *
   * @throws IOException if the socket cannot be watched or there is no handler; the channel is then
   *     closed
   */
  void open(Function<Transport.Channel, Transport.Handler> makeHandler) throws IOException {
    try {
      loop.connections().opened(remote);
      loop.add(this);
    } catch (Throwable thrown) {
      close(null);
      throw thrown;
    }
    lastHeard = loop.rounds();
    try {
      handler = Objects.requireNonNull(makeHandler.apply(this), "handler");
    } catch (Throwable thrown) {
      IOException noHandler = EventLoop.failure("no handler was made", thrown);
      close(noHandler); // Even if there is no memory for the reason.
      Log.error(() -> "No handler was made for the connection to " + remote, thrown);
      if (noHandler == null) {
        throw thrown;
      }
      throw noHandler;
    }
  }

  /* ------ Any thread ------ */

  @Override
  public NetworkAddress local() {
    return local;
  }

  @Override
  public NetworkAddress remote() {
    return remote;
  }

  @Override
  public void write(ByteBuffer bytes) {
    flush(output.add(bytes));
  }

  @Override
  public void write(FileChannel file, long position, int count, boolean last) {
    Runnable close = () -> EventLoop.closeQuietly(file);
    flush(output.add(new QueuedFile(file, position, count, last, close)));
  }

  @Override
  public void write(Chunk chunk) {
    flush(chunk.isLent() ? output.addOwned(chunk) : output.add(chunk.asByteBuffer()));
  }

  private void flush(boolean due) {
    if (due) {
      loop.scheduler().atEnd(output);
    }
  }

  @Override
  public boolean sendsFiles() {
    return true;
  }

  @Override
  public long queued() {
    return output.queued();
  }

  @Override
  public synchronized void pause() {
    if (!paused) {
      paused = true;
      interest(SelectionKey.OP_READ, false);
      lookForReset();
    }
  }

  @Override
  public synchronized void resume() {
    if (paused) {
      paused = false;
      interest(SelectionKey.OP_READ, true); // After the end of the input, read() clears it again.
    }
  }

  @Override
  public void end() {
    flush(output.end(WriteQueue.End.SHUT_DOWN));
  }

  @Override
  public void closeAfterWrites() {
    discarding = true;
    flush(output.end(WriteQueue.End.CLOSE));
  }

  @Override
  public void close() {
    close(null);
  }

  @Override
  public void reset() {
    EventLoop.resetAtClose(socket);
    close();
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(
        () -> {
          if (!closing) {
            call(task);
          }
        });
  }

  @Override
  public Transport.Threads threads() {
    return loop.threads();
  }

  @Override
  public MemoryBudget memory() {
    return loop.connections().memory();
  }

  private void close(IOException why) {
    if (beginClosing(why)) {
      try {
        output.close();
      } finally { // Releasing what was queued may throw.
        finishSoon();
      }
    }
  }

  private synchronized boolean beginClosing(IOException why) {
    if (closing) {
      return false;
    }
    try {
      failure = Optional.ofNullable(why);
    } catch (OutOfMemoryError e) {
      // It is closed without a reason.
    }
    closing = true;
    return true;
  }

  /** Makes the polling thread call {@link #finish}; false if the loop has ended. */
  private synchronized boolean finishSoon() {
    if (!finishing) {
      finishing = true;
      loop.finishSoon(this);
    }
    return !loop.hasEnded();
  }

  /** Sets or clears interest in an operation. The caller holds the lock that guards it. */
  void interest(int operation, boolean wanted) {
    loop.interest(key, operation, wanted);
  }

  /* ------ The write queue's reports, on any thread ------ */

  void drained() {
    loop.execute(
        () -> {
          if (!closing) {
            call(handler::drained);
          }
        });
  }

  /** The output has been shut down. */
  void outputEnded(WriteQueue.End end) {
    Runnable told = end == WriteQueue.End.CLOSE ? this::linger : this::tellOutputEnded;
    loop.execute(() -> call(told));
  }

  // The end of the input closes the channel only after this: otherwise a peer that answers the end
  // of the output by closing could be quicker, and the handler would not learn that all was sent.
  private void tellOutputEnded() {
    outputShut = true;
    if (!closing) {
      call(handler::outputEnded);
    }
    closeIfBothEnded();
  }

  void outputFailed(IOException why) {
    boolean accepted = false;
    try {
      accepted = loop.execute(() -> readLastAndClose(why));
    } finally {
      if (!accepted) {
        close(why);
      }
    }
  }

  /** Called when no thread is inside a call of the socket's output any more, and none will be. */
  void outputReleased() {
    if (!finishSoon()) {
      EventLoop.closeQuietly(socket); // The loop has ended, and has already closed this channel.
    }
  }

  /* ------ The polling thread ------ */

  @Override
  public synchronized void register(Selector selector) throws IOException {
    synchronized (output) {
      int reading = paused || inputEnded ? 0 : SelectionKey.OP_READ;
      key = socket.register(selector, reading | output.interest(), this);
    }
  }

  @Override
  public void ready(int operations) {
    if ((operations & SelectionKey.OP_WRITE) != 0) {
      output.writable();
    }
    if ((operations & SelectionKey.OP_READ) != 0) {
      read(READS_PER_TURN);
    }
  }

  private void read(int times) {
    for (int i = 0; i < times && !paused && !closing; i++) {
      if (inputEnded) {
        setUnreadable();
        return;
      }
      ByteBuffer bytes;
      try {
        bytes = loop.read(socket);
      } catch (IOException e) {
        close(e);
        return;
      }
      if (bytes == null) {
        inputEnded = true;
        setUnreadable();
        lookForReset();
        endOfInput();
        return;
      }
      lastHeard = loop.rounds();
      boolean more = bytes.limit() == bytes.capacity();
      if (discarding) {
        lingering().dropped(bytes.remaining());
      } else if (bytes.hasRemaining()) {
        call(() -> handler.received(bytes));
      }
      if (!more) {
        return;
      }
    }
  }

  // The peer may have said why it hung up.
  private void readLastAndClose(IOException why) {
    read(LAST_READS);
    close(why);
  }

  private synchronized void setUnreadable() {
    interest(SelectionKey.OP_READ, false);
  }

  /* ------ While nothing is watched ------ */

  /**
   * Adds this to the unheard channels; any thread. Only TCP: other sockets report an error even if
   * the peer has closed in order.
   */
  private void lookForReset() {
    if (!looked && remote instanceof Address) {
      looked = true;
      loop.execute(
          () -> {
            if (!closed) {
              loop.unheard().add(this);
            }
          });
    }
  }

  /** Whether the selector would not report a reset; if it would, looking ends. */
  boolean stillUnheard() {
    if (closed || outputShut) {
      return false;
    }
    looked = false; // First: a thread that pauses now asks again.
    boolean unheard = paused || inputEnded;
    looked |= unheard;
    return unheard;
  }

  void registerFor(Selector probe, int operations) throws IOException {
    if (!closed) {
      socket.register(probe, operations, this);
    }
  }

  void wasReset() {
    close(new IOException("Connection reset by peer"));
  }

  private void endOfInput() {
    if (!discarding) {
      call(handler::ended);
    }
    closeIfBothEnded();
  }

  private void closeIfBothEnded() {
    if (inputEnded && outputShut) {
      close();
    }
  }

  private void linger() {
    outputShut = true;
    if (!closing) {
      lingering().begin(inputEnded);
    }
  }

  private Lingering lingering() {
    if (lingering == null) {
      lingering = new Lingering(loop, this);
    }
    return lingering;
  }

  /** Calls the handler; an exception closes the channel. */
  private void call(Runnable handlerCall) {
    try {
      handlerCall.run();
    } catch (Throwable thrown) {
      close(EventLoop.failure("the handler threw", thrown));
      Log.error(() -> "The handler of the connection to " + remote + " threw", thrown);
    }
  }

  @Override
  public long silentSince() {
    boolean expendable = !closing && output.queued() == 0 && handler.isExpendable();
    return expendable ? lastHeard : Long.MAX_VALUE;
  }

  @Override
  public void abort() {
    try {
      close(null);
    } finally {
      finishClosing();
    }
  }

  /**
   * Does what is left of closing; a second call frees the descriptor that the first had to keep.
   */
  void finish() {
    synchronized (this) {
      finishing = false;
    }
    finishClosing();
    freeDescriptor();
  }

  private void finishClosing() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      loop.connections().closed(remote);
      leaveLoop();
    } finally { // Whatever is lost, the descriptor is not.
      freeDescriptor();
      if (handler != null) {
        tellClosed();
      }
    }
  }

  private void freeDescriptor() {
    if (!output.inUse()) {
      EventLoop.closeQuietly(socket);
    }
  }

  private void tellClosed() {
    try {
      handler.closed(failure);
    } catch (Throwable thrown) {
      Log.error(() -> "The handler of the connection to " + remote + " threw", thrown);
    }
  }

  private void leaveLoop() {
    if (key != null) {
      key.cancel();
    }
    loop.remove(this);
    loop.unheard().remove(this);
    if (lingering != null) {
      lingering.end();
    }
  }
}
