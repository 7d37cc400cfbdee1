package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.internal.scheduler.RunLoop;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.net.Network;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Recorder;
import io.libprocess.net.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that take over polling because one of them does not return from a task. */
@Timeout(180)
class TakeoverTest {

  private final Network network = new Network(1);
  private final AtomicInteger polling = new AtomicInteger();

  @AfterEach
  void closeNetwork() {
    network.close();
    assertEquals(0, polling.get());
  }

  /** Answers in a task, as a process would: each byte by what the reaction to it returns. */
  private final class Replier extends Recorder {
    private final ConcurrentLinkedQueue<Byte> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Serving task = new Serving();
    private final Reaction reaction;

    Replier(Transport.Channel channel, Reaction reaction) {
      super(channel);
      this.reaction = reaction;
    }

    @Override
    public void onReceived(ByteBuffer data) {
      if (polling.incrementAndGet() != 1) {
        violations.add("two threads poll one loop");
      }
      while (data.hasRemaining()) {
        mailbox.add(data.get());
        if (size.getAndIncrement() == 0) {
          network.scheduler.ready(task);
        }
      }
      polling.decrementAndGet();
    }

    private final class Serving extends Task {
      private static final long serialVersionUID = 1L;

      @Override
      protected void run(RunLoop loop) {
        byte answer = reaction.to(mailbox.remove());
        channel.write(ByteBuffer.wrap(new byte[] {answer}));
        loop.eventServed();
        if (size.decrementAndGet() > 0) {
          network.scheduler.yield(this);
        }
      }
    }
  }

  private interface Reaction {
    byte to(byte received);
  }

  private static void exchange(Socket peer, int value) throws IOException {
    peer.getOutputStream().write(value);
    assertEquals(value, peer.getInputStream().read());
  }

  @Test
  void stuckTask_doesNotStopTheOthers() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Transport.Listener listener =
        network.listen(
            channel ->
                new Replier(
                    channel,
                    value -> {
                      if (value == '!') {
                        stuck.countDown();
                        Network.await(release);
                      }
                      return value;
                    }));
    try (Socket blocked = Network.dial(listener.address());
        Socket other = Network.dial(listener.address())) {
      exchange(blocked, 'a');
      exchange(other, 'b');
      Recorder first = network.nextAccepted();
      Recorder second = network.nextAccepted();
      Thread before = second.lastThread;
      blocked.getOutputStream().write('!');
      Network.await(stuck);

      for (int i = 0; i < 50; i++) {
        exchange(other, 'c');
      }
      assertNotEquals(before, second.lastThread);
      try (Socket late = Network.dial(listener.address())) {
        exchange(late, 'd');
      }
      release.countDown();
      assertEquals('!', blocked.getInputStream().read());
      exchange(blocked, 'e');
      first.assertKeptContract();
      second.assertKeptContract();
    }
  }

  @Test
  void takeoverAfterTakeover_reusesTheThreads() throws Exception {
    int takeovers = 200;
    CountDownLatch[] releases = new CountDownLatch[takeovers];
    for (int i = 0; i < takeovers; i++) {
      releases[i] = new CountDownLatch(1);
    }
    AtomicInteger blocked = new AtomicInteger();
    CyclicBarrier stuck = new CyclicBarrier(2);
    Transport.Listener listener =
        network.listen(
            channel ->
                new Replier(
                    channel,
                    value -> {
                      if (value == '!') {
                        int loop = blocked.getAndIncrement();
                        meet(stuck);
                        Network.await(releases[loop]);
                      }
                      return value;
                    }));
    try (Socket slow = Network.dial(listener.address());
        Socket quick = Network.dial(listener.address())) {
      exchange(quick, 'x');
      for (int i = 0; i < takeovers; i++) {
        slow.getOutputStream().write('!');
        meet(stuck);
        exchange(quick, 'q'); // Impossible without a takeover, unless a worker has the task.
        releases[i].countDown();
        assertEquals('!', slow.getInputStream().read());
      }
      network.nextAccepted().assertKeptContract();
      network.nextAccepted().assertKeptContract();
    }
    int threads = Network.threadsNamed("test-worker").size();
    int most = 2 + 1 + 2; // Workers, the one that polls, and some that have polled.
    assertTrue(threads <= most, () -> threads + " threads are left");
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(Network.LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void takeoversUnderLoad_loseNothing() throws Exception {
    int clients = 6;
    int rounds = 400;
    ConcurrentHashMap<Thread, Boolean> threads = new ConcurrentHashMap<>();
    AtomicInteger served = new AtomicInteger();
    Transport.Listener listener =
        network.listen(
            channel ->
                new Replier(
                    channel,
                    value -> {
                      threads.put(Thread.currentThread(), true);
                      if (served.incrementAndGet() % 20 == 0) {
                        blockFor(4 + served.get() % 5);
                      }
                      return value;
                    }));
    ExecutorService drivers = Executors.newFixedThreadPool(clients);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        results.add(drivers.submit(() -> drive(listener.address(), rounds)));
      }
      for (Future<?> result : results) {
        result.get(60, TimeUnit.SECONDS);
      }
    } finally {
      drivers.shutdownNow();
    }
    for (int i = 0; i < clients; i++) {
      network.nextAccepted().assertKeptContract();
    }
    assertTrue(threads.size() > 1);
  }

  /** Blocks for some milliseconds, as a careless process would. */
  private static void blockFor(int millis) {
    try {
      new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Void drive(NetworkAddress address, int rounds) throws IOException {
    try (Socket peer = Network.dial(address)) {
      InputStream in = peer.getInputStream();
      for (int i = 0; i < rounds; i++) {
        int burst = 1 + i % 5;
        byte[] sent = new byte[burst];
        for (int j = 0; j < burst; j++) {
          sent[j] = (byte) (i + j & 0x7F);
        }
        peer.getOutputStream().write(sent);
        byte[] found = in.readNBytes(burst);
        assertEquals(new String(sent), new String(found));
      }
    }
    return null;
  }

  @Test
  void interruptLeftByATask_doesNotDisturbTheLoop() throws Exception {
    Transport.Listener listener =
        network.listen(
            channel ->
                new Replier(
                    channel,
                    value -> {
                      Thread.currentThread().interrupt();
                      return value;
                    }));
    try (Socket peer = Network.dial(listener.address())) {
      for (int i = 0; i < 20; i++) {
        exchange(peer, i);
      }
    }
    Recorder server = network.nextAccepted();
    Network.await(server.ended);
    assertEquals(1, server.closed.getCount());
    server.assertKeptContract();
  }

  @Test
  void close_takesOverFromAStuckTask() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Transport.Listener listener =
        network.listen(
            channel ->
                new Replier(
                    channel,
                    value -> {
                      stuck.countDown();
                      Network.await(release);
                      return value;
                    }));
    try (Socket peer = Network.dial(listener.address())) {
      peer.getOutputStream().write('!');
      Network.await(stuck);

      network.transport.close();

      assertEquals(-1, peer.getInputStream().read());
      Network.await(network.nextAccepted().closed);
    } finally {
      release.countDown();
    }
    network.scheduler.close();
    for (Thread thread : Network.threadsNamed("test-worker")) {
      thread.join(Network.LIMIT.toMillis());
      assertTrue(!thread.isAlive(), thread::toString);
    }
  }
}
