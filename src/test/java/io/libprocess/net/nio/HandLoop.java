package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ThreadContext;
import io.libprocess.net.Address;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.time.ClockDriver;
import io.libprocess.time.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An event loop without threads: its test runs each round, and what that makes ready, on the test's
 * own thread and by a clock of its own. The sockets are real, but its selectors never wait.
 */
final class HandLoop implements AutoCloseable {

  final List<RestlessSelector> selectors = new ArrayList<>();
  final OpenConnections connections = new OpenConnections(MemoryBudget.ofHeap());
  final EventLoop loop;

  /** Called before each selector is opened. */
  RestlessSelector.Beginning opening = () -> {};

  private final HandTime time = new HandTime();
  private final ClockDriver driver = new ClockDriver(time, () -> {});
  private final HandScheduler scheduler = new HandScheduler(driver.clock());
  private final HandScheduler.Polled polled;
  private int failedRounds;

  HandLoop() throws IOException {
    ThreadContext.bindClock(driver.clock());
    loop = new EventLoop(scheduler, this::open, new BufferPool(8), connections);
    loop.start();
    polled = scheduler.polled.get(0);
  }

  private RestlessSelector open() throws IOException {
    opening.run();
    RestlessSelector selector = new RestlessSelector();
    selectors.add(selector);
    return selector;
  }

  /** The selector that the loop uses now. */
  RestlessSelector selector() {
    return selectors.get(selectors.size() - 1);
  }

  /** Lets the loop poll once, and then does what became ready; false if the loop has ended. */
  boolean round() {
    boolean goesOn = poll();
    runReady();
    return goesOn;
  }

  /** Does what became ready, such as sending what was written. */
  void runReady() {
    scheduler.runAll();
  }

  /** Lets the loop poll once; false if it has ended. It goes on if that throws. */
  boolean poll() {
    try {
      return polled.poll();
    } catch (RuntimeException | Error thrown) {
      failedRounds++;
      return true;
    }
  }

  /** Lets the loop poll once, with a selection that fails. */
  void replaceSelector() {
    selector().beginning =
        () -> {
          throw new IOException("on purpose");
        };
    poll();
  }

  /** Runs a task of the loop in the next round. */
  void run(CheckedRunnable task) {
    Promise<Void> done = new Promise<>();
    loop.execute(
        () -> {
          try {
            task.run();
            done.set(null);
          } catch (Throwable thrown) {
            done.fail(thrown);
          }
        });
    round();
    if (done.future().isFailed()) {
      throw new AssertionError(done.future().failure());
    }
    assertTrue(done.future().isReady());
  }

  /** Lets the loop poll a few times, so that what is on its way within this machine arrives. */
  void rounds() {
    for (int i = 0; i < 10; i++) {
      round();
    }
  }

  /** Lets time pass, and the timers that are due run. */
  void pass(Duration duration) {
    time.nanos += duration.toNanos();
    while (driver.runNext()) {}
    rounds();
  }

  /** The number of timers that wait. */
  int timers() {
    return driver.clock().timers();
  }

  /** Makes the loop watch an endpoint. */
  void add(Selectable endpoint) {
    run(() -> loop.add(endpoint));
  }

  /** Connects two of the JDK's channels. */
  static Sockets connectSockets() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.setOption(StandardSocketOptions.SO_RCVBUF, 2 << 20);
      server.bind(new InetSocketAddress(Address.loopback(0).ip(), 0));
      SocketChannel peer = SocketChannel.open(server.getLocalAddress());
      SocketChannel socket = server.accept();
      socket.configureBlocking(false);
      return new Sockets(peer, socket);
    }
  }

  /** Connects two of the JDK's channels by a file. */
  static Sockets connectLocalSockets(Path path) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      SocketChannel peer = SocketChannel.open(address);
      SocketChannel socket = server.accept();
      socket.configureBlocking(false);
      return new Sockets(peer, socket);
    }
  }

  /** Both ends of a connection. */
  record Sockets(SocketChannel peer, SocketChannel socket) {}

  /** Makes a channel of the loop, and one of the JDK's that is connected to it. */
  Connected connect(Recorder.Kind kind) throws IOException {
    return open(connectSockets(), kind);
  }

  /** Makes a channel of the loop. */
  Connected open(Sockets sockets, Recorder.Kind kind) {
    Recorder[] handler = new Recorder[1];
    run(() -> handler[0] = openChannel(sockets.socket, kind));
    return new Connected(sockets.peer, sockets.socket, handler[0]);
  }

  private Recorder openChannel(SocketChannel socket, Recorder.Kind kind) throws IOException {
    Recorder[] made = new Recorder[1];
    new NioChannel(loop, socket).open(channel -> made[0] = kind.create(channel));
    return made[0];
  }

  /** A peer that blocks, the socket of a channel, and the handler of that. */
  record Connected(SocketChannel peer, SocketChannel socket, Recorder handler) {

    Transport.Channel channel() {
      return handler.channel;
    }
  }

  /** The interest in a socket's operations; -1 if the selector does not watch it. */
  int interest(SocketChannel socket) {
    return selector().keys().stream()
        .filter(key -> key.channel() == socket && key.isValid())
        .mapToInt(SelectionKey::interestOps)
        .findAny()
        .orElse(-1);
  }

  /** How often polling has thrown something. */
  int failedRounds() {
    return failedRounds;
  }

  /** How often the loop has asked that another thread polls. */
  int takeOvers() {
    return scheduler.takeOvers;
  }

  @Override
  public void close() {
    loop.close();
    while (!loop.hasEnded() && round()) {}
    ThreadContext.bindClock(null);
    driver.close();
  }

  private static final class HandTime implements TimeSource {

    private long nanos;

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    public Instant wallTime() {
      return Instant.EPOCH.plusNanos(nanos);
    }
  }
}
