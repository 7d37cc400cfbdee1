package io.libprocess.simulation.network;

import io.libprocess.internal.Log;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.simulation.engine.Hash;
import io.libprocess.simulation.engine.StepTrace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * One end of a connection. Its task tells the handler one thing in each step: what was asked to be
 * executed first, then what has arrived, in order.
 *
 * <pre>
 *   OPEN --close, reset, failure------------------------------> CLOSED
 *     \--closeAfterWrites--> DISCARDING --all sent, and the other end closed, or 2 s--> CLOSED
 * </pre>
 */
public final class SimulatedChannel implements Transport.Channel, MemoryBudget.Source {

  private static final int HIGH = 64 * 1024;
  private static final int LONGEST_METHOD = 8; // Of those that are shown.
  private static final int LONGEST_TARGET = 100;
  private static final int LARGEST = 64 * 1024; // Of what is delivered or sent together.
  private static final long LINGERING = 2_000_000_000L;
  private static final long ROOM_AGAIN = 50_000; // Nanoseconds.

  private final SimulatedNetwork network;
  private final SimulatedTransport transport;
  private final NetworkAddress local;
  private final NetworkAddress remote;
  private final long serial;
  private final ChannelTask task = new ChannelTask();
  private final Deque<Runnable> calls = new ArrayDeque<>(); // What the handler is to be told.
  private final Deque<byte[]> input = new ArrayDeque<>();
  private final Deque<byte[]> output = new ArrayDeque<>();

  private SimulatedChannel peer;
  private SegmentQueue sending;
  private SegmentQueue receiving;
  private Runnable opening; // What makes the handler.
  private Transport.Handler handler; // Null until it is made.
  private long queued; // Bytes in the output.
  private boolean wasHigh;
  private boolean flushPlanned;
  private boolean paused;
  private boolean ending; // The output is to be ended,
  private boolean ended; // and has been.
  private boolean outputEndTold; // The handler knows that it has.
  private boolean inputEnded; // The handler knows, or need not.
  private boolean discarding;
  private boolean closed;

  SimulatedChannel(
      SimulatedTransport transport, NetworkAddress local, NetworkAddress remote, long serial) {
    this.network = transport.network();
    this.transport = transport;
    this.local = local;
    this.remote = remote;
    this.serial = serial;
  }

  void connect(SimulatedChannel other, SegmentQueue out, SegmentQueue in) {
    peer = other;
    sending = out;
    receiving = in;
  }

  /** Opens it: the handler is made by the first step, also if it is closed before. */
  void open(Runnable makeHandler) {
    network.opened(this);
    opening = makeHandler;
    calls.add(makeHandler);
    task.schedule();
  }

  void handler(Transport.Handler made) {
    handler = made;
  }

  int host() {
    return transport.host();
  }

  int peerHost() {
    return peer.host();
  }

  /** How long something is on its way to the other end that is sent now. */
  long latency() {
    return network.latency(host(), peer.host(), remote);
  }

  /** Whether its host has failed, or another one runs in its place. */
  boolean isLost() {
    return transport.isLost();
  }

  /** The engine that runs its steps. */
  public final class ChannelTask extends Task {

    private static final long serialVersionUID = 1L;

    private transient boolean scheduled;

    private void schedule() {
      if (!scheduled && hasWork()) {
        scheduled = true;
        transport.scheduler().ready(this);
      }
    }

    @Override
    protected void run(RunLoop loop) {
      scheduled = false;
      try {
        step();
      } finally {
        loop.eventServed();
        schedule();
      }
    }

    @Override
    protected void dropped() {
      scheduled = false;
      for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
        call(call);
      }
    }

    /** A number for what is told next. */
    public long identity() {
      byte[] bytes = calls.isEmpty() ? input.peek() : null;
      return bytes == null ? serial : Hash.of(bytes, serial);
    }

    /** Whether what is told next is that the other end will send no more. */
    public boolean tellsEnd() {
      return calls.isEmpty() && input.peek() == SegmentQueue.END;
    }

    /** The channel and what is told next, for people. */
    public Object description() {
      byte[] bytes = calls.isEmpty() ? input.peek() : null;
      return bytes == null || bytes == SegmentQueue.END
          ? SimulatedChannel.this
          : new Delivered(SimulatedChannel.this, bytes.length, request(bytes));
    }
  }

  /** What is delivered; with the method and target of a request that begins there. */
  private record Delivered(SimulatedChannel channel, int bytes, String request) {
    @Override
    public String toString() {
      return channel + " " + bytes + "B" + request;
    }
  }

  private static String request(byte[] bytes) {
    int method = 0;
    while (method < Math.min(bytes.length, LONGEST_METHOD) && isCapital(bytes[method])) {
      method++;
    }
    if (method == 0 || method == bytes.length || bytes[method] != ' ') {
      return "";
    }
    int end = method + 1;
    while (end < Math.min(bytes.length, LONGEST_TARGET) && bytes[end] > ' ') {
      end++;
    }
    return " " + new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  private static boolean isCapital(byte one) {
    return one >= 'A' && one <= 'Z';
  }

  private boolean hasWork() {
    return !calls.isEmpty() || !paused && !closed && handler != null && !input.isEmpty();
  }

  private void step() {
    Runnable call = calls.poll();
    if (call != null) {
      call(call);
    } else if (!paused && !closed && handler != null) {
      byte[] bytes = input.poll();
      if (bytes == SegmentQueue.END) {
        inputEnded = true;
        call(handler::ended);
        closeIfBothEnded();
      } else if (bytes != null) {
        receiving.read(bytes.length);
        call(() -> handler.received(ByteBuffer.wrap(bytes)));
        if (!closed && network.breaksNow(peer.host(), host())) {
          breakBoth();
        }
      }
    }
  }

  private void call(Runnable body) {
    try {
      body.run();
    } catch (Throwable thrown) {
      Log.error(() -> "The handler of " + this + " threw", thrown);
      close();
    }
  }

  /* ------ From the network ------ */

  boolean isClosed() {
    return closed;
  }

  /** Whether bytes cannot be taken, because this end is closed. */
  boolean refuses(byte[] bytes) {
    return closed && bytes != SegmentQueue.END;
  }

  void arrived(byte[] bytes) {
    if (closed) {
      return;
    }
    if (discarding) {
      receiving.read(bytes.length);
      if (bytes == SegmentQueue.END) {
        inputEnded = true;
        closeIfBothEnded();
      }
      return;
    }
    input.add(bytes);
    task.schedule();
  }

  /** The connection is broken, which this end learns now. */
  void fail(String reason) {
    if (!closed && !isLost()) {
      network.engine().note(StepTrace.Kind.RESET, network.name(host()), serial, this);
      shut(Optional.of(new IOException(reason + ": " + remote)));
    }
  }

  /** Breaks the connection; both ends learn it at once. */
  void breakBoth() {
    sending.breakOff();
    receiving.breakOff();
    fail("Connection reset by peer");
    peer.fail("Connection reset by peer");
  }

  void forgetDelay() {
    sending.forgetDelay();
    receiving.forgetDelay(); // The other end may be closed, and its end on its way.
  }

  /* ------ Writing ------ */

  @Override
  public void write(ByteBuffer bytes) {
    network.engine().check("something was written");
    if (ending || discarding || closed || !bytes.hasRemaining()) {
      return;
    }
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    output.add(copy);
    queued += copy.length;
    wasHigh |= queued > HIGH;
    if (!flushPlanned) {
      flushPlanned = true;
      RunLoop.atEnd(this::flush);
    }
  }

  private void flush() {
    flushPlanned = false;
    pump();
  }

  /** Sends what there is room for. */
  void pump() {
    if (closed && !discarding || flushPlanned) {
      return;
    }
    while (queued > 0) {
      int most = (int) Math.min(Math.min(queued, LARGEST), sending.room());
      if (most <= 0) {
        sending.isFull();
        return;
      }
      boolean full = most > 1 && network.engine().happens("network.full-queue");
      byte[] next = takeOutput(full ? 1 : network.cut(most, host(), peer.host()));
      queued -= next.length;
      sending.send(next);
      if (full) { // The rest waits, as if the system had taken no more.
        network.engine().at(network.engine().time() + ROOM_AGAIN, this::pump);
        return;
      }
    }
    if (wasHigh && !closed) {
      wasHigh = false;
      execute(() -> handler.drained());
    }
    if (ending && !ended) {
      ended = true;
      sending.send(SegmentQueue.END);
      if (discarding) {
        network.engine().at(network.engine().time() + LINGERING, this::close);
      } else {
        execute(this::tellOutputEnded);
      }
      closeIfBothEnded();
    }
  }

  private byte[] takeOutput(int count) {
    byte[] first = output.peek();
    if (first.length == count) {
      return output.poll();
    }
    byte[] taken = new byte[count];
    for (int at = 0; at < count; ) {
      byte[] next = output.poll();
      int fits = Math.min(next.length, count - at);
      System.arraycopy(next, 0, taken, at, fits);
      at += fits;
      if (fits < next.length) {
        output.addFirst(Arrays.copyOfRange(next, fits, next.length));
      }
    }
    return taken;
  }

  /* ------ The end ------ */

  private void tellOutputEnded() {
    outputEndTold = true;
    handler.outputEnded();
    closeIfBothEnded();
  }

  private void closeIfBothEnded() {
    if (ended && (outputEndTold || discarding) && inputEnded && !closed) {
      shut(Optional.empty());
    }
  }

  @Override
  public void end() {
    network.engine().check("the end was written");
    if (!ending && !closed) {
      ending = true;
      pump();
    }
  }

  @Override
  public void closeAfterWrites() {
    network.engine().check("a channel was closed");
    if (closed || discarding) {
      return;
    }
    discarding = true;
    boolean hadEnd = input.contains(SegmentQueue.END);
    dropInput();
    inputEnded |= hadEnd;
    ending = true;
    flushPlanned = false;
    pump();
    closeIfBothEnded();
  }

  @Override
  public void close() {
    network.engine().check("a channel was closed");
    if (closed) {
      return;
    }
    boolean unread = input.stream().anyMatch(bytes -> bytes != SegmentQueue.END);
    if (unread && !discarding) {
      reset();
      return;
    }
    if (!ended) {
      ended = true;
      sending.send(SegmentQueue.END); // What has not been sent is dropped.
    }
    shut(Optional.empty());
  }

  @Override
  public void reset() {
    network.engine().check("a channel was reset");
    if (!closed) {
      sending.breakOff();
      network.sendReset(this, peer, false);
      shut(Optional.empty());
    }
  }

  private void shut(Optional<IOException> failure) {
    closed = true;
    network.closed(this);
    transport.closed(this);
    dropInput();
    output.clear();
    queued = 0;
    boolean unopened = calls.contains(opening);
    calls.clear();
    if (unopened) {
      calls.add(opening);
    }
    calls.add(
        () -> {
          if (handler != null) {
            handler.closed(failure);
          }
        });
    task.schedule();
  }

  private void dropInput() {
    int bytes = 0;
    for (byte[] segment = input.poll(); segment != null; segment = input.poll()) {
      bytes += segment.length;
    }
    if (bytes > 0) {
      receiving.read(bytes);
    }
  }

  /* ------ The rest ------ */

  @Override
  public NetworkAddress local() {
    return local;
  }

  @Override
  public NetworkAddress remote() {
    return remote;
  }

  @Override
  public long queued() {
    return queued;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    task.schedule();
  }

  @Override
  public void execute(Runnable body) {
    network.engine().check("a channel was given something to execute");
    if (!closed) {
      calls.add(body);
      task.schedule();
    }
  }

  @Override
  public Transport.Threads threads() {
    return transport.threads();
  }

  @Override
  public MemoryBudget memory() {
    return transport.memory();
  }

  @Override
  public String toString() {
    return remote + "→" + local;
  }
}
