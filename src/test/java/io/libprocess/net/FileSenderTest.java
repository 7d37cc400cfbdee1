package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.support.Expect;
import io.libprocess.support.OpenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files, on a channel that the test controls. */
@Timeout(60)
class FileSenderTest {

  private static final int PIECE = 64 * 1024;

  @TempDir Path directory;

  private final HandChannel channel = new HandChannel();
  private final Socket socket = Socket.on(channel);

  FileSenderTest() {
    channel.handler = socket.handler();
  }

  private static <T> T ready(Future<T> future) {
    assertTrue(future.isReady(), future::toString);
    return future.get();
  }

  private static String failure(Future<?> future) {
    assertTrue(future.isFailed(), future::toString);
    return future.failure().getMessage();
  }

  /** A file of ASCII. */
  private Path file(int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(size);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(26));
    }
    try {
      return Files.write(directory.resolve("file"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A path that does something instead of saying where it leads. */
  private static Path pathThat(Runnable action) {
    return (Path)
        Proxy.newProxyInstance(
            Path.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, arguments) -> {
              action.run();
              return null;
            });
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.US_ASCII);
  }

  /** Runs the next call that may block. */
  private void read() {
    channel.blocking.remove().run();
  }

  @Test
  void part_isSentPieceByPiece() throws Exception {
    Path file = file(3 * PIECE);
    Future<Long> sending = socket.sendfile(file, 10, 2 * PIECE + 1);
    assertEquals("", channel.sent.toString());
    channel.queue(WriteQueue.HIGH_WATER + 1);
    read();
    assertEquals(PIECE, channel.sent.length());
    assertTrue(channel.blocking.isEmpty(), "the peer has not taken it");
    channel.queue(0);
    channel.handler.drained();
    channel.runTasks();
    read();
    assertEquals(2 * PIECE, channel.sent.length());
    assertTrue(sending.isPending());
    assertTrue(OpenFiles.contain(file));
    read();
    assertEquals(text(file).substring(10, 10 + 2 * PIECE + 1), channel.sent.toString());
    assertEquals(2 * PIECE + 1, ready(sending));
    assertTrue(channel.blocking.isEmpty());
    assertFalse(OpenFiles.contain(file));
  }

  @Test
  void wholeFile_isSent() throws Exception {
    Path file = file(10);
    Future<Long> sending = socket.sendfile(file, 0, 10);
    read();
    assertEquals(10, ready(sending));
    assertEquals(text(file), channel.sent.toString());
  }

  @Test
  void fileThatEndsEarly_isSentAsFarAsItGoes() throws Exception {
    Path file = file(PIECE + 10);
    Future<Long> sending = socket.sendfile(file, 0, 3 * PIECE);
    channel.runBlocking();
    assertEquals(PIECE + 10, ready(sending));
    assertEquals(text(file), channel.sent.toString());
    assertFalse(OpenFiles.contain(file));
  }

  @Test
  void emptyPart_isSent() throws Exception {
    Path file = file(10);
    Future<Long> sending = socket.sendfile(file, 0, 0);
    channel.runBlocking();
    assertEquals(0, ready(sending));
    assertFalse(OpenFiles.contain(file));
  }

  @Test
  void discard_stopsBeforeTheNextPiece() throws Exception {
    Path file = file(3 * PIECE);
    Future<Long> sending = socket.sendfile(file, 0, 3 * PIECE);
    read();
    sending.discard();
    channel.runBlocking();
    assertTrue(sending.isDiscarded());
    assertEquals(PIECE, channel.sent.length());
    assertFalse(OpenFiles.contain(file));
  }

  @Test
  void discard_beforeTheFirstPieceOpensNoFile() {
    Future<Long> sending = socket.sendfile(Path.of("nowhere"), 0, 1);
    sending.discard();
    channel.runBlocking();
    assertTrue(sending.isDiscarded());
  }

  /** Whoever gives it up may be a thread that must not block. */
  @Test
  void discard_doesNotWaitForTheDisk() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch given = new CountDownLatch(1);
    AtomicBoolean discardedFirst = new AtomicBoolean();
    Path slow =
        pathThat(
            () -> {
              reading.countDown();
              Expect.opened(given);
              discardedFirst.set(true);
              throw new OutOfMemoryError("of a test");
            });
    Future<Long> sending = socket.sendfile(slow, 0, 1);
    Thread reader = new Thread(this::read);
    reader.start();
    Expect.opened(reading);
    sending.discard();
    given.countDown();
    reader.join();
    assertTrue(discardedFirst.get());
    assertFalse(sending.isPending());
  }

  @Test
  void missingFile_failsTheResult() {
    Future<Long> sending = socket.sendfile(directory.resolve("none"), 0, 1);
    read();
    assertTrue(sending.isFailed());
    assertInstanceOf(NoSuchFileException.class, sending.failure());
  }

  @Test
  void brokenConnection_failsTheResultAndClosesTheFile() throws Exception {
    Path file = file(3 * PIECE);
    Future<Long> sending = socket.sendfile(file, 0, 3 * PIECE);
    read();
    channel.fail("broken");
    channel.runTasks();
    channel.runBlocking();
    assertEquals("broken", failure(sending));
    assertFalse(OpenFiles.contain(file));
  }

  /** Nobody else would complete the result. */
  @Test
  void error_failsTheResult() {
    OutOfMemoryError error = new OutOfMemoryError("of a test");
    Path file =
        pathThat(
            () -> {
              throw error;
            });
    Future<Long> sending = socket.sendfile(file, 0, 1);
    read();
    assertTrue(sending.isFailed(), sending::toString);
    assertEquals(error, sending.failure());
  }

  /** It need not be because the node is closed. */
  @Test
  void readThatCannotBeBegun_saysWhy() {
    FileSender sender =
        new FileSender(
            null,
            call -> {
              throw new RejectedExecutionException("no thread can be started");
            },
            Path.of("file"),
            0,
            1);

    Future<Long> sent = sender.start();

    assertEquals("no thread can be started", failure(sent));
  }
}
