package io.libprocess.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.net.nio.WriteQueue;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import io.libprocess.stream.stage.Run;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Streams from and to a socket whose channel the test controls. */
class SocketStreamInOneThreadTest {

  private static final int LARGEST = 64 * 1024;

  private final HandChannel channel = new HandChannel();
  private final Socket socket = Socket.on(channel);
  private final Pipe<Chunk> pipe = new Pipe<>(0); // Asks for an element at a time.
  private final AtomicInteger released = new AtomicInteger();

  SocketStreamInOneThreadTest() {
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

  private static Chunk next(Future<Optional<Chunk>> read) {
    return ready(read).orElseThrow();
  }

  private Chunk lent(int size) {
    return Chunk.lent(new byte[size], 0, size, released::incrementAndGet);
  }

  /* ------ From the socket ------ */

  @Test
  void source_receivesWhatIsThereForEachRequest() {
    Future<?> run = socket.stream().to(Sink.writer(pipe));
    channel.receive("ab");
    channel.runTasks(); // What was asked for in advance.
    channel.receive("cd");
    channel.receive("ef");
    channel.runTasks();
    assertEquals("ab", next(pipe.reader().read()).utf8());
    assertEquals("cdef", next(pipe.reader().read()).utf8());
    Future<Optional<Chunk>> last = pipe.reader().read();
    assertTrue(last.isPending());
    channel.handler.ended();
    channel.runTasks();
    assertTrue(ready(last).isEmpty());
    assertTrue(run.isReady());
  }

  @Test
  void source_leavesToTheReadAheadWhatIsNotAskedFor() {
    socket.stream().to(Sink.writer(pipe));
    channel.receive(LARGEST + 1);
    channel.runTasks();
    channel.receive(LARGEST - 2);
    channel.runTasks();
    assertEquals(List.of("pause", "resume"), channel.calls);
    channel.receive(1);
    channel.runTasks();
    assertEquals(List.of("pause", "resume", "pause"), channel.calls);
    assertEquals(LARGEST, next(pipe.reader().read()).size());
    assertEquals(LARGEST, next(pipe.reader().read()).size());
  }

  @Test
  void source_failsWithTheConnection() {
    Future<?> run = socket.stream().to(Sink.ignore());
    channel.fail("broken");
    channel.runTasks();
    assertEquals("broken", failure(run));
  }

  @Test
  void source_failsIfOtherCodeReceives() {
    Future<Chunk> other = socket.receive(1);
    assertEquals("Socket is already receiving", failure(socket.stream().to(Sink.ignore())));
    channel.receive("a");
    channel.runTasks();
    assertEquals("a", ready(other).utf8());
  }

  @Test
  void source_thatIsGivenUpShutsItsDirectionDown() {
    Future<?> run = socket.stream().to(Sink.ignore());
    run.discard();
    assertTrue(run.isDiscarded());
    channel.receive("late");
    assertTrue(channel.tasks.isEmpty());
    assertTrue(ready(socket.receive(10)).isEmpty());
    assertTrue(socket.send(Chunk.utf8("x")).isReady());
    assertEquals(List.of(), channel.calls);
  }

  /* ------ To the socket ------ */

  private Future<Long> send() {
    return pipe.reader().stream().to(socket.sink());
  }

  @Test
  void sink_sendsEachChunkWhenThePeerHasTakenTheOneBefore() {
    Future<Long> sending = send();
    channel.queue(WriteQueue.HIGH_WATER + 1);
    assertTrue(pipe.writer().write(Chunk.utf8("ab")).isReady());
    Future<Boolean> second = pipe.writer().write(Chunk.utf8("cd"));
    assertEquals("ab", channel.sent.toString());
    channel.queue(0);
    channel.handler.drained();
    channel.runTasks();
    assertTrue(second.isReady());
    assertEquals("abcd", channel.sent.toString());
    channel.queue(WriteQueue.HIGH_WATER + 1);
    assertTrue(pipe.writer().write(Chunk.utf8("e")).isReady());
    pipe.writer().write(Chunk.utf8("f"));
    pipe.writer().close();
    assertEquals("abcde", channel.sent.toString());
    assertEquals(List.of(), channel.calls);
    channel.queue(0);
    channel.handler.drained();
    channel.runTasks();
    assertEquals(List.of("end"), channel.calls);
    assertTrue(sending.isPending());
    channel.handler.outputEnded();
    channel.runTasks();
    assertEquals(6, ready(sending));
  }

  @Test
  void sink_isReadyIfThePeerAnswersTheEndByClosing() {
    Future<Long> sending = send();
    pipe.writer().write(Chunk.utf8("ab"));
    pipe.writer().close();
    channel.handler.outputEnded(); // Its task comes later than it should.
    Runnable late = channel.tasks.remove();
    channel.handler.closed(Optional.empty());
    channel.runTasks();
    late.run();
    assertEquals(2, ready(sending));
  }

  @Test
  void sink_failsIfTheConnectionIsClosedBeforeAllIsSent() {
    Future<Long> sending = send();
    pipe.writer().close();
    channel.fail("broken");
    channel.runTasks();
    assertEquals("broken", failure(sending));
  }

  @Test
  void sink_cancelsAnIdleStreamIfTheConnectionIsClosed() {
    Future<Long> sending = send();
    channel.fail("broken");
    channel.runTasks();
    assertEquals("broken", failure(sending));
    assertTrue(pipe.writer().readerClosed().isReady());
  }

  /** Other code has sent the end: that is not the end of the stream. */
  @Test
  void sink_failsIfTheOutputWasEndedWithoutIt() {
    Future<Long> sending = send();
    socket.shutdown(Socket.Direction.WRITE);
    channel.handler.outputEnded();
    channel.runTasks();
    assertTrue(sending.isPending());
    pipe.writer().write(Chunk.utf8("ab"));
    assertEquals("the output to 127.0.0.1:2 is shut down", failure(sending));
    assertEquals("", channel.sent.toString());
  }

  @Test
  void sink_isReadyIfTheOutputWasEndedWithoutItAndNothingIsMissing() {
    Future<Long> sending = send();
    pipe.writer().write(Chunk.utf8("ab"));
    socket.shutdown(Socket.Direction.WRITE);
    channel.handler.outputEnded();
    channel.runTasks();
    assertTrue(sending.isPending());
    pipe.writer().close();
    assertEquals(2, ready(sending));
  }

  @Test
  void sink_thatIsGivenUpCutsTheConnection() {
    Future<Long> sending = send();
    pipe.writer().write(Chunk.utf8("ab"));
    sending.discard();
    assertEquals(List.of("reset"), channel.calls);
    assertEquals("the stream to 127.0.0.1:2 was given up", failure(socket.send(Chunk.utf8("x"))));
    assertTrue(sending.isDiscarded());
  }

  @Test
  void sink_whoseStreamFailsCutsTheConnection() {
    Future<Long> sending = send();
    IOException why = new IOException("no more");
    pipe.writer().fail(why);
    assertEquals(List.of("reset"), channel.calls);
    assertEquals("no more", failure(sending));
    assertEquals(why, socket.send(Chunk.utf8("x")).failure().getCause());
  }

  @Test
  void sink_releasesEachChunkOnce() {
    Future<Long> sending = Stream.of(lent(10), lent(20)).to(socket.sink());
    assertEquals(2, released.get());
    channel.handler.outputEnded();
    channel.runTasks();
    assertEquals(30, ready(sending));
    assertTrue(Stream.of(lent(10)).to(socket.sink()).isFailed());
    assertEquals(3, released.get());
  }

  @Test
  void sink_dropsWhatComesAfterItWasGivenUp() {
    Run<Long> run = new Run<>();
    SocketSink sink = new SocketSink(run, socket);
    run.future().discard();
    sink.next(lent(10));
    assertEquals(1, released.get());
    assertEquals("", channel.sent.toString());
  }

  @Test
  void sink_takesPartsOfFilesIfTheChannelSendsThem() {
    SocketSink sink = new SocketSink(new Run<>(), socket);
    assertFalse(sink.takesFileRegions());
    channel.sendsFiles = true;
    assertTrue(sink.takesFileRegions());
  }
}
