package io.libprocess.net.tls;

import io.libprocess.net.Transport;
import io.libprocess.net.nio.BufferPool;
import io.libprocess.net.nio.WriteQueue;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The queue of the bytes that a TLS channel has yet to encrypt and send, and of the end to follow
 * them.
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 *           add, end              run               nothing left
 *   IDLE -------------&gt; SCHEDULED ----&gt; ENCRYPTING ----------------&gt; IDLE
 *                           ^              |    |
 *             drained       |    the raw   |    |  the engine fails
 *                        BLOCKED &lt;---------'    '-----------------&gt; BROKEN
 *                               channel is full                        |  abort, for an alert
 *                                                                      v
 *   close: ENCRYPTING ---&gt; CLOSING ---the flusher leaves---&gt; CLOSED  SCHEDULED
 *          the other states ----------------------------------^
 * </pre>
 *
 * <p>As in {@link WriteQueue}, any thread adds to {@code waiting} under the lock, and the thread
 * that changed the state to ENCRYPTING, the flusher, encrypts without it. The engine numbers its
 * records in the order of the calls of {@code wrap}; so only the flusher calls it, and passes the
 * result on before the next call. In every state but IDLE, BROKEN and CLOSED the queue is certain
 * to be looked at again: at the end of the event that scheduled it, by the flusher, or by the raw
 * channel, which reports when a queue of more than {@link WriteQueue#HIGH_WATER} has been sent. So
 * no more is encrypted ahead than the peer takes.
 *
 * <p>Bytes added in one event are encrypted together: many small buffers make one record.
 */
final class TlsOutput implements Runnable {

  /** The most buffers that make up one record. */
  private static final int GATHERED = 256;

  private static final ByteBuffer[] NOTHING = {};

  private enum State {
    /** Nothing is to be done. */
    IDLE,
    /** {@link #run} will be called. */
    SCHEDULED,
    /** A thread is encrypting. */
    ENCRYPTING,
    /** The raw channel will call {@link #drained}. */
    BLOCKED,
    /** The engine has failed, and the channel will call {@link #abort}. */
    BROKEN,
    /** A thread is encrypting although the channel is closed. */
    CLOSING,
    /** Takes and sends nothing any more. */
    CLOSED
  }

  private final TlsChannel channel;
  private final Transport.Channel raw;
  private final SSLEngine engine;
  private final BufferPool pool;

  // Guarded by the monitor of this; queued is also read without it.
  private ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private volatile long queued; // Bytes that are not encrypted yet.
  private boolean high; // More than HIGH_WATER was queued since the handler was last notified.
  private State state = State.IDLE;
  private boolean aborting; // After abort: nothing can be sent about a second failure.
  private boolean engineWaits; // It has output of its own to send.
  private WriteQueue.End end = WriteQueue.End.NONE; // The end that was requested.
  private WriteQueue.End reached = WriteQueue.End.NONE; // The end that has been carried out.

  // Used only by the flusher.
  private ArrayDeque<ByteBuffer> sending = new ArrayDeque<>();
  private boolean outputClosed; // close_notify has been sent.

  TlsOutput(TlsChannel channel, Transport.Channel raw, SSLEngine engine, BufferPool pool) {
    this.channel = channel;
    this.raw = raw;
    this.engine = engine;
    this.pool = pool;
  }

  /** The number of bytes that are not encrypted yet. */
  long queued() {
    return queued;
  }

  /** Adds plain bytes. */
  void add(ByteBuffer bytes) {
    int size = bytes.remaining();
    synchronized (this) {
      if (size == 0 || takesNothing() || end != WriteQueue.End.NONE) {
        return;
      }
      waiting.add(bytes);
      long total = queued + size;
      queued = total;
      high |= total + raw.queued() > WriteQueue.HIGH_WATER;
      if (!schedule()) {
        return;
      }
    }
    raw.threads().atEnd(this);
  }

  /** Sends close_notify after everything queued, and then ends or closes the raw channel. */
  void end(WriteQueue.End wanted) {
    synchronized (this) {
      if (isClosed() || wanted.compareTo(end) <= 0) {
        return;
      }
      end = wanted;
      if (!schedule()) {
        return;
      }
    }
    raw.threads().atEnd(this);
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

  private boolean takesNothing() {
    return state == State.BROKEN || isClosed();
  }

  /** Drops the queue, sends the engine's alert about the failure, and closes. */
  void abort() {
    boolean stuck;
    synchronized (this) {
      if (isClosed()) {
        return;
      }
      stuck = state == State.BLOCKED;
      aborting = true;
      end = WriteQueue.End.CLOSE;
      if (state == State.ENCRYPTING) {
        dropWaiting();
      } else {
        dropAll();
        state = stuck ? State.CLOSED : State.SCHEDULED;
      }
    }
    if (stuck) {
      raw.close(); // A peer that takes nothing will not take an alert.
    } else {
      run();
    }
  }

  /** Drops everything. */
  synchronized void close() {
    if (state == State.ENCRYPTING) {
      state = State.CLOSING;
      dropWaiting();
    } else if (state != State.CLOSING) {
      state = State.CLOSED;
      dropAll();
    }
  }

  private void dropWaiting() {
    queued = 0;
    waiting = new ArrayDeque<>();
  }

  private void dropAll() {
    dropWaiting();
    sending = new ArrayDeque<>();
  }

  /** Sends the engine's own output: a part of a handshake, an answer, an alert. */
  void flushEngine() {
    synchronized (this) {
      engineWaits = true;
      schedule();
    }
    run();
  }

  /** Goes on after the raw channel has sent everything. */
  void drained() {
    synchronized (this) {
      high = true; // Encrypted bytes are more than plain ones.
      if (state == State.IDLE || state == State.BLOCKED) {
        state = State.SCHEDULED;
      }
    }
    run();
  }

  /** Encrypts and passes on the queued bytes, on any thread. */
  @Override
  public void run() {
    synchronized (this) {
      if (state != State.SCHEDULED) {
        return;
      }
      state = State.ENCRYPTING;
    }
    try {
      while (proceed()) {
        encrypt();
      }
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  private void failed(Throwable thrown) {
    boolean again;
    synchronized (this) {
      dropAll();
      if (state == State.CLOSING) {
        state = State.CLOSED;
        return;
      }
      again = aborting;
      state = again ? State.CLOSED : State.BROKEN;
    }
    if (again) {
      raw.close();
    } else {
      channel.outputFailed(thrown instanceof Exception e ? e : new SSLException(thrown));
    }
  }

  /** Whether output is stopped until the channel has learnt of a failure. */
  synchronized boolean isBroken() {
    return state == State.BROKEN;
  }

  /** Whether the flusher has more to encrypt and may do so; if not, it has left. */
  private boolean proceed() {
    WriteQueue.End next;
    boolean drained;
    synchronized (this) {
      if (state == State.CLOSING) {
        dropAll();
        state = State.CLOSED;
        return false;
      }
      if (outputClosed) {
        dropAll(); // Nothing can follow the end, this side's or the peer's.
        end = end == WriteQueue.End.NONE ? WriteQueue.End.SHUT_DOWN : end;
        engineWaits = false;
      }
      if (raw.queued() > WriteQueue.HIGH_WATER) {
        state = State.BLOCKED;
        return false;
      }
      if (hasMore()) {
        return true;
      }
      state = State.IDLE;
      drained = high && end != WriteQueue.End.CLOSE;
      high = false;
      next = end != reached ? end : WriteQueue.End.NONE;
      reached = end;
    }
    if (drained) {
      channel.drainedOutput();
    }
    if (next == WriteQueue.End.CLOSE) {
      raw.closeAfterWrites();
    } else if (next == WriteQueue.End.SHUT_DOWN) {
      raw.end();
    }
    return false;
  }

  private boolean hasMore() {
    if (sending.isEmpty() && !waiting.isEmpty()) {
      ArrayDeque<ByteBuffer> empty = sending;
      sending = waiting;
      waiting = empty;
    }
    boolean closes = end != WriteQueue.End.NONE && !outputClosed;
    return !sending.isEmpty() || engineWaits || closes;
  }

  private void encrypt() throws SSLException {
    boolean closes;
    synchronized (this) {
      engineWaits = false;
      closes = end != WriteQueue.End.NONE && waiting.isEmpty() && sending.isEmpty();
    }
    if (closes) {
      engine.closeOutbound();
    }
    ByteBuffer staging = pool.borrow();
    try {
      long taken = fill(staging);
      outputClosed |= closes || engine.isOutboundDone();
      staging.flip();
      synchronized (this) {
        queued = Math.max(0, queued - taken); // Zero if everything was dropped meanwhile.
      }
      if (staging.hasRemaining()) {
        raw.write(ByteBuffer.allocate(staging.remaining()).put(staging).flip());
      }
    } finally {
      pool.giveBack(staging);
    }
  }

  /**
   * Encrypts until the buffer is full or nothing is left, and returns the number of plain bytes
   * that took.
   */
  private long fill(ByteBuffer staging) throws SSLException {
    int record = engine.getSession().getPacketBufferSize();
    long taken = 0;
    boolean more = true;
    while (more && staging.remaining() >= record) {
      SSLEngineResult result = engine.wrap(gather(), staging);
      taken += result.bytesConsumed();
      release();
      boolean stuck = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
      boolean closed = result.getStatus() == SSLEngineResult.Status.CLOSED;
      if (stuck && !closed && !sending.isEmpty()) {
        throw new SSLException("cannot encrypt: " + result);
      }
      more = !stuck && !closed && (!sending.isEmpty() || engineHasMore());
    }
    if (more && sending.isEmpty()) {
      flushEngineLater();
    }
    return taken;
  }

  private boolean engineHasMore() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
  }

  private synchronized void flushEngineLater() {
    engineWaits = true;
  }

  private ByteBuffer[] gather() {
    if (sending.isEmpty()) {
      return NOTHING;
    }
    ByteBuffer[] sources = new ByteBuffer[Math.min(GATHERED, sending.size())];
    int count = 0;
    for (ByteBuffer buffer : sending) {
      if (count == sources.length) {
        break;
      }
      sources[count++] = buffer;
    }
    return sources;
  }

  private void release() {
    while (!sending.isEmpty() && !sending.peek().hasRemaining()) {
      sending.poll();
    }
  }
}
