package io.libprocess.net.tls;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.TlsSession;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.BufferPool;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.time.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS on top of another channel: it is the handler of that channel, and the channel of the handler
 * above. That handler is made when the handshake has succeeded, so the layers above never see a
 * connection that sends nothing.
 *
 * <h2>Protocol</h2>
 *
 * <pre>
 *   HANDSHAKING --finished--> OPEN --closed, failure--> CLOSED
 *        \--failure, time-out, closed----------------->--/
 * </pre>
 *
 * <p>The state, the input and every call of the handler belong to the thread that calls the raw
 * channel's handler; other threads get there with {@link Transport.Channel#execute}. The output
 * belongs to the thread that writes: see {@link TlsOutput}. The engine allows one thread for each
 * direction. What pauses the raw channel is in {@link InputFlow}.
 *
 * <p>The engine hands out the slow parts of a handshake (signatures, checking certificates) as
 * tasks. They run on the threads for blocking calls; while one runs, the engine is not used, input
 * is kept and reading is paused.
 *
 * <p>An end-of-stream without close_notify is a failure: the stream may have been cut.
 */
final class TlsChannel implements Transport.Channel, Transport.Handler, MemoryBudget.Source {

  /** Receives the result of a handshake; on the polling thread. */
  interface Outcome {
    /** Makes the handler of a channel that may now be used. */
    Transport.Handler opened(Transport.Channel channel);

    /** Reports that there will be no channel. */
    void failed(IOException why);
  }

  private enum State {
    HANDSHAKING,
    OPEN,
    CLOSED
  }

  private final Transport.Channel raw;
  private final SSLEngine engine;
  private final TlsContext tls;
  private final Optional<String> host;
  private final Outcome outcome;
  private final BufferPool pool;
  private final CipherInput input;
  private final HeldMemory memory;
  private final InputFlow flow;
  private final TlsOutput output;

  private volatile boolean dropsInput; // After closeAfterWrites and close.
  private volatile TlsSession session; // Null before the handshake is finished.

  // Used only by the polling thread.
  private State state = State.HANDSHAKING;
  private Transport.Handler handler; // Null while HANDSHAKING.
  private Timer timeLimit;
  private boolean inputEnded; // By close_notify.
  private boolean rawEnded;

  /**
   * Makes the channel on top of an open raw one, on its polling thread.
   *
   * @param host the name of the server if this is the client and knows it
   */
  TlsChannel(
      Transport.Channel raw,
      SSLEngine engine,
      TlsContext tls,
      Optional<String> host,
      Outcome outcome) {
    this.raw = raw;
    this.engine = engine;
    this.tls = tls;
    this.host = host;
    this.outcome = outcome;
    this.pool = tls.buffers();
    this.input = new CipherInput(pool);
    this.memory = new HeldMemory(raw, HeldMemory.ENGINE);
    this.flow = new InputFlow(raw);
    this.output = new TlsOutput(this, raw, engine, pool);
  }

  /** Begins the handshake, with its own limit of time. */
  TlsChannel start() {
    return start(tls.handshakeTimer(() -> raw.execute(this::timeOut)));
  }

  /**
   * Begins the handshake.
   *
   * @param limit the timer that calls {@link #timeOut}, on the polling thread; it is cancelled when
   *     everything is over
   */
  TlsChannel start(Timer limit) {
    timeLimit = limit;
    if (!hasMemory()) {
      return this;
    }
    try {
      tls.configure(engine);
      engine.beginHandshake();
      handshake();
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
    return this;
  }

  /* ------ Any thread ------ */

  @Override
  public NetworkAddress local() {
    return raw.local();
  }

  @Override
  public NetworkAddress remote() {
    return raw.remote();
  }

  @Override
  public Optional<TlsSession> tls() {
    return Optional.ofNullable(session);
  }

  @Override
  public void write(ByteBuffer bytes) {
    output.add(bytes);
  }

  @Override
  public long queued() {
    return output.queued() + raw.queued();
  }

  @Override
  public void pause() {
    flow.pause();
  }

  @Override
  public void resume() {
    if (flow.resume()) {
      raw.execute(this::read); // Bytes that were partly decrypted.
    }
  }

  @Override
  public void end() {
    output.end(WriteQueue.End.SHUT_DOWN);
  }

  @Override
  public void closeAfterWrites() {
    dropsInput = true;
    output.end(WriteQueue.End.CLOSE);
  }

  @Override
  public void close() {
    dropsInput = true;
    output.close();
    raw.close(); // Without a reset: TLS itself shows that the stream is cut.
  }

  @Override
  public void execute(Runnable task) {
    raw.execute(task);
  }

  @Override
  public Transport.Threads threads() {
    return raw.threads();
  }

  @Override
  public MemoryBudget memory() {
    return MemoryBudget.of(raw);
  }

  /* ------ The output's reports, on any thread ------ */

  void drainedOutput() {
    raw.execute(
        () -> {
          if (state == State.OPEN) {
            handler.drained();
          }
        });
  }

  void outputFailed(Exception why) {
    raw.execute(() -> fail(why));
  }

  /* ------ Events of the raw channel ------ */

  @Override
  public void received(ByteBuffer bytes) {
    if (state == State.CLOSED) {
      return;
    }
    input.add(bytes);
    try {
      advance();
    } finally {
      if (state == State.CLOSED) {
        input.release();
      } else {
        input.keep();
      }
    }
    hasMemory();
  }

  /** Counts the held memory. If no memory is left, it fails the connection and returns false. */
  private boolean hasMemory() {
    if (state != State.CLOSED && !memory.holds(input.held())) {
      fail(new SSLException(HeldMemory.NONE_LEFT));
      return false;
    }
    return true;
  }

  @Override
  public void ended() {
    rawEnded = true;
    read();
  }

  @Override
  public void drained() {
    output.drained();
  }

  @Override
  public void outputEnded() {
    handler.outputEnded();
  }

  @Override
  public void closed(Optional<IOException> failure) {
    output.close();
    finish(failure);
  }

  @Override
  public boolean isExpendable() {
    return state == State.HANDSHAKING || state == State.OPEN && handler.isExpendable();
  }

  /* ------ Reading ------ */

  private void read() {
    if (state == State.CLOSED) {
      return;
    }
    advance();
    input.keep();
    if (rawEnded && !inputEnded && !flow.isPaused() && !flow.taskRuns() && state != State.CLOSED) {
      fail(
          new SSLException(
              state == State.HANDSHAKING
                  ? "the peer closes the connection during the handshake"
                  : "the peer closes the connection without close_notify; the end may be missing"));
    }
  }

  private void advance() {
    try {
      if (state == State.HANDSHAKING && !flow.taskRuns()) {
        handshake();
      }
      if (state == State.OPEN) {
        decrypt();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void decrypt() throws SSLException {
    ByteBuffer plain = pool.borrow();
    try {
      while (input.bytes().hasRemaining()
          && !flow.isPaused()
          && !inputEnded
          && state == State.OPEN) {
        boolean more = decryptSome(plain);
        if (plain.position() > 0) {
          deliver(plain.flip());
          plain.clear();
        }
        if (!more) {
          return;
        }
      }
    } finally {
      pool.giveBack(plain);
    }
  }

  /** Decrypts as many records as fit; false if the next one is incomplete. */
  private boolean decryptSome(ByteBuffer plain) throws SSLException {
    while (true) {
      SSLEngineResult result;
      try {
        result = engine.unwrap(input.bytes(), plain);
      } catch (SSLException e) {
        deliver(plain.flip()); // The bytes before the failure are genuine.
        plain.clear();
        throw e;
      }
      HandshakeStatus next = result.getHandshakeStatus();
      if (next == HandshakeStatus.NEED_TASK) {
        throw new SSLException("the peer wants to negotiate again, which is refused");
      }
      if (next == HandshakeStatus.NEED_WRAP) {
        output.flushEngine();
      }
      switch (result.getStatus()) {
        case BUFFER_UNDERFLOW -> {
          return false;
        }
        case BUFFER_OVERFLOW -> {
          return true;
        }
        case CLOSED -> {
          deliver(plain.flip());
          plain.clear();
          endInput();
          return false;
        }
        default -> {
          if (!input.bytes().hasRemaining()) {
            return false;
          }
        }
      }
    }
  }

  private void deliver(ByteBuffer plain) {
    if (plain.hasRemaining() && !dropsInput && state == State.OPEN) {
      handler.received(plain);
    }
  }

  private void endInput() {
    inputEnded = true;
    if (!dropsInput && state == State.OPEN) {
      handler.ended();
    }
  }

  /* ------ The handshake ------ */

  /** Goes on until the handshake is over, or waits for the peer or for a task. */
  private void handshake() throws IOException {
    while (state == State.HANDSHAKING && !output.isBroken()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          runTasks();
          return;
        }
        case NEED_WRAP -> output.flushEngine();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap()) {
            return;
          }
        }
        default -> open();
      }
    }
  }

  /** Takes in one record; false if it is incomplete. */
  private boolean unwrap() throws IOException {
    ByteBuffer plain = pool.borrow();
    try {
      SSLEngineResult result = engine.unwrap(input.bytes(), plain);
      return switch (result.getStatus()) {
        case OK -> true;
        case CLOSED -> throw new SSLException("the peer gives up the handshake");
        default -> false;
      };
    } finally {
      pool.giveBack(plain);
    }
  }

  private void runTasks() throws IOException {
    flow.setTaskRuns(true); // No more input needs to be kept.
    tls.handshakeTasks().run(engine, raw, this::tasksRan);
  }

  private void tasksRan(Throwable thrown) {
    flow.setTaskRuns(false);
    if (thrown != null) {
      fail(new SSLException(thrown));
      return;
    }
    read();
  }

  void timeOut() {
    if (state == State.HANDSHAKING) {
      fail(new SSLException("it was not finished within " + tls.handshakeTimeout()));
    }
  }

  private void open() throws IOException {
    timeLimit.cancel();
    session = TlsEngines.session(engine, host);
    tls.verify(engine);
    handler = outcome.opened(this);
    state = State.OPEN;
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      output.flushEngine();
    }
  }

  /* ------ The end ------ */

  /** Reports the failure to the peer and the handler. */
  private void fail(Exception why) {
    if (state == State.CLOSED) {
      return;
    }
    IOException failure = state == State.HANDSHAKING ? inHandshake(why) : inUse(why);
    dropsInput = true;
    finish(Optional.of(failure));
    output.abort();
  }

  private IOException inHandshake(Exception why) {
    String side = engine.getUseClientMode() ? "Failed to connect to " : "Failed to accept ";
    return TlsFailure.handshake(side + raw.remote() + ": TLS handshake failed", why, host);
  }

  private IOException inUse(Exception why) {
    return new SSLException("TLS with " + raw.remote() + ": " + TlsFailure.reason(why, host), why);
  }

  private void finish(Optional<IOException> failure) {
    if (state == State.CLOSED) {
      return;
    }
    boolean wasOpen = state == State.OPEN;
    state = State.CLOSED;
    timeLimit.cancel();
    input.release();
    memory.close();
    if (wasOpen) {
      handler.closed(failure);
    } else {
      IOException closed = new IOException("the connection was closed during it");
      outcome.failed(failure.orElseGet(() -> inHandshake(closed)));
    }
  }
}
