package io.libprocess.http.http1;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.TlsSession;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's end of a connection, with the peer controlled by the test. Output is sent at once
 * unless the peer is made slow. As on a real channel, a paused one delivers nothing.
 */
public final class FakeChannel implements Transport.Channel, MemoryBudget.Source {

  private static final long HIGH_WATER = 64 * 1024;

  public Transport.Handler handler;

  private final MemoryBudget memory;

  private final StringBuilder sent = new StringBuilder();
  private boolean slow;
  private boolean high;
  private long queued;
  private List<Runnable> held; // Null if tasks run at once.
  private boolean paused;
  private boolean outputEnds;
  private boolean closesAfterWrites;
  private boolean closed;
  private boolean wasReset;
  private int writes;
  private TlsSession session; // Null if it is not encrypted.
  private Error flaw; // Null unless writing throws.

  public FakeChannel() {
    this(MemoryBudget.unlimited());
  }

  public FakeChannel(MemoryBudget memory) {
    this.memory = memory;
  }

  /* ------ The channel ------ */

  @Override
  public MemoryBudget memory() {
    return memory;
  }

  @Override
  public Address local() {
    return Address.loopback(80);
  }

  @Override
  public Address remote() {
    return Address.loopback(12345);
  }

  @Override
  public Optional<TlsSession> tls() {
    return Optional.ofNullable(session);
  }

  @Override
  public synchronized void write(ByteBuffer bytes) {
    if (closed || closesAfterWrites || outputEnds) {
      return;
    }
    if (flaw != null) {
      throw flaw;
    }
    writes++;
    if (slow) {
      queued += bytes.remaining();
      high |= queued > HIGH_WATER;
    }
    sent.append(StandardCharsets.ISO_8859_1.decode(bytes));
  }

  @Override
  public synchronized long queued() {
    return queued;
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
  }

  @Override
  public synchronized void end() {
    outputEnds = true;
  }

  @Override
  public synchronized void closeAfterWrites() {
    closesAfterWrites = true;
  }

  @Override
  public void close() {
    close(Optional.empty());
  }

  @Override
  public void execute(Runnable task) {
    if (held != null) {
      held.add(task);
    } else if (!isClosed()) {
      task.run();
    }
  }

  /** Keeps tasks until {@link #runHeld} from now on, as an event loop with other work does. */
  public void holdTasks() {
    held = new ArrayList<>();
  }

  /** Runs the tasks that are kept by now. */
  public void runHeld() {
    List<Runnable> now = held;
    held = new ArrayList<>();
    now.forEach(Runnable::run);
  }

  @Override
  public Transport.Threads threads() {
    throw new UnsupportedOperationException("nothing runs here");
  }

  private void close(Optional<IOException> failure) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    if (handler != null) {
      handler.closed(failure);
    }
  }

  /** As if it were encrypted. */
  public FakeChannel withTls(TlsSession made) {
    session = made;
    return this;
  }

  /** Makes writing throw from now on, as if memory had run out. */
  public synchronized void breakWrites(Error thrown) {
    flaw = thrown;
  }

  /* ------ The peer ------ */

  /** Sends text in ISO 8859-1. */
  public void receive(String text) {
    if (isPaused()) {
      throw new IllegalStateException("reading is paused");
    }
    receiveAlthoughPaused(text);
  }

  /** As {@link #receive}, for when reading is paused at the same moment. */
  public void receiveAlthoughPaused(String text) {
    receiveAlthoughPaused(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void receiveAlthoughPaused(byte[] bytes) {
    synchronized (this) {
      if (closed || closesAfterWrites) {
        return;
      }
    }
    handler.received(ByteBuffer.wrap(bytes));
  }

  /** Sends an end-of-stream. */
  public void receiveEnd() {
    handler.ended();
  }

  /** Breaks the connection, from either side. */
  @Override
  public void reset() {
    synchronized (this) {
      wasReset |= !closed;
    }
    close(Optional.of(new IOException("Connection reset by peer")));
  }

  /** Makes the peer stop taking output. */
  public synchronized void becomeSlow() {
    slow = true;
  }

  /** Takes all output sent meanwhile; stays slow. */
  public void drain() {
    boolean tell;
    synchronized (this) {
      tell = high;
      high = false;
      queued = 0;
    }
    if (tell) {
      handler.drained();
    }
  }

  /** The output since the last call. */
  public synchronized String takeSent() {
    String text = sent.toString();
    sent.setLength(0);
    return text;
  }

  public synchronized int writes() {
    return writes;
  }

  public synchronized boolean isPaused() {
    return paused;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  public synchronized boolean wasReset() {
    return wasReset;
  }

  public synchronized boolean closesAfterWrites() {
    return closesAfterWrites;
  }

  public synchronized boolean endsOutput() {
    return outputEnds;
  }
}
