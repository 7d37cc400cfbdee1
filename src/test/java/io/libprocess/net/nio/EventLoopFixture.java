package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.support.LogCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An event loop that its test drives, and endpoints that note what happens to them. */
abstract class EventLoopFixture {

  final List<String> done = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  HandLoop hand;
  EventLoop loop;
  LogCapture log;

  @BeforeEach
  void open() throws IOException {
    log = new LogCapture();
    hand = new HandLoop();
    loop = hand.loop;
  }

  @AfterEach
  void close() throws IOException {
    hand.selector().beginning = () -> {};
    hand.close();
    for (Endpoint endpoint : endpoints) {
      endpoint.pipe.source().close();
      endpoint.pipe.sink().close();
    }
    log.close();
  }

  /** The reading end of a pipe. */
  final class Endpoint implements Selectable {

    final String name;
    final Pipe pipe = Pipe.open();
    SelectionKey key;
    Throwable failure; // Thrown when it is ready.
    Throwable closing; // Thrown when it is aborted.
    Throwable refusing; // Thrown when it is registered.
    long silentSince = Long.MAX_VALUE;

    Endpoint(String name) throws IOException {
      this.name = name;
      pipe.source().configureBlocking(false);
      endpoints.add(this);
      hand.add(this);
    }

    void write() throws IOException {
      assertEquals(1, pipe.sink().write(ByteBuffer.allocate(1)));
    }

    @Override
    public void register(Selector selector) throws IOException {
      sneak(refusing);
      key = pipe.source().register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public void ready(int operations) {
      assertEquals(SelectionKey.OP_READ, operations);
      done.add(name);
      sneak(failure);
      try {
        pipe.source().read(ByteBuffer.allocate(1));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void retry() {
      done.add("retry " + name);
    }

    @Override
    public long silentSince() {
      return silentSince;
    }

    @Override
    public void abort() {
      done.add("abort " + name);
      loop.remove(this);
      loop.execute(() -> done.add("left " + name));
      sneak(closing);
    }
  }

  static void sneak(Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    } else if (thrown instanceof Error e) {
      throw e;
    }
  }

  void assertDone(String... all) {
    assertEquals(List.of(all), done);
    done.clear();
  }

  long warnings(String part) {
    return log.warnings().stream().filter(text -> text.contains(part)).count();
  }

  void rounds(int count) {
    for (int i = 0; i < count; i++) {
      hand.round();
    }
  }
}
