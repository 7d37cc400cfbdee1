package io.libprocess.net.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;

/**
 * The bytes that one channel has still to send, and what is to happen after the last of them.
 *
 * <h2>Protocol</h2>
 *
 * <p>Any thread adds to {@code waiting} under the lock, which is held for a few instructions. At
 * most one thread is the flusher: it sets {@code flushing} under the lock, and from then on {@code
 * sending} and the socket's output are its own, without the lock. When {@code sending} is empty it
 * swaps it for {@code waiting}, and it stops under the lock only if both are empty or the socket is
 * full. So bytes leave in the order in which they were added, whole buffers one after another, and
 * nobody waits for a system call of another thread.
 *
 * <p>There is always somebody who will look at the queue while it is not empty: the flusher; or the
 * end of the turn in which {@code scheduled} was set; or the event loop, if {@code blocked}.
 * Whoever adds while one of these is true leaves the rest to it. Interest in OP_WRITE changes under
 * the lock, together with {@code blocked}.
 *
 * <h2>Copying</h2>
 *
 * <p>What is added are mostly small heap buffers, which NIO would copy into direct memory, each by
 * itself, and describe in a vector for the system. Copying them one behind another into a pooled
 * direct buffer costs the same and leaves one plain write. It also keeps large heap buffers from
 * making NIO allocate direct ones of their size. Only direct buffers that are large are written
 * from where they are, and parts of files go to the socket without coming here. Positions move by
 * what the system took and not by what was copied, so a full socket keeps no pooled buffer.
 */
public final class WriteQueue implements Runnable {

  /** A channel that had more than this to send tells its handler when all of it is sent. */
  public static final int HIGH_WATER = 64 * 1024;

  /** From this size on a direct buffer is not copied. */
  private static final int LARGE = 16 * 1024;

  /** How often one flush writes before it lets the event loop go on with the rest. */
  private static final int WRITES_PER_FLUSH = 16;

  /** A larger deque than this is not kept when it is empty. */
  private static final int KEPT_BUFFERS = 256;

  /** What happens after the last byte; in the order in which one may follow another. */
  public enum End {
    NONE,
    SHUT_DOWN,
    CLOSE
  }

  private final NioChannel channel;
  private final SocketChannel socket;
  private final BufferPool pool;

  // Guarded by this; queued is also read without.
  private ArrayDeque<Object> waiting; // Buffers and FileRegions; null until something is written.
  private volatile long queued;
  private boolean high; // More than HIGH_WATER was queued since the queue was empty.
  private boolean scheduled;
  private boolean flushing;
  private boolean blocked;
  private boolean watched; // Interest in OP_WRITE is set.
  private boolean finished; // Takes and sends nothing any more.
  private End end = End.NONE; // What was asked for.
  private End reached = End.NONE; // What has been started.

  // The flusher's.
  private ArrayDeque<Object> sending;
  private int most; // The largest size of `sending` since it was allocated.

  WriteQueue(NioChannel channel, SocketChannel socket, BufferPool pool) {
    this.channel = channel;
    this.socket = socket;
    this.pool = pool;
  }

  /** Bytes that the system has not taken yet. */
  long queued() {
    return queued;
  }

  /** Adds bytes; true if the caller has to arrange that {@link #run} is called. */
  synchronized boolean add(ByteBuffer bytes) {
    int size = bytes.remaining();
    if (size == 0 || finished || end != End.NONE) {
      return false;
    }
    return add(bytes, size);
  }

  /** Adds a part of a file; returns as {@link #add(ByteBuffer)}. */
  synchronized boolean add(FileRegion region) {
    if (finished || end != End.NONE) {
      region.release();
      return false;
    }
    return add(region, region.left());
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

  /** Says what to do after the last byte; returns as {@link #add}. */
  synchronized boolean end(End wanted) {
    if (finished || wanted.compareTo(end) <= 0) {
      return false;
    }
    end = wanted;
    return schedule();
  }

  private boolean schedule() {
    if (scheduled || flushing || blocked) {
      return false;
    }
    scheduled = true;
    return true;
  }

  /** Drops everything. */
  synchronized void close() {
    dropWaiting();
    if (!flushing) {
      dropSending();
    }
  }

  private void dropWaiting() {
    finished = true;
    queued = 0;
    release(waiting);
    waiting = null;
  }

  private void dropSending() {
    release(sending);
    sending = null;
  }

  private static void release(ArrayDeque<Object> dropped) {
    if (dropped != null) {
      for (Object bytes : dropped) {
        if (bytes instanceof FileRegion region) {
          region.release();
        }
      }
    }
  }

  /** The interest that a new registration must have. */
  synchronized int interest() {
    return watched ? SelectionKey.OP_WRITE : 0;
  }

  /** Sends what there is, on any thread. */
  @Override
  public void run() {
    synchronized (this) {
      scheduled = false;
      if (flushing || blocked || finished) {
        return;
      }
      flushing = true;
    }
    flush();
  }

  /** Goes on after the socket was full. Called by the event loop. */
  void writable() {
    synchronized (this) {
      if (!blocked || finished) {
        return;
      }
      blocked = false;
      flushing = true;
    }
    flush();
  }

  private void flush() {
    int written = 0;
    for (int writes = 0; proceed(written, writes < WRITES_PER_FLUSH); writes++) {
      try {
        written = writeSome();
      } catch (Throwable thrown) {
        failed(thrown);
        return;
      }
      if (written < 0) {
        block(-written - 1);
        return;
      }
    }
  }

  /** Accounts for the last write; whether the flusher has something to write and may do so. */
  private boolean proceed(int written, boolean mayWrite) {
    End next;
    boolean drained;
    synchronized (this) {
      if (finished) {
        stopFinished();
        return false;
      }
      queued -= written;
      if (hasMore()) {
        if (mayWrite) {
          return true;
        }
        watch();
        return false;
      }
      flushing = false;
      drained = high;
      high = false;
      if (watched) {
        watched = false;
        channel.interest(SelectionKey.OP_WRITE, false);
      }
      next = end != reached ? end : End.NONE;
      reached = end;
    }
    // Nothing can be added after an end, so no other thread writes now.
    if (drained) {
      channel.drained();
    }
    if (next != End.NONE) {
      channel.outputEnded(next);
    }
    return false;
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

  private synchronized void block(int written) {
    if (finished) {
      stopFinished();
    } else {
      queued -= written;
      watch();
    }
  }

  private void watch() {
    flushing = false;
    blocked = true;
    if (!watched) {
      watched = true;
      channel.interest(SelectionKey.OP_WRITE, true);
    }
  }

  private void stopFinished() {
    flushing = false;
    dropSending();
  }

  private void failed(Throwable thrown) {
    boolean expected;
    synchronized (this) {
      expected = finished; // Closed under the flusher's hands.
      dropWaiting();
      stopFinished();
    }
    if (!expected) {
      channel.outputFailed(thrown instanceof IOException e ? e : new IOException(thrown));
    }
  }

  /**
   * Writes once. Returns how many bytes the system took, or if it could not take all of them,
   * {@code -1 - bytes}.
   */
  private int writeSome() throws IOException {
    Object head = sending.peek();
    if (head instanceof FileRegion region) {
      int written = region.transferTo(socket);
      return removeHead(region.left() == 0, written);
    }
    if (head instanceof ByteBuffer buffer && isLarge(buffer)) {
      int written = socket.write(buffer);
      return removeHead(!buffer.hasRemaining(), written);
    }
    ByteBuffer staging = pool.borrow();
    try {
      gather(staging);
      int size = staging.flip().remaining();
      int written = socket.write(staging);
      advance(written);
      return written < size ? -1 - written : written;
    } finally {
      pool.giveBack(staging);
    }
  }

  private int removeHead(boolean complete, int written) {
    if (complete) {
      sending.poll();
    }
    return complete ? written : -1 - written;
  }

  private static boolean isLarge(ByteBuffer buffer) {
    return buffer.isDirect() && buffer.remaining() >= LARGE;
  }

  private void gather(ByteBuffer staging) {
    for (Object bytes : sending) {
      if (!(bytes instanceof ByteBuffer buffer)) {
        return;
      }
      int size = Math.min(buffer.remaining(), staging.remaining());
      if (size == 0 || isLarge(buffer)) {
        return;
      }
      staging.put(staging.position(), buffer, buffer.position(), size);
      staging.position(staging.position() + size);
    }
  }

  private void advance(int written) {
    int left = written;
    while (left > 0) {
      ByteBuffer head = (ByteBuffer) sending.peek(); // Only buffers were gathered.
      int size = head.remaining();
      if (size > left) {
        head.position(head.position() + left);
        return;
      }
      left -= size;
      sending.poll();
    }
  }
}
