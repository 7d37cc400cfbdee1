package io.libprocess.world;

import io.libprocess.internal.Log;
import io.libprocess.internal.scheduler.OneTask;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Transport;
import io.libprocess.net.nio.SchedulerThreads;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;

/** One end of a connection within a world. Output is at the other end at once. */
final class MemoryChannel implements Transport.Channel {

  private static final int HIGH = 64 * 1024;

  private final World world;
  private final World.Host host;
  private final NetworkAddress local;
  private final NetworkAddress remote;
  private final Queue<byte[]> input = new ArrayDeque<>();

  private MemoryChannel peer;
  private Transport.Handler handler; // Null until it is open.
  private long queued;
  private boolean wasHigh;
  private boolean scheduled; // A task is to look at the input.
  private boolean paused;
  private boolean outputEnded;
  private boolean peerEnded;
  private boolean inputEnded; // The handler knows.
  private boolean closed;

  MemoryChannel(World world, World.Host host, NetworkAddress local, NetworkAddress remote) {
    this.world = world;
    this.host = host;
    this.local = local;
    this.remote = remote;
  }

  void connect(MemoryChannel other) {
    peer = other;
  }

  void open(Function<Transport.Channel, Transport.Handler> makeHandler) {
    if (!closed) {
      handler = makeHandler.apply(this);
      look();
    }
  }

  private void look() {
    if (!scheduled && !closed && handler != null) {
      scheduled = true;
      host.scheduler().ready(new OneTask(this::deliver));
    }
  }

  /** Gives the handler what was written at once, or the end. */
  private void deliver() {
    scheduled = false;
    if (closed || paused) {
      return;
    }
    byte[] bytes = input.poll();
    if (bytes != null) {
      world.note(
          (host + " deliver " + remote + "->" + local + " " + bytes.length + "B ")
              + Integer.toHexString(Arrays.hashCode(bytes)));
      peer.taken(bytes.length);
      call(() -> handler.received(ByteBuffer.wrap(bytes)));
      look();
    } else if (peerEnded && !inputEnded) {
      inputEnded = true;
      world.note(host + " end " + remote + "->" + local);
      call(handler::ended);
      closeIfBothEnded();
    }
  }

  private void taken(int count) {
    queued -= count;
    if (queued == 0 && wasHigh && !closed) {
      wasHigh = false;
      execute(handler::drained);
    }
  }

  private void call(Runnable body) {
    try {
      body.run();
    } catch (Throwable thrown) {
      Log.error("A handler threw", thrown);
      close();
    }
  }

  private void closeIfBothEnded() {
    if (outputEnded && inputEnded) {
      close();
    }
  }

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
    if (!outputEnded && !closed && bytes.hasRemaining()) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      queued += copy.length;
      wasHigh |= queued > HIGH;
      peer.input.add(copy);
      peer.look();
    }
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
    look();
  }

  @Override
  public void end() {
    if (!outputEnded && !closed) {
      outputEnded = true;
      peer.peerEnded = true;
      peer.look();
      closeIfBothEnded();
    }
  }

  @Override
  public void closeAfterWrites() {
    close(); // What was written is with the other end.
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (peer != null) {
        peer.peerEnded = true;
        peer.look();
      }
      host.scheduler()
          .ready(
              new OneTask(
                  () -> {
                    if (handler != null) {
                      handler.closed(Optional.empty());
                    }
                  }));
    }
  }

  @Override
  public void execute(Runnable task) {
    host.scheduler()
        .ready(
            new OneTask(
                () -> {
                  if (!closed) {
                    call(task);
                  }
                }));
  }

  @Override
  public Transport.Threads threads() {
    return new SchedulerThreads(host.scheduler());
  }
}
