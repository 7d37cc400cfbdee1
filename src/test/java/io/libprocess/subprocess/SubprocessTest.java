package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.internal.scheduler.BlockingExecutor;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The behaviour that the tests of the original pin; each test has the name that it has there. */
class SubprocessTest {

  private static final int PAGE = 4096;

  @TempDir Path directory;

  private static Command hello(boolean toError) {
    return Command.shell("echo hello" + (toError ? " >&2" : ""));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pipeOutputToPath(boolean error) throws IOException {
    Path file = directory.resolve("output");
    Command command = hello(error);
    Stdio path = Stdio.path(file);

    assertEquals(0, Commands.exitCode(error ? command.err(path) : command.out(path)));
    assertEquals("hello\n", Files.readString(file));
  }

  @Test
  void pathOutput_isAppended() throws IOException {
    Path file = Files.writeString(directory.resolve("output"), "before\n");
    Command command = Command.shell("echo out; echo err >&2").out(Stdio.path(file));

    assertEquals(0, Commands.exitCode(command.err(Stdio.path(file))));
    assertEquals("before\nout\nerr\n", Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pipeOutput(boolean error) {
    Subprocess child = Commands.started(hello(error).out(Stdio.pipe()).err(Stdio.pipe()));

    Future<String> out = Commands.text(child.out().orElseThrow());
    Future<String> err = Commands.text(child.err().orElseThrow());

    assertEquals("hello\n", Expect.ready(error ? err : out));
    assertEquals("", Expect.ready(error ? out : err));
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void pipeLargeOutput() {
    // More than fits in all the buffers on the way, so that it ends only because it is read.
    int size = 2 * PAGE + (1 << 20);
    Subprocess child =
        Commands.started(Command.shell("head -c " + size + " /dev/zero").out(Stdio.pipe()));

    assertEquals(size, Expect.ready(Commands.text(child.out().orElseThrow())).length());
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void pipeOutput_thatNobodyReadsHoldsTheChildBack() {
    Subprocess child =
        Commands.started(
            Command.shell("head -c 1000000 /dev/zero; echo done >&2")
                .out(Stdio.pipe())
                .err(Stdio.pipe()));
    Future<Optional<Chunk>> done = child.err().orElseThrow().read();

    Optional<Chunk> first = Expect.ready(child.out().orElseThrow().read());
    assertTrue(first.orElseThrow().size() <= 64 << 10);
    assertTrue(done.isPending());
    assertTrue(child.status().isPending());

    int rest = Expect.ready(Commands.text(child.out().orElseThrow())).length();
    assertEquals(1_000_000, first.get().size() + rest);
    assertEquals(Chunk.utf8("done\n"), Expect.ready(done).orElseThrow());
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void pipeOutput_canBeReadAfterTheEnd() {
    Subprocess child =
        Commands.started(Command.shell("head -c 100000 /dev/zero").out(Stdio.pipe()));

    assertEquals(0, Expect.ready(child.status()).code());
    assertEquals(100_000, Expect.ready(Commands.text(child.out().orElseThrow())).length());
  }

  @Test
  void pipeOutput_endsWithTheChildThoughAGrandchildHoldsIt() {
    Subprocess child =
        Commands.started(
            Command.shell("sleep 1000 & echo $!").out(Stdio.pipe()).err(Stdio.nothing()));

    String pid = Expect.ready(Commands.text(child.out().orElseThrow())).strip();

    assertTrue(ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly());
  }

  @Test
  void pipeOutput_closedByItsReaderIsABrokenPipe() {
    Subprocess child = Commands.started(Command.of("yes").out(Stdio.pipe()));

    assertTrue(child.out().orElseThrow().close());

    assertFalse(Expect.ready(child.status()).isSuccess()); // SIGPIPE, or EPIPE if that is ignored.
  }

  @Test
  void pipeInput() {
    Subprocess child =
        Commands.started(Command.shell("read word; echo $word").in(Stdio.pipe()).out(Stdio.pipe()));

    assertTrue(Expect.ready(child.in().orElseThrow().write(Chunk.utf8("hello\n"))));

    assertEquals("hello\n", Expect.ready(Commands.text(child.out().orElseThrow())));
    assertEquals(0, Expect.ready(child.status()).code());
    assertFalse(Expect.ready(child.in().orElseThrow().write(Chunk.utf8("more\n"))));
  }

  @Test
  void pipeInput_closedIsEndOfFile() {
    Subprocess child = Commands.started(Command.of("cat").in(Stdio.pipe()).out(Stdio.pipe()));
    Pipe.Writer<Chunk> in = child.in().orElseThrow();

    in.write(Chunk.utf8("a line"));
    assertTrue(in.close());

    assertEquals("a line", Expect.ready(Commands.text(child.out().orElseThrow())));
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void pipeInput_largerThanAllBuffersComesBackWhole() {
    byte[] bytes = new byte[3_000_000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + i / 1000);
    }
    Subprocess child = Commands.started(Command.of("cat").in(Stdio.pipe()).out(Stdio.pipe()));

    child.in().orElseThrow().write(Chunk.of(bytes));
    child.in().orElseThrow().close();

    Chunk back = Chunk.join(Expect.ready(child.out().orElseThrow().toList()));
    assertEquals(Chunk.of(bytes), back);
  }

  @Test
  void pipeInput_ofAChildThatClosesItIsRefused() {
    Subprocess child =
        Commands.started(
            Command.shell("exec <&-; echo closed; exec sleep 1000")
                .in(Stdio.pipe())
                .out(Stdio.pipe())
                .err(Stdio.nothing()));
    Pipe.Writer<Chunk> in = child.in().orElseThrow();
    Expect.ready(child.out().orElseThrow().read());

    in.write(Chunk.utf8("lost"));

    Expect.ready(in.readerClosed());
    child.kill();
  }

  @Test
  void pipeRedirect() throws IOException {
    Path file = directory.resolve("redirected");
    Subprocess child = Commands.started(hello(false).out(Stdio.pipe()));
    Pipe.Reader<Chunk> out = child.out().orElseThrow();

    try (OutputStream to = Files.newOutputStream(file)) {
      Future<Void> redirected =
          Futures.loop(
              out::read,
              chunk -> {
                if (chunk.isEmpty()) {
                  return Future.of(ControlFlow.breakWith(null));
                }
                to.write(chunk.get().toArray());
                return Future.of(ControlFlow.proceed());
              });
      Expect.ready(redirected);
    }

    assertEquals("hello\n", Files.readString(file));
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void pathInput() throws IOException {
    Path file = Files.writeString(directory.resolve("input"), "hello\n");
    Subprocess child =
        Commands.started(
            Command.shell("read word; echo $word").in(Stdio.path(file)).out(Stdio.pipe()));

    assertEquals("hello\n", Expect.ready(Commands.text(child.out().orElseThrow())));
  }

  @Test
  void default_inheritsEverything() {
    Subprocess child = Commands.started(Command.of("true"));

    assertEquals(Optional.empty(), child.in());
    assertEquals(Optional.empty(), child.out());
    assertEquals(Optional.empty(), child.err());
    assertEquals(new ExitStatus(0), Expect.ready(child.status()));
  }

  @Test
  void nothing_isAnEmptyInputAndNoOutput() {
    Command command = Command.of("cat").in(Stdio.nothing()).out(Stdio.nothing());

    assertEquals(0, Commands.exitCode(command.err(Stdio.nothing())));
  }

  @Test
  void close_endsTheInputAndTheOutputsAndKillsNothing() {
    Subprocess child =
        Commands.started(
            Command.shell("trap '' PIPE; cat; echo lost; exit 3")
                .in(Stdio.pipe())
                .out(Stdio.pipe())
                .err(Stdio.nothing()));

    child.close();
    child.close();

    assertEquals(3, Expect.ready(child.status()).code());
    assertEquals("closed", Expect.failureText(child.out().orElseThrow().read()));
  }

  @Test
  void executor_thatIsClosedFailsTheOutputAndLeavesTheStatus() {
    BlockingExecutor executor = new BlockingExecutor("closed-", false, () -> {});
    Command cat = Command.of("cat").in(Stdio.pipe()).out(Stdio.pipe()).executor(executor);
    Subprocess child = Commands.started(cat);

    executor.close();
    child.in().orElseThrow().write(Chunk.utf8("hello"));

    assertEquals(
        "the executor of the subprocess is closed",
        Expect.failureText(child.out().orElseThrow().read()));
    child.close();
    assertEquals(0, Expect.ready(child.status()).code());
  }

  @Test
  void status_isIndependentForEachWhoAsks() {
    Subprocess child = Commands.started(Command.of("cat").in(Stdio.pipe()).out(Stdio.nothing()));
    Future<ExitStatus> one = child.status();
    Future<ExitStatus> other = child.status();

    assertTrue(one.discard());
    assertTrue(one.isDiscarded());
    assertFalse(other.hasDiscard());
    child.close();

    assertEquals(0, Expect.ready(other.map(ExitStatus::code)));
  }

  @Test
  void output_isCarriedByteForByte() {
    Subprocess child = Commands.started(Command.shell("printf '\\000\\377\\n'").out(Stdio.pipe()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Expect.ready(child.out().orElseThrow().toList()).forEach(c -> bytes.writeBytes(c.toArray()));

    assertEquals(Chunk.of(new byte[] {0, -1, '\n'}), Chunk.of(bytes.toByteArray()));
  }
}
