package io.libprocess.net.nio;

import io.libprocess.internal.Log;
import io.libprocess.stream.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/**
 * The queue of the bytes that one channel has yet to send, and of the end to follow the last of
 * them.
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 *           add, end             run              nothing left
 *   IDLE ------------&gt; SCHEDULED -----&gt; FLUSHING --------------&gt; IDLE
 *                                        |    ^
 *                         the socket is  v    | writable
 *                         full, or it has BLOCKED
 *                         had its share
 *
 *   close: FLUSHING ---&gt; CLOSING ---the flusher leaves---&gt; CLOSED
 *          the other states, and a failure of the flusher --^
 * </pre>
 *
 * <p>The state and {@code waiting} are guarded by the lock of this object, which is held for a few
 * instructions. Any thread adds to {@code waiting}. The thread that changed the state to FLUSHING
 * is the flusher: until it leaves that state it owns {@code sending} and the socket's output,
 * without the lock. When {@code sending} is empty it swaps it for {@code waiting}. So bytes leave
 * in the order in which they were added, whole buffers one after another, and no thread waits for a
 * system call of another one.
 *
 * <p>In every state but IDLE and CLOSED the queue is certain to be looked at again: at the end of
 * the event that scheduled it, by the flusher, or by the event loop. A thread that adds can then
 * leave the rest to it. Interest in OP_WRITE changes under the lock, together with BLOCKED.
 *
 * <p>The socket must not be closed while the flusher is inside a call of the system: the descriptor
 * would be given to the next connection, and not every JDK keeps {@link
 * java.nio.channels.FileChannel#transferTo} from going on with it. Therefore closing only changes
 * FLUSHING to CLOSING, and the flusher, which is the last to leave, reports that the socket is
 * free.
 *
 * <p>{@link Staging} tells what is copied before it is written. Positions advance by the bytes that
 * the system took and not by those copied, so a full socket keeps no pooled buffer.
 */
public final class WriteQueue implements Runnable {

  /** A channel with more than this to send tells its handler when all of it has been sent. */
  public static final int HIGH_WATER = 64 * 1024;

  /** How often one flush writes before it lets the event loop go on with the rest. */
  private static final int WRITES_PER_FLUSH = 16;

  /** A larger deque than this is not kept when it is empty. */
  private static final int KEPT_BUFFERS = 256;

  /** The possible ends after the last byte; in the order in which one may follow another. */
  public enum End {
    NONE,
    SHUT_DOWN,
    CLOSE
  }

  private enum State {
    /** Nothing is to be done. */
    IDLE,
    /** {@link #run} will be called. */
    SCHEDULED,
    /** A thread is writing. */
    FLUSHING,
    /** The event loop will call {@link #writable}. */
    BLOCKED,
    /** A thread is writing although the channel is closed. */
    CLOSING,
    /** Takes and sends nothing any more. */
    CLOSED
  }

  private final NioChannel channel;
  private final SocketChannel socket;
  private final BufferPool pool;
  private final OpenConnections connections;

  // Guarded by the monitor of this; queued is also read without it.
  private ArrayDeque<Object> waiting; // Takes writes; null until the first one.
  private ArrayDeque<Object> droppedWaiting; // To be released without the lock; may be null.
  private ArrayDeque<Object> droppedSending; // Likewise.
  private volatile long queued;
  private boolean high; // More than HIGH_WATER was queued since the queue was empty.
  private boolean watched; // Interest in OP_WRITE is set.
  private State state = State.IDLE;
  private End end = End.NONE; // The end that was requested.
  private End reached = End.NONE; // The end that has been started.

  // Used only by the flusher.
  private ArrayDeque<Object> sending;
  private int most; // The largest size of `sending` since it was allocated.
  private boolean full; // The system has not taken all of the last write.

  WriteQueue(NioChannel channel, SocketChannel socket, EventLoop loop) {
    this.channel = channel;
    this.socket = socket;
    this.pool = loop.buffers();
    this.connections = loop.connections();
  }

  /** The number of bytes that the system has not taken yet. */
  long queued() {
    return queued;
  }

  /** Adds bytes; true if the caller has to arrange that {@link #run} is called. */
  synchronized boolean add(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (size == 0 || isClosed() || end != End.NONE) {
      return false;
    }
    return add(bytes, size);
  }

  /** Adds a part of a file; returns the same as {@link #add(ByteBuffer)}. */
  boolean add(QueuedFile region) {
    return addOrRelease(region, region.left());
  }

  /** Adds a chunk that is released afterwards; returns the same as {@link #add(ByteBuffer)}. */
  boolean addOwned(Chunk chunk) {
    var part = chunk.region();
    return part.isPresent()
        ? add(QueuedFile.of(part.get(), chunk::release))
        : addOrRelease(new LentBytes(chunk), chunk.size());
  }

  private boolean addOrRelease(Object bytes, int size) {
    synchronized (this) {
      if (size > 0 && !isClosed() && end == End.NONE) {
        return add(bytes, size);
      }
    }
    release(bytes);
    return false;
  }

  private boolean add(Object bytes, long size) {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    waiting.add(bytes);
    long total = queued + size;
    queued = total;
    high |= total > HIGH_WATER;
    return schedule();
  }

  /** Sets the end that follows the last byte; returns the same as {@link #add}. */
  synchronized boolean end(End wanted) {
    if (isClosed() || wanted.compareTo(end) <= 0) {
      return false;
    }
    end = wanted;
    return schedule();
  }

  private boolean schedule() {
    if (state != State.IDLE) {
      return false;
    }
    state = State.SCHEDULED;
    return true;
  }

  private boolean isClosed() {
    return state == State.CLOSING || state == State.CLOSED;
  }

  /** Drops everything. The socket may only be closed once it is no longer {@link #inUse}. */
  void close() {
    synchronized (this) {
      if (state == State.FLUSHING) {
        state = State.CLOSING;
        dropWaiting();
      } else if (state != State.CLOSING) {
        dropAll();
      }
    }
    releaseDropped();
  }

  /** Whether a thread is inside a call of the socket; if so, {@code outputReleased} will follow. */
  synchronized boolean inUse() {
    return state == State.FLUSHING || state == State.CLOSING;
  }

  private void dropAll() {
    state = State.CLOSED;
    dropWaiting();
    if (sending != null) {
      droppedSending = sending;
      sending = null;
    }
  }

  private void dropWaiting() {
    queued = 0;
    if (waiting != null) {
      droppedWaiting = waiting;
      waiting = null;
    }
  }

  /** Releases dropped buffers; called, without the lock, after any have been dropped. */
  private void releaseDropped() {
    ArrayDeque<Object> first;
    ArrayDeque<Object> second;
    synchronized (this) {
      first = droppedSending;
      second = droppedWaiting;
      droppedSending = null;
      droppedWaiting = null;
    }
    releaseAll(first);
    releaseAll(second);
  }

  private static void releaseAll(ArrayDeque<Object> dropped) {
    if (dropped != null) {
      dropped.forEach(WriteQueue::releaseDropped);
    }
  }

  private static void releaseDropped(Object bytes) {
    try {
      release(bytes);
    } catch (Throwable thrown) { // The others are to be released, and the channel closed.
      Log.error("Bytes that are not sent any more could not be given back", thrown);
    }
  }

  private static void release(Object bytes) {
    if (bytes instanceof QueuedFile region) {
      region.release();
    } else if (bytes instanceof LentBytes lent) {
      lent.release();
    }
  }

  /** The interest that a new registration needs. */
  synchronized int interest() {
    return watched ? SelectionKey.OP_WRITE : 0;
  }

  /** Sends the queued bytes, on any thread. */
  @Override
  public void run() {
    if (enter(State.SCHEDULED)) {
      flush();
    }
  }

  /** Goes on after the socket was full. Called by the event loop. */
  void writable() {
    if (enter(State.BLOCKED)) {
      flush();
    }
  }

  private synchronized boolean enter(State from) {
    if (state != from) {
      return false;
    }
    state = State.FLUSHING;
    return true;
  }

  /** Writes until nothing is left, the socket is full, or others should have their turn. */
  private void flush() {
    full = false;
    try {
      int written = 0;
      for (int writes = 0; proceed(written, writes < WRITES_PER_FLUSH); writes++) {
        written = writeSome();
        connections.sent(written);
      }
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  /**
   * Accounts for the last write, and tells whether the flusher has more to write and may do so; if
   * not, it has left.
   */
  private boolean proceed(int written, boolean mayWrite) throws IOException {
    End next;
    boolean drained;
    synchronized (this) {
      if (state == State.CLOSING) {
        dropAll();
        next = null;
        drained = false;
      } else {
        queued -= written;
        if (hasMore()) {
          if (mayWrite && !full) {
            return true;
          }
          block();
          return false;
        }
        drained = high;
        high = false;
        next = end != reached ? end : End.NONE;
        reached = end;
        if (next == End.NONE) {
          rest();
        }
      }
    }
    if (next == null) {
      releaseDropped();
      channel.outputReleased();
      return false;
    }
    if (drained) {
      channel.drained();
    }
    if (next == End.NONE) {
      return false;
    }
    socket.shutdownOutput();
    channel.outputEnded(next);
    return proceed(0, mayWrite); // No bytes can follow, but a stronger end or closing can.
  }

  private void block() {
    state = State.BLOCKED;
    if (!watched) {
      watched = true;
      channel.interest(SelectionKey.OP_WRITE, true);
    }
  }

  private void rest() {
    state = State.IDLE;
    if (watched) {
      watched = false;
      channel.interest(SelectionKey.OP_WRITE, false);
    }
  }

  private boolean hasMore() {
    if (sending != null && !sending.isEmpty()) {
      return true;
    }
    if (waiting == null || waiting.isEmpty()) {
      if (most > KEPT_BUFFERS) {
        sending = null;
        waiting = null;
        most = 0;
      }
      return false;
    }
    ArrayDeque<Object> empty = sending;
    sending = waiting;
    waiting = empty;
    most = Math.max(most, sending.size());
    return true;
  }

  private void failed(Throwable thrown) {
    boolean released;
    synchronized (this) {
      released = state == State.CLOSING; // Closed while the flusher was writing.
      dropAll();
    }
    releaseDropped();
    if (released) {
      channel.outputReleased();
    } else {
      channel.outputFailed(
          thrown instanceof IOException e ? e : EventLoop.failure("the output failed", thrown));
    }
  }

  /** Writes once, sets {@code full}, and returns the number of bytes that the system took. */
  private int writeSome() throws IOException {
    Object head = sending.peek();
    if (head instanceof QueuedFile part && !Staging.takes(part, sending.size())) {
      int written = part.transferTo(socket);
      removeHead(part.left() == 0);
      return written;
    }
    ByteBuffer large = Staging.large(head);
    if (large != null) {
      int written = socket.write(large);
      removeHead(!large.hasRemaining());
      return written;
    }
    ByteBuffer staging = pool.borrow();
    try {
      Staging.fill(staging, sending);
      int size = staging.flip().remaining();
      int written = socket.write(staging);
      advance(written);
      full = written < size;
      return written;
    } finally {
      pool.giveBack(staging);
    }
  }

  private void removeHead(boolean complete) {
    if (complete) {
      release(sending.poll());
    }
    full = !complete;
  }

  /** Removes what the system took of the entries that were copied. */
  private void advance(int written) {
    int left = written;
    while (left > 0) {
      left -= Staging.skip(sending.peek(), left);
      if (Staging.size(sending.peek()) == 0) {
        release(sending.poll());
      }
    }
  }
}
