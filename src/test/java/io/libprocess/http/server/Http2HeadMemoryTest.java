package io.libprocess.http.server;

import static io.libprocess.http.server.Http2Wire.END_STREAM;
import static io.libprocess.http.server.Http2Wire.PREFACE;
import static io.libprocess.http.server.Http2Wire.frame;
import static io.libprocess.http.server.Http2Wire.get;
import static io.libprocess.http.server.Http2Wire.join;
import static io.libprocess.http.server.Http2Wire.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.exchange.Exchange;
import io.libprocess.http.http1.FakeChannel;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.support.Retained;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many clients of HTTP/2 that each stop in the middle of a head would together fill the memory. */
class Http2HeadMemoryTest {

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int PART = 7000;
  private static final byte[] BLOCK = frame(HEADERS, END_STREAM, 1, new byte[PART]); // Not its end.

  private static final byte[] PART_OF_DATA =
      Arrays.copyOf(frame(DATA, 0, 1, new byte[PART]), PART / 2);

  private final Http2Fixture client = new Http2Fixture(false).open();

  @AfterEach
  void close() {
    client.close();
  }

  private FakeChannel connected(byte[]... frames) {
    FakeChannel made = client.server.connect();
    made.receiveAlthoughPaused(join(PREFACE, settings(), join(frames)));
    return made;
  }

  private static boolean isRefused(FakeChannel channel) {
    return channel.takeSent().contains(Exchange.NO_MEMORY.getMessage()) && channel.isClosed();
  }

  @Test
  void parts_areCountedAndRefusedWhereNothingIsLeft() {
    long idle = client.server.memory.used();
    FakeChannel before = connected(BLOCK);
    long used = client.server.memory.used() - idle;
    assertTrue(used >= PART && used <= 2 * PART, used + " bytes");
    long all = client.server.memory.limit() - client.server.memory.used();
    client.server.memory.take(all);

    assertTrue(isRefused(connected(BLOCK)));
    assertTrue(isRefused(connected(Arrays.copyOf(BLOCK, PART / 2))));
    assertFalse(isRefused(connected(PART_OF_DATA)));
    client.receive(get(1, "/"));
    assertEquals(1, client.server.calls.size());
    assertFalse(before.isClosed());
    client.server.memory.give(all);
  }

  /** An upload goes on, unless the heap is about to be full. */
  @Test
  void partsOfBodies_areRefusedWhereMuchTooMuchIsHeld() {
    MemoryBudget memory = client.server.memory;
    long limit = memory.limit();
    memory.take(limit + limit / 8 - memory.used() - PART * 3);
    FakeChannel before = connected(PART_OF_DATA);
    assertFalse(isRefused(before));
    memory.take(PART * 3);
    assertTrue(isRefused(connected(PART_OF_DATA)));
    client.receive(get(1, "/")); // It holds next to nothing.
    assertEquals(1, client.server.calls.size());
    assertFalse(before.isClosed()); // It sends nothing more.
    before.receiveAlthoughPaused(new byte[1]);
    assertTrue(isRefused(before));
    memory.give(memory.used());
  }

  @Test
  void part_isHeldOnce() {
    FakeChannel channel = connected(BLOCK);
    long held =
        Retained.by(
            channel.handler,
            object -> object instanceof ServerFixture || object instanceof HttpServer);

    assertTrue(held > PART, () -> held + " are held, so they cannot be seen");
    assertTrue(held < 2 * PART, () -> held + " are held");
  }
}
