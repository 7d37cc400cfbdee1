package io.libprocess.net.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.Network;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several waits for one channel of the JDK, and their ends. */
@Timeout(180)
class ChannelPollsTest {

  private final Network network = new Network(1);
  private Pipe pipe;

  @BeforeEach
  void open() throws IOException {
    pipe = Pipe.open();
    pipe.source().configureBlocking(false);
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    pipe.source().close();
    pipe.sink().close();
  }

  private Future<Integer> poll() {
    return network.transport.poll(pipe.source(), SelectionKey.OP_READ);
  }

  private void write() throws IOException {
    assertEquals(1, pipe.sink().write(ByteBuffer.wrap(new byte[1])));
  }

  @Test
  void allWaits_areOverWhenTheChannelIsReady() throws Exception {
    List<Future<Integer>> waits = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waits.add(poll());
    }
    waits.get(2).discard();
    Expect.until(() -> waits.get(2).isDiscarded());
    assertTrue(waits.get(1).isPending());
    write();
    for (int i : new int[] {0, 1, 3, 4}) {
      assertEquals(SelectionKey.OP_READ, Expect.ready(waits.get(i)));
    }
  }

  @Test
  void wait_thatFollowsOneThatWasGivenUpIsServed() throws Exception {
    for (int i = 0; i < 100; i++) {
      Future<Integer> given = poll();
      given.discard();
      Future<Integer> next = poll(); // Perhaps before the selector has forgotten the one before.
      write();
      assertEquals(SelectionKey.OP_READ, Expect.ready(next));
      assertEquals(1, pipe.source().read(ByteBuffer.allocate(10)));
    }
  }

  @Test
  void waits_failWhenItIsFoundThatTheChannelIsClosed() throws Exception {
    Future<Integer> first = poll();
    Expect.until(() -> pipe.source().isRegistered());
    pipe.source().close();
    Future<Integer> second = poll();
    assertInstanceOf(ClosedChannelException.class, Expect.failure(first));
    assertInstanceOf(ClosedChannelException.class, Expect.failure(second));
  }

  @Test
  void waits_failWhenTheTransportIsClosed() {
    Future<Integer> first = poll();
    Future<Integer> second = poll();
    network.transport.close();
    assertEquals("the transport is closed", Expect.failureText(first));
    assertEquals("the transport is closed", Expect.failureText(second));
    assertEquals("the transport is closed", Expect.failureText(poll()));
  }
}
