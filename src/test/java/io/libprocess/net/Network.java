package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ForkJoinScheduler;
import io.libprocess.net.nio.Addresses;
import io.libprocess.net.nio.NioTransport;
import io.libprocess.support.Expect;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A scheduler with two workers and a transport, for tests. */
public final class Network implements AutoCloseable {

  public static final Duration LIMIT = Expect.LIMIT;

  public final ForkJoinScheduler scheduler;
  public final MemoryBudget memory;
  public final Transport transport;
  public final BlockingQueue<Recorder> accepted = new LinkedBlockingQueue<>();

  public Network(int loops) {
    this(loops, Clock.system());
  }

  public Network(int loops, Clock clock) {
    this(loops, clock, MemoryBudget.ofHeap());
  }

  public Network(int loops, Clock clock, MemoryBudget memory) {
    this.memory = memory;
    scheduler = newScheduler(clock);
    transport = new NioTransport(scheduler, loops, memory);
  }

  public static ForkJoinScheduler newScheduler(Clock clock) {
    return new ForkJoinScheduler("test", 2, false, clock, Duration.ofSeconds(60), (t, c) -> {})
        .start();
  }

  /** Listens on a free port; each accepted connection gets a new handler of that kind. */
  public Transport.Listener listen(Recorder.Kind kind) throws IOException {
    return listen(Address.loopback(0), kind);
  }

  public Transport.Listener listen(NetworkAddress address, Recorder.Kind kind) throws IOException {
    return transport.listen(
        address,
        1024,
        channel -> {
          Recorder recorder = kind.create(channel);
          accepted.add(recorder);
          return recorder;
        });
  }

  public Recorder connect(NetworkAddress address, Recorder.Kind kind) {
    Recorder[] made = new Recorder[1];
    Transport.Channel channel =
        await(transport.connect(address, opened -> made[0] = kind.create(opened)));
    assertEquals(made[0].channel, channel);
    return made[0];
  }

  public static <T> T await(Future<T> future) {
    return Expect.ready(future);
  }

  public static void await(CountDownLatch latch) {
    Expect.opened(latch);
  }

  public Recorder nextAccepted() throws InterruptedException {
    return Expect.next(accepted);
  }

  /** A blocking connection that knows nothing of the transport. */
  public static Socket dial(NetworkAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout((int) LIMIT.toMillis());
    socket.connect(Addresses.toSystem(address));
    return socket;
  }

  /** Waits until every loop has let go of the descriptors of the channels closed so far. */
  public void releaseDescriptors(int loops) throws IOException {
    for (int i = 0; i < loops; i++) {
      listen(Recorder::new).close(); // Listeners are given to the loops in turn.
    }
  }

  public static List<Thread> threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .toList();
  }

  @Override
  public void close() {
    transport.close();
    scheduler.close();
  }
}
