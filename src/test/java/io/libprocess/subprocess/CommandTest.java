package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.libprocess.future.Future;
import io.libprocess.stream.Chunk;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {

  @TempDir Path directory;

  private static String output(Command command) {
    return Expect.ready(command.output());
  }

  /* ------ Pinned by the original, under its names ------ */

  @Test
  void environmentEcho() {
    Command echo = Command.shell("echo $MESSAGE").environment(Map.of("MESSAGE", "hello"));

    assertEquals("hello\n", output(echo));
  }

  @Test
  void environment() {
    assertEquals("a\n", output(Command.shell("echo $ONE").environment(Map.of("ONE", "a"))));
    assertEquals(
        "a b\n",
        output(Command.shell("echo $ONE $TWO").environment(Map.of("ONE", "a", "TWO", "b"))));
  }

  @Test
  void environmentWithSpaces() {
    Command echo = Command.shell("echo \"$MESSAGE\"").environment(Map.of("MESSAGE", "a  b c"));

    assertEquals("a  b c\n", output(echo));
  }

  @Test
  void environmentWithSpacesAndQuotes() {
    Command echo =
        Command.shell("echo \"$MESSAGE\"").environment(Map.of("MESSAGE", "\"a b\" 'c\" d"));

    assertEquals("\"a b\" 'c\" d\n", output(echo));
  }

  @Test
  void environmentOverride() {
    String present = System.getenv().containsKey("HOME") ? "HOME" : "PATH";
    Command echo = Command.shell("echo /$" + present + "/$PATH/");
    String path = "/usr/bin:/bin:/override";

    assertEquals(
        present.equals("HOME") ? "//" + path + "/\n" : "/" + path + "/" + path + "/\n",
        output(echo.environment(Map.of("PATH", path))));
  }

  @Test
  void flags() {
    String json = "{\"s\": \"it's \\\"quoted\\\"\", \"o\": {\"n\": [1, 2]}}";
    Command echo =
        Command.of("printf", "%s\\n")
            .flag("b", true)
            .flag("i", 42)
            .flag("s", "hello  'world' \"$HOME\" *")
            .flag("d", "10secs")
            .flag("j", json);

    assertEquals(
        "--b=true\n--i=42\n--s=hello  'world' \"$HOME\" *\n--d=10secs\n--j=" + json + "\n",
        output(echo));
  }

  /* ------ Our own ------ */

  @Test
  void flag_isRefusedByALineForTheShell() {
    assertThrows(IllegalStateException.class, () -> Command.shell("true").flag("a", 1));
  }

  @Test
  void of_passesArgumentsAsTheyAre() {
    assertEquals(
        "a b|$HOME||*|\n",
        output(Command.of("printf", "%s|%s|%s|%s|\\n", "a b", "$HOME", "", "*")));
    assertThrows(IllegalArgumentException.class, () -> Command.of(List.of()));
  }

  @Test
  void environment_emptyIsEmpty() {
    assertEquals("", output(Command.of("env").environment(Map.of())));
  }

  @Test
  void extendEnvironment_keepsTheRest() {
    Command echo = Command.shell("echo $PATH $ONE $TWO");

    assertEquals(
        System.getenv("PATH") + " 1 2\n",
        output(
            echo.extendEnvironment(Map.of("ONE", "0", "TWO", "2"))
                .extendEnvironment(Map.of("ONE", "1"))));
  }

  @Test
  void program_isSearchedForInTheSuppliedPath() throws IOException {
    Path program = Files.writeString(directory.resolve("greet"), "#!/bin/sh\necho hello\n");
    assertTrue(program.toFile().setExecutable(true));

    assertEquals(
        "hello\n", output(Command.of("greet").environment(Map.of("PATH", directory + ":/bin"))));
    assertTrue(
        Expect.failureText(
                Command.of("env").environment(Map.of("PATH", directory.toString())).start())
            .startsWith("Failed to execute 'env': "));
  }

  @Test
  void program_isNoDirectoryOfThatName() throws IOException {
    Path first = Files.createDirectories(directory.resolve("first/greet")).getParent();
    Path program = Files.writeString(directory.resolve("greet"), "#!/bin/sh\necho hello\n");
    assertTrue(program.toFile().setExecutable(true));

    String path = first + ":" + directory + ":/bin";

    assertEquals("hello\n", output(Command.of("greet").environment(Map.of("PATH", path))));
  }

  @Test
  void directory_isWhereTheChildRuns() throws IOException {
    Files.createFile(directory.resolve("here"));

    assertEquals("here\n", output(Command.of("ls").directory(directory)));
  }

  @Test
  void directory_thatDoesNotExistIsNamed() {
    Path missing = directory.resolve("missing");

    assertEquals(
        "Failed to execute 'ls': there is no directory '" + missing + "'",
        Expect.failureText(Command.of("ls").directory(missing).start()));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void setsid_leadsASessionUnderThePidThatWasTold() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")));
    Subprocess child =
        Commands.started(
            Command.of("/usr/bin/setsid", "sh", "-c", "cut -d' ' -f6 /proc/$$/stat; exit 3")
                .out(Stdio.pipe()));

    String session = Expect.ready(Commands.text(child.out().orElseThrow())).strip();
    assertEquals(Long.toString(child.pid()), session);
    assertEquals(3, Expect.ready(child.status()).code());
  }

  @Test
  void program_thatDoesNotExistIsNamed() {
    String failure = Expect.failureText(Command.of("no-such-program", "argument").start());

    assertTrue(failure.startsWith("Failed to execute 'no-such-program': "), failure);
    assertTrue(failure.matches(".*\\b2\\b.*"), failure);
  }

  @Test
  void shell_reportsAnUnknownCommandAs127() {
    assertEquals(127, Commands.exitCode(Command.shell("no-such-program").err(Stdio.nothing())));
  }

  @Test
  void file_thatCannotBeOpenedIsNamed() {
    Path missing = directory.resolve("missing");

    String in = Expect.failureText(Command.of("cat").in(Stdio.path(missing)).start());
    String out = Expect.failureText(Command.of("ls").out(Stdio.path(directory)).start());

    assertTrue(in.startsWith("Failed to open '" + missing + "': No such file"), in);
    assertTrue(out.startsWith("Failed to open '" + directory + "': Is a directory"), out);
  }

  @Test
  void start_discardedBeforeItRunsStartsNothing() {
    ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    Path file = directory.resolve("touched");
    Future<Subprocess> start = Command.of("touch", file.toString()).executor(tasks::add).start();

    start.discard();
    tasks.remove().run();

    assertTrue(start.isDiscarded());
    assertTrue(Files.notExists(file));
  }

  @Test
  void start_onAnExecutorThatRefusesFails() {
    for (String reason : new String[] {null, "no thread can be started"}) {
      Future<Subprocess> start =
          Command.of("true")
              .executor(
                  task -> {
                    throw new RejectedExecutionException(reason);
                  })
              .start();

      String told = reason == null ? "" : ": " + reason;
      assertEquals("the executor of 'true' takes no call" + told, Expect.failureText(start));
    }
  }

  @Test
  void capture_hasStatusAndBothOutputs() {
    Command command = Command.shell("echo out; echo err >&2; exit 7");

    assertEquals(
        new Captured(new ExitStatus(7), Chunk.utf8("out\n"), Chunk.utf8("err\n")),
        Expect.ready(command.capture(4)));
  }

  @Test
  void capture_ofMoreThanTheLimitFailsAndKills() {
    String failure = Expect.failureText(Command.of("yes").capture(100_000));

    assertTrue(failure.matches("'yes \\(pid \\d+\\)' wrote more than 100000 bytes.*"), failure);
  }

  @Test
  void capture_discardedKillsTheTree() throws Exception {
    Path file = directory.resolve("pid");
    Future<Captured> captured =
        Command.shell("echo $$ > part; mv part pid; sleep 1000").directory(directory).capture(100);
    while (Files.notExists(file)) {
      Thread.onSpinWait();
    }
    ProcessHandle shell =
        ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();

    captured.discard();

    assertTrue(captured.await(Expect.LIMIT));
    assertTrue(captured.isDiscarded());
    shell.onExit().get(Expect.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void output_failsWithWhatTheCommandSays() {
    assertEquals(
        "'echo oh dear >&2; exit 3' exited with status 3: oh dear",
        Expect.failureText(Command.shell("echo oh dear >&2; exit 3").output()));
  }
}
