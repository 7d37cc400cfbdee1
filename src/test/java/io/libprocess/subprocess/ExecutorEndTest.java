package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An executor that ends before its subprocess does leaves nothing pending. */
class ExecutorEndTest {

  private final ExecutorService executor = Executors.newSingleThreadExecutor();

  @AfterEach
  void end() {
    executor.shutdownNow();
  }

  private Subprocess start(String line) throws Exception {
    return Expect.ready(
        Command.shell(line).in(Stdio.pipe()).out(Stdio.pipe()).executor(executor).start());
  }

  /** Makes the executor accept all tasks, and run none, until it is shut down. */
  private void occupy() throws Exception {
    CountDownLatch occupied = new CountDownLatch(1);
    executor.execute(
        () -> {
          occupied.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    Expect.opened(occupied);
  }

  @Test
  void shutDownBeforeTheChildEnds_theStatusComes() throws Exception {
    Subprocess child = start("read -r line; exit 3");
    executor.shutdownNow();
    child.kill();
    assertTrue(Expect.ready(child.status()).signal().isPresent());
  }

  @Test
  void shutDownWithTheEndOfTheChildInItsQueue_theStatusComes() throws Exception {
    Subprocess child = start("read -r line; exit 3");
    occupy();
    ProcessHandle handle = ProcessHandle.of(child.pid()).orElseThrow();
    child.kill();
    handle.onExit().get();
    executor.shutdownNow();
    assertTrue(Expect.ready(child.status()).signal().isPresent());
  }

  @Test
  void shutDownWithOutputInItsQueue_theReaderIsTold() throws Exception {
    Subprocess child = start("read -r line; echo $line; sleep 1000");
    Pipe.Reader<Chunk> out = child.out().orElseThrow();
    Future<Optional<Chunk>> read = out.read();
    Expect.ready(child.in().orElseThrow().write(Chunk.utf8("hello\n")));
    Optional<Chunk> first = Expect.ready(read);
    assertEquals("hello\n", first.orElseThrow().utf8());
    Future<Optional<Chunk>> more = out.read();
    executor.shutdownNow();
    child.killTree();
    more.await(Expect.LIMIT);
    assertTrue(!more.isPending(), more::toString);
    if (more.isFailed()) {
      assertInstanceOf(IllegalStateException.class, more.failure());
    }
    Expect.ready(child.status());
  }
}
