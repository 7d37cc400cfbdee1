package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.CheckedRunnable;
import io.libprocess.future.Promise;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.internal.scheduler.ForkJoinScheduler;
import io.libprocess.net.Address;
import io.libprocess.net.Network;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EventLoopTest {

  private final ForkJoinScheduler scheduler = Network.newScheduler(Clock.system());
  private final List<Selector> selectors = new CopyOnWriteArrayList<>();
  private final List<EventLoop> loops = new ArrayList<>();
  private final LogCapture log = new LogCapture();

  @AfterEach
  void closeLoops() throws InterruptedException {
    for (EventLoop loop : loops) {
      loop.close();
      assertTrue(loop.awaitReleased(Network.LIMIT.toMillis()));
    }
    scheduler.close();
    log.close();
  }

  /**
   * Awaits the only warning with a text. A worker that polls does not wait until its line is
   * logged, so that lines of tests before may come late, too.
   */
  private void assertWarned(String part) throws InterruptedException {
    log.await(part);
    assertEquals(1, log.warnings().stream().filter(text -> text.contains(part)).count());
  }

  private EventLoop start(EventLoop.SelectorSource source) throws IOException {
    EventLoop loop =
        new EventLoop(
            scheduler,
            () -> {
              Selector selector = source.open();
              selectors.add(selector);
              return selector;
            },
            new BufferPool(8),
            new OpenConnections(MemoryBudget.ofHeap()));
    loops.add(loop);
    loop.start();
    return loop;
  }

  /** Listens on a free port with handlers that echo. */
  private static Acceptor listen(EventLoop loop, Accept accept) throws Exception {
    return listen(loop, accept, Recorder::echo);
  }

  private static Acceptor listen(EventLoop loop, Accept accept, Recorder.Kind kind)
      throws Exception {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.configureBlocking(false);
    server.bind(new InetSocketAddress(Address.loopback(0).ip(), 0));
    Acceptor acceptor =
        new Acceptor(
            loop,
            server,
            () -> accept.from(server),
            socket -> {
              try {
                socket.configureBlocking(false);
                new NioChannel(loop, socket).open(kind::create);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    run(loop, () -> loop.add(acceptor));
    return acceptor;
  }

  /** Runs a task on the loop, and waits for it. */
  private static void run(EventLoop loop, CheckedRunnable task) {
    Promise<Void> done = new Promise<>();
    assertTrue(
        loop.execute(
            () -> {
              try {
                task.run();
                done.set(null);
              } catch (Exception e) {
                done.fail(e);
              }
            }));
    Expect.ready(done.future());
  }

  private interface Accept {
    SocketChannel from(ServerSocketChannel server) throws IOException;
  }

  private static void exchange(Socket peer) throws IOException {
    peer.getOutputStream().write('x');
    assertEquals('x', peer.getInputStream().read());
  }

  @Test
  void execute_runsOnTheLoopAndIsRefusedAfterTheEnd() throws Exception {
    EventLoop loop = start(Selector::open);
    CountDownLatch ran = new CountDownLatch(1000);
    for (int i = 0; i < 1000; i++) {
      assertTrue(loop.execute(ran::countDown));
    }
    Network.await(ran);
    loop.close();
    assertTrue(loop.awaitReleased(Network.LIMIT.toMillis()));

    assertFalse(loop.execute(() -> {}));
  }

  @Test
  void execute_racingWithTheEndRunsOrRefusesEachTask() throws Exception {
    for (int i = 0; i < 100; i++) {
      EventLoop loop = start(Selector::open);
      AtomicInteger ran = new AtomicInteger();
      AtomicInteger refused = new AtomicInteger();
      Thread adder =
          new Thread(
              () -> {
                for (int n = 0; n < 1000; n++) {
                  if (!loop.execute(ran::incrementAndGet)) {
                    refused.incrementAndGet();
                  }
                }
              });
      adder.start();
      loop.close();
      adder.join();
      assertTrue(loop.awaitReleased(Network.LIMIT.toMillis()));
      assertEquals(1000, ran.get() + refused.get());
    }
  }

  @Test
  void selector_thatIsBrokenIsReplacedWithItsConnections() throws Exception {
    EventLoop loop = start(Selector::open);
    Acceptor acceptor = listen(loop, ServerSocketChannel::accept);
    try (Socket early = Network.dial(acceptor.address())) {
      exchange(early);
      selectors.get(0).close();

      exchange(early);
      try (Socket late = Network.dial(acceptor.address())) {
        exchange(late);
      }
    }
    assertEquals(2, selectors.size());
    assertWarned("The selector failed and was replaced");
  }

  /** As if there were no memory for its key. */
  @Test
  void acceptor_thatCannotBeRegisteredWithANewSelectorKeepsItsPort() throws Exception {
    AtomicReference<ServerSocketChannel> port = new AtomicReference<>();
    EventLoop loop =
        start(
            () -> {
              if (port.get() != null) { // The old selector is closed, and has no keys any more.
                port.get().configureBlocking(true);
              }
              return Selector.open();
            });
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              port.set(server);
              return server.accept();
            });
    try (Socket early = Network.dial(acceptor.address())) {
      exchange(early);
      selectors.get(0).close();
      assertWarned("cannot be watched with the new selector");
      try (Socket late = Network.dial(acceptor.address())) {
        port.get().configureBlocking(false);
        exchange(late);
      }
      exchange(early);
    }
  }

  @Test
  void selector_thatReturnsWithoutReasonIsReplaced() throws Exception {
    RestlessSelector restless = new RestlessSelector();
    CountDownLatch replaced = new CountDownLatch(1);
    EventLoop loop =
        start(
            () -> {
              if (selectors.isEmpty()) {
                return restless;
              }
              replaced.countDown();
              return Selector.open();
            });

    Network.await(replaced);
    Acceptor acceptor = listen(loop, ServerSocketChannel::accept);
    try (Socket peer = Network.dial(acceptor.address())) {
      exchange(peer);
    }
    assertEquals(512, restless.waits.get());
    assertWarned("The selector keeps returning without reason and is replaced");
  }

  @Test
  void accept_thatFailsIsTriedAgainAndLoggedOnce() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger tries = new AtomicInteger();
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              if (tries.incrementAndGet() <= 3) {
                throw new IOException("Too many open files");
              }
              return server.accept();
            });

    try (Socket peer = Network.dial(acceptor.address());
        Socket another = Network.dial(acceptor.address())) {
      exchange(peer);
      exchange(another);
    }

    assertTrue(tries.get() < 20, () -> tries + " tries");
    assertWarned(acceptor.address().toString());
  }

  /** It is registered without interest until it tries again. */
  @Test
  void acceptor_thatRestsOutlivesItsSelector() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger failures = new AtomicInteger(2);
    AtomicBoolean works = new AtomicBoolean();
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              if (!works.get()) {
                if (failures.decrementAndGet() == 0) {
                  selectors.get(0).close();
                }
                throw new IOException("Too many open files");
              }
              return server.accept();
            });
    try (Socket peer = Network.dial(acceptor.address())) {
      log.await("The selector failed and was replaced");
      works.set(true);
      exchange(peer);
    }
  }

  @Test
  void close_ofAListenerKeepsTheInterrupt() throws Exception {
    Acceptor acceptor = listen(start(Selector::open), ServerSocketChannel::accept);
    Thread.currentThread().interrupt();
    acceptor.close();
    assertTrue(Thread.interrupted());
  }

  @Test
  void accept_restsBetweenTries() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger tries = new AtomicInteger();
    AtomicBoolean works = new AtomicBoolean();
    CountDownLatch failed = new CountDownLatch(1);
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              tries.incrementAndGet();
              if (!works.get()) {
                failed.countDown();
                throw new IOException("Too many open files");
              }
              return server.accept();
            });
    try (Socket peer = Network.dial(acceptor.address())) {
      Expect.opened(failed);
      long start = System.nanoTime();
      Thread.sleep(500); // All that time there is a connection to be accepted.
      long rests = (System.nanoTime() - start) / 100_000_000;

      assertTrue(tries.get() <= 3 + 2 * rests, () -> tries + " tries in " + rests + " rests");
      works.set(true);
      exchange(peer);
    }
  }

  @Test
  void accept_thatFailsHasTheMostSilentConnectionClosedThatMayBe() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger toFail = new AtomicInteger();
    List<Recorder> accepted = new CopyOnWriteArrayList<>();
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              SocketChannel socket = server.accept();
              if (socket != null && toFail.getAndDecrement() > 0) {
                socket.close();
                throw new IOException("Too many open files");
              }
              return socket;
            },
            channel -> {
              boolean expendable = accepted.size() % 2 == 1;
              Recorder echo = new Expendable(channel, expendable);
              accepted.add(echo);
              return echo;
            });

    List<Socket> peers = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        peers.add(Network.dial(acceptor.address()));
        exchange(peers.get(i));
      }
      exchange(peers.get(1)); // Now the fourth is the most silent of those that may be closed.
      toFail.set(1);
      peers.add(Network.dial(acceptor.address()));

      assertEquals(-1, peers.get(3).getInputStream().read());
      for (int i : new int[] {0, 1, 2, 4, 5}) {
        exchange(peers.get(i));
      }
      peers.add(Network.dial(acceptor.address()));
      exchange(peers.get(7));
    } finally {
      for (Socket peer : peers) {
        peer.close();
      }
    }
  }

  private static final class Expendable extends Recorder {
    private final boolean expendable;

    Expendable(Transport.Channel channel, boolean expendable) {
      super(channel);
      this.expendable = expendable;
    }

    @Override
    public void onReceived(ByteBuffer data) {
      channel.write(copy(data));
    }

    @Override
    public boolean isExpendable() {
      return expendable;
    }
  }

  @Test
  void handler_thatCannotBeMadeCostsNotThePort() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger connections = new AtomicInteger();
    Acceptor acceptor =
        listen(
            loop,
            ServerSocketChannel::accept,
            channel -> {
              if (connections.incrementAndGet() <= 2) {
                throw new OutOfMemoryError("for a test");
              }
              return Recorder.echo(channel);
            });

    for (int i = 0; i < 2; i++) {
      try (Socket unlucky = Network.dial(acceptor.address())) {
        assertEquals(-1, unlucky.getInputStream().read());
      }
    }
    log.await("Connections to " + acceptor.address() + " cannot be accepted");
    try (Socket peer = Network.dial(acceptor.address())) {
      exchange(peer);
    }
  }

  /** Asks for retries, and throws as often as it is told to. */
  private static final class Retrying implements Selectable {
    private final AtomicInteger failures;
    private final CountDownLatch retried = new CountDownLatch(1);

    Retrying(int failures) {
      this.failures = new AtomicInteger(failures);
    }

    @Override
    public void register(Selector selector) {}

    @Override
    public void ready(int operations) {}

    @Override
    public void retry() {
      if (failures.getAndDecrement() > 0) {
        throw new OutOfMemoryError("on purpose");
      }
      retried.countDown();
    }

    @Override
    public void abort() {}
  }

  @Test
  void retryLater_asksAgainUntilNoEndpointThrows() throws Exception {
    EventLoop loop = start(Selector::open);
    Retrying endpoint = new Retrying(2);
    run(
        loop,
        () -> {
          loop.add(endpoint);
          loop.retryLater();
        });
    Network.await(endpoint.retried);
  }

  @Test
  void acceptor_isNotClosedByAnErrorWhileItRests() throws Exception {
    EventLoop loop = start(Selector::open);
    AtomicInteger failures = new AtomicInteger(3);
    Acceptor acceptor =
        listen(
            loop,
            server -> {
              if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("on purpose");
              }
              return server.accept();
            });
    try (Socket peer = Network.dial(acceptor.address())) {
      exchange(peer);
    }
  }
}
