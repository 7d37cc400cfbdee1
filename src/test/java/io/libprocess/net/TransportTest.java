package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.nio.CopyingChannel;
import io.libprocess.stream.Chunk;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Channels, handlers and transports that implement no more than they have to. */
class TransportTest {

  @TempDir Path directory;

  private final HandChannel below = new HandChannel();
  private final Transport.Channel channel = new CopyingChannel(below);

  private FileChannel file(String text) throws IOException {
    return FileChannel.open(Files.writeString(directory.resolve("file"), text));
  }

  @Test
  void partOfAFile_isReadAndSent() throws Exception {
    try (FileChannel file = file("0123456789")) {
      channel.write(file, 2, 3, false);
      assertEquals("234", below.sent.toString());
      assertTrue(file.isOpen());
      channel.write(file, 0, 10, true);
      assertEquals("2340123456789", below.sent.toString());
      assertFalse(file.isOpen());
    }
  }

  @Test
  void partThatIsNotInTheFile_isNotSentAtAll() throws Exception {
    try (FileChannel file = file("0123456789")) {
      assertThrows(EOFException.class, () -> channel.write(file, 8, 3, true));
      assertEquals("", below.sent.toString());
      assertTrue(file.isOpen());
    }
  }

  @Test
  void chunk_isCopiedAndReleased() {
    AtomicInteger released = new AtomicInteger();
    byte[] bytes = {'a', 'b', 'c'};
    channel.write(Chunk.lent(bytes, 1, 2, released::incrementAndGet));
    assertEquals("bc", below.sent.toString());
    assertEquals(1, released.get());
  }

  @Test
  void plainChannel_doesNoMoreThanItHasTo() {
    assertTrue(channel.tls().isEmpty());
    assertFalse(channel.sendsFiles());
    channel.reset();
    assertEquals(List.of("close"), below.calls);
  }

  @Test
  void plainHandler_mayNotBeClosedForAnother() {
    Transport.Handler handler =
        new Transport.Handler() {
          @Override
          public void received(ByteBuffer bytes) {}

          @Override
          public void ended() {}

          @Override
          public void drained() {}

          @Override
          public void closed(Optional<IOException> failure) {}
        };
    handler.outputEnded();
    assertFalse(handler.isExpendable());
  }

  @Test
  void plainListener_doesNotTellOfItsEnd() {
    Transport.Listener listener =
        new Transport.Listener() {
          @Override
          public NetworkAddress address() {
            return Address.NONE;
          }

          @Override
          public void close() {}
        };
    listener.close();
    assertTrue(listener.closed().isPending());
  }

  @Test
  void plainTransport_pollsNothingAndKnowsNoNames() throws Exception {
    PendingTransport transport = new PendingTransport();
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      assertTrue(sink.isOpen());
      assertInstanceOf(
          UnsupportedOperationException.class,
          failure(transport.poll(source, SelectionKey.OP_READ)));
    }
    assertInstanceOf(UnknownHostException.class, failure(transport.resolve("localhost")));
  }

  private static Throwable failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure();
  }
}
