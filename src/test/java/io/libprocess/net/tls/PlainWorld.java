package io.libprocess.net.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.TlsAccess;
import io.libprocess.net.Transport;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;

/** A TLS channel with an engine that shows everything, on a channel that the test controls. */
abstract class PlainWorld {

  /** The channel below. */
  static final class Raw implements Transport.Channel, Transport.Threads, MemoryBudget.Source {
    final StringBuilder sent = new StringBuilder();
    final List<String> calls = new ArrayList<>();
    final Queue<Runnable> atEnd = new ArrayDeque<>();
    long queued;
    boolean slow; // What is written stays queued.
    int writes;
    final Queue<Runnable> blocking = new ArrayDeque<>(); // Until the test runs them.
    final MemoryBudget memory = new MemoryBudget(100_000);
    Queue<Runnable> held; // Null if tasks run at once.

    @Override
    public void write(ByteBuffer bytes) {
      queued += slow ? bytes.remaining() : 0;
      writes++;
      sent.append(StandardCharsets.US_ASCII.decode(bytes));
    }

    @Override
    public long queued() {
      return queued;
    }

    @Override
    public void end() {
      calls.add("end");
    }

    @Override
    public void closeAfterWrites() {
      calls.add("closeAfterWrites");
    }

    @Override
    public void close() {
      calls.add("close");
    }

    @Override
    public void pause() {
      calls.add("pause");
    }

    @Override
    public void resume() {
      calls.add("resume");
    }

    @Override
    public MemoryBudget memory() {
      return memory;
    }

    @Override
    public NetworkAddress local() {
      return Address.loopback(1);
    }

    @Override
    public NetworkAddress remote() {
      return Address.loopback(2);
    }

    @Override
    public void execute(Runnable task) {
      if (held == null) {
        task.run();
      } else {
        held.add(task);
      }
    }

    @Override
    public Transport.Threads threads() {
      return this;
    }

    @Override
    public void run(Runnable callback) {
      callback.run();
    }

    @Override
    public void atEnd(Runnable flush) {
      atEnd.add(flush);
    }

    @Override
    public Executor blocking() {
      return blocking::add;
    }
  }

  Runnable whenOpen = () -> {};
  Runnable verify = () -> {};
  int configured; // How often.
  final List<String> refused = new ArrayList<>();
  final Clock clock = Clock.paused(Instant.EPOCH);
  final PlainEngine engine = new PlainEngine();
  final Raw raw = new Raw();
  final TlsChannel channel =
      new TlsChannel(
          raw,
          engine,
          TlsAccess.context(
              Tls.builder().configure(any -> configured++).verify(any -> verify.run()).build()),
          Optional.empty(),
          new TlsChannel.Outcome() {
            @Override
            public Transport.Handler opened(Transport.Channel open) {
              handler = new SecuredWorld.SecuredEnd(open);
              whenOpen.run();
              return handler;
            }

            @Override
            public void failed(IOException why) {
              refused.add(why.getMessage());
            }
          });
  SecuredWorld.SecuredEnd handler;

  /** Begins the handshake, which is over at once unless the engine has tasks. */
  void start() {
    channel.start(clock.timer(Duration.ofSeconds(1), channel::timeOut));
  }

  @AfterEach
  void close() {
    clock.close();
  }

  void write(String text) {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  void write(int size) {
    write("x".repeat(size));
  }

  /** Ends the event in which something was written. */
  void flush() {
    for (Runnable next = raw.atEnd.poll(); next != null; next = raw.atEnd.poll()) {
      next.run();
    }
  }

  void receive(String text) {
    channel.received(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  void assertSent(String text, String... calls) {
    assertEquals(text, raw.sent.toString());
    assertEquals(List.of(calls), raw.calls);
  }
}
