package io.libprocess.subprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Tuple;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.support.Expect;
import io.libprocess.sync.Stress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Many children at once, and many one after the other: no thread each, and nothing left. */
@EnabledOnOs(OS.LINUX)
@Timeout(240)
class ManyChildrenTest {

  private static final int CHILDREN = 100; // With two outputs each; more than MOST_THREADS.
  private static final int SPAWNS = 200;
  private static final int MEGABYTE = 1_000_000;
  private static final int MOST_THREADS = 60;
  private static final boolean VIRTUAL_THREADS = Runtime.version().feature() >= 24;

  private record Ended(int number, ExitStatus status, long out, long err) {}

  private static Future<Long> count(Pipe.Reader<Chunk> reader, int expected) {
    return reader
        .toList()
        .map(
            chunks -> {
              for (Chunk chunk : chunks) {
                for (int i = 0; i < chunk.size(); i += 997) {
                  assertEquals(expected, chunk.at(i));
                }
              }
              return chunks.stream().mapToLong(Chunk::size).sum();
            });
  }

  private static Future<Ended> run(int number, Command command) {
    return command
        .start()
        .then(
            child ->
                Futures.collect(
                        child.status(),
                        count(child.out().orElseThrow(), 'a' + number % 26),
                        count(child.err().orElseThrow(), 'A' + number % 26))
                    .map(
                        (Tuple.Of3<ExitStatus, Long, Long> all) ->
                            new Ended(number, all.first(), all.second(), all.third())));
  }

  private static Command writer(int number) {
    char letter = (char) ('a' + number % 26);
    String line = "head -c %d /dev/zero | tr '\\000' %c";
    return Command.shell(
            String.format(line, MEGABYTE, letter)
                + " & "
                + String.format(line, MEGABYTE, Character.toUpperCase(letter))
                + " >&2; wait; exit "
                + number)
        .in(Stdio.nothing())
        .out(Stdio.pipe())
        .err(Stdio.pipe());
  }

  /** The names of platform threads, without the one that the JDK itself has for each child. */
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> !name.startsWith("process reaper"))
        .sorted()
        .toList();
  }

  @Test
  void children_aHundredAtOnceWriteAMegabyteToBothOutputs() {
    int before = threads().size();
    List<Future<Ended>> running = new ArrayList<>();
    for (int i = 0; i < CHILDREN; i++) {
      running.add(run(i, writer(i)));
    }

    Future<List<Ended>> all = Futures.collect(running);
    List<String> most = List.of();
    while (!all.await(Duration.ofMillis(50))) {
      List<String> now = threads();
      most = now.size() > most.size() ? now : most;
    }

    List<Ended> ended = all.get();
    if (VIRTUAL_THREADS) {
      assertTrue(most.size() < before + MOST_THREADS, most::toString);
    }

    for (int i = 0; i < CHILDREN; i++) {
      assertEquals(new Ended(i, new ExitStatus(i), MEGABYTE, MEGABYTE), ended.get(i));
    }
  }

  @Test
  void children_thatAreIdleNeedNoThreadEach() {
    int before = threads().size();
    List<Subprocess> children = new ArrayList<>();
    try {
      List<Future<Subprocess>> starting = new ArrayList<>();
      for (int i = 0; i < CHILDREN; i++) {
        starting.add(
            Command.of("cat").in(Stdio.pipe()).out(Stdio.pipe()).err(Stdio.pipe()).start());
      }
      children.addAll(Expect.ready(Futures.collect(starting)));
      Future<?> read = children.get(CHILDREN - 1).out().orElseThrow().read();
      children.get(CHILDREN - 1).in().orElseThrow().write(Chunk.utf8("x"));
      Expect.ready(read);

      if (VIRTUAL_THREADS) {
        List<String> now = threads();
        assertTrue(now.size() < before + MOST_THREADS, now::toString);
      }
    } finally {
      children.forEach(Subprocess::close);
    }
    for (Subprocess child : children) {
      assertEquals(0, Expect.ready(child.status()).code());
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static List<String> zombies() throws IOException {
    String ours = ") Z " + ProcessHandle.current().pid() + " ";
    List<String> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.endsWith(p.toString().replaceAll("\\D", ""))).toList()) {
        try {
          String stat = Files.readString(process.resolve("stat"));
          if (stat.contains(ours)) {
            found.add(stat);
          }
        } catch (IOException e) {
          // It has ended meanwhile.
        }
      }
    }
    return found;
  }

  @Test
  void children_oneAfterTheOtherLeaveNoDescriptorAndNoZombie() throws Exception {
    spawn(20);
    long before = descriptors();
    spawn(Math.min(Stress.times(SPAWNS), 20 * SPAWNS));

    Expect.until(() -> descriptors() <= before + 5);
    Expect.until(() -> zombies().isEmpty());
  }

  /** A few that are read to the end, a few that are dropped, and a few that cannot be started. */
  private static void spawn(int count) {
    for (int i = 0; i < count; i++) {
      Command command =
          Command.of(i % 10 == 9 ? "no-such-program" : "true")
              .in(i % 3 == 0 ? Stdio.nothing() : Stdio.pipe())
              .out(Stdio.pipe())
              .err(Stdio.pipe());
      Future<ExitStatus> status = command.start().then(Subprocess::status);
      status.await(Expect.LIMIT);
      assertEquals(i % 10 != 9, status.isReady());
    }
  }
}
