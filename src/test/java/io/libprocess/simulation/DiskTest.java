package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.future.CheckedConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks of hosts: files as the JDK has them, of which only what is forced survives a crash. */
class DiskTest {

  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  private static void run(long seed, CheckedConsumer<? super World> world) {
    Simulation.run(seed, SimulationConfig.standard(), world).orThrow();
  }

  private static Host host(World world) {
    return world.host("a", Host::start);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static Set<String> names(Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> found = Files.list(directory)) {
      found.forEach(path -> names.add(path.getFileName().toString()));
    }
    return names;
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  /* ------ As the JDK has it ------ */

  @Test
  void randomOperations_haveTheResultsThatTheyHaveOnARealDisk(@TempDir Path real) {
    run(
        1,
        world -> {
          Path simulated = Files.createDirectories(host(world).disk().resolve("x/y"));
          Random random = new Random(7);
          for (int i = 0; i < 600; i++) {
            long seed = random.nextLong();
            String expected = outcome(real, seed);
            assertEquals(expected, outcome(simulated, seed), "operation " + i);
          }
          assertEquals(tree(real), tree(simulated));
        });
  }

  private static String outcome(Path directory, long seed) {
    try {
      return operation(directory, new Random(seed));
    } catch (FileSystemException e) {
      // What is below a file does not exist; JDK 25 says so where JDK 17 has the general exception.
      boolean isBelowAFile = "Not a directory".equals(e.getReason());
      return (isBelowAFile ? NoSuchFileException.class : e.getClass()).getName();
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }

  private static String operation(Path directory, Random random) throws IOException {
    Path one = path(directory, random);
    Path other = path(directory, random);
    byte[] bytes = filled(random.nextInt(10_000), random.nextInt());
    switch (random.nextInt(14)) {
      case 0 -> Files.createDirectory(one);
      case 1 -> Files.delete(one);
      case 2 -> Files.move(one, other);
      case 3 -> Files.move(one, other, StandardCopyOption.REPLACE_EXISTING);
      case 4 -> Files.copy(one, other);
      case 5 -> Files.copy(one, other, StandardCopyOption.REPLACE_EXISTING);
      case 6 -> Files.write(one, bytes);
      case 7 -> Files.write(one, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      case 8 -> Files.write(one, bytes, StandardOpenOption.CREATE_NEW);
      case 9 -> {
        return "read " + Arrays.hashCode(Files.readAllBytes(one));
      }
      case 10 -> {
        return names(one).toString();
      }
      case 11 -> {
        return Files.isDirectory(one) + " " + Files.isRegularFile(one) + " " + Files.exists(other);
      }
      default -> {
        return inPlace(one, random, bytes);
      }
    }
    return "done";
  }

  private static String inPlace(Path one, Random random, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(one, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (random.nextInt(3) == 0) {
        channel.truncate(random.nextInt(12_000));
      }
      channel.position(random.nextInt(12_000));
      int written = channel.write(ByteBuffer.wrap(bytes));
      ByteBuffer read = ByteBuffer.allocate(5000);
      int count = channel.read(read, random.nextInt(14_000));
      channel.write(ByteBuffer.wrap(bytes, 0, bytes.length / 2), random.nextInt(9000));
      String seen = written + " " + count + " " + Arrays.hashCode(read.array());
      return seen + " " + channel.position() + " " + channel.size();
    }
  }

  private static Path path(Path directory, Random random) {
    Path path = directory;
    for (int depth = 1 + random.nextInt(2); depth > 0; depth--) {
      path = path.resolve("abcd".substring(random.nextInt(4)).substring(0, 1));
    }
    return path;
  }

  private static List<String> tree(Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted().toList()) {
        String content =
            Files.isDirectory(path) ? "" : " " + Arrays.hashCode(Files.readAllBytes(path));
        lines.add(directory.relativize(path) + content);
      }
    }
    return lines;
  }

  @Test
  void paths_areThoseOfTheJdk() {
    run(
        1,
        world -> {
          Path root = host(world).disk();
          for (String text : List.of("/a/b/../c", "a/./b", "/", "", "../x", "/a/b/c/", "a//b")) {
            Path ours = root.getFileSystem().getPath(text);
            Path real = Path.of(text);
            assertEquals(real.toString(), ours.toString());
            assertEquals(real.normalize().toString(), ours.normalize().toString());
            assertEquals(String.valueOf(real.getParent()), String.valueOf(ours.getParent()));
            assertEquals(String.valueOf(real.getFileName()), String.valueOf(ours.getFileName()));
            assertEquals(real.getNameCount(), ours.getNameCount(), text);
            assertEquals(real.isAbsolute(), ours.isAbsolute());
            assertEquals(real.resolve("d/e").toString(), ours.resolve("d/e").toString());
            assertEquals(real.resolveSibling("s").toString(), ours.resolveSibling("s").toString());
            assertEquals(real.startsWith("/a"), ours.startsWith("/a"));
            assertEquals(real.endsWith("c"), ours.endsWith("c"));
          }
          Path deep = root.resolve("a/b/c");
          assertEquals("../../x", deep.relativize(root.resolve("a/x")).toString());
          assertTrue(
              root.getFileSystem()
                  .getPathMatcher("glob:**/*.log")
                  .matches(root.resolve("a/b.log")));
        });
  }

  @Test
  void locks_areOfTheHost() {
    run(
        1,
        world -> {
          Path file = host(world).disk().resolve("f");
          try (FileChannel one =
                  FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
              FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = one.lock(0, 10, false);
            assertThrows(OverlappingFileLockException.class, () -> other.tryLock(5, 1, true));
            assertTrue(other.tryLock(10, 5, false).isValid());
            lock.release();
            assertFalse(lock.isValid());
            assertTrue(other.tryLock(0, 10, true).isShared());
          }
        });
  }

  /* ------ A crash ------ */

  @Test
  void forcedBytes_surviveACrash_othersByPagesAndSectors() {
    Set<String> seen = new HashSet<>();
    for (long seed = 1; seed <= 30; seed++) {
      run(
          seed,
          world -> {
            Host host = host(world);
            Path file = host.disk().resolve("f");
            Files.write(file, filled(3 * PAGE, 'o'));
            force(file);
            force(host.disk());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.write(ByteBuffer.wrap(filled(2 * PAGE, 'n')), PAGE);
            }

            host.restart(Host.Restart.KEEP_STORE);

            byte[] left = Files.readAllBytes(file);
            assertEquals(3 * PAGE, left.length);
            assertArrayEquals(filled(PAGE, 'o'), Arrays.copyOf(left, PAGE));
            seen.add(page(left, 1));
            seen.add(page(left, 2));
          });
    }
    assertEquals(Set.of("kept", "lost", "torn"), seen);
  }

  /** What has become of a page; each of its sectors is old or new as a whole. */
  private static String page(byte[] bytes, int page) {
    StringBuilder sectors = new StringBuilder();
    for (int at = page * PAGE; at < (page + 1) * PAGE; at += SECTOR) {
      assertArrayEquals(filled(SECTOR, bytes[at]), Arrays.copyOfRange(bytes, at, at + SECTOR));
      sectors.append((char) bytes[at]);
    }
    String text = sectors.toString();
    if (text.equals("oooooooo")) {
      return "lost";
    }
    if (text.equals("nnnnnnnn")) {
      return "kept";
    }
    assertTrue(text.matches("o+n+|n+o+"), text);
    return "torn";
  }

  @Test
  void names_areKeptInAPrefixOfTheirOrder() {
    Set<Set<String>> seen = new HashSet<>();
    for (long seed = 1; seed <= 40; seed++) {
      run(
          seed,
          world -> {
            Host host = host(world);
            Path root = host.disk();
            Files.writeString(root.resolve("a"), "1");
            force(root.resolve("a"));
            force(root);
            Files.writeString(root.resolve("b"), "2");
            Files.move(root.resolve("b"), root.resolve("c"));
            Files.delete(root.resolve("a"));

            host.restart(Host.Restart.KEEP_STORE);

            seen.add(names(root));
            if (Files.exists(root.resolve("a"))) {
              assertEquals("1", Files.readString(root.resolve("a")));
            }
          });
    }
    assertEquals(Set.of(Set.of("a"), Set.of("a", "b"), Set.of("a", "c"), Set.of("c")), seen);
  }

  @Test
  void forcedDirectory_hasItsNames_andThoseOfDirectoriesThatItsChangesConcern() {
    for (long seed = 1; seed <= 20; seed++) {
      run(
          seed,
          world -> {
            Host host = host(world);
            Path root = host.disk();
            Files.createDirectory(root.resolve("one"));
            Files.createDirectory(root.resolve("two"));
            force(root);
            Files.createFile(root.resolve("one/x"));
            Files.move(root.resolve("one/x"), root.resolve("two/x"));
            force(root.resolve("two"));
            Files.createFile(root.resolve("one/later"));
            Files.delete(root.resolve("two/x"));
            Files.createFile(root.resolve("two/y"));
            force(root.resolve("two"));

            host.restart(Host.Restart.KEEP_STORE);

            assertEquals(Set.of("y"), names(root.resolve("two")));
            assertFalse(Files.exists(root.resolve("one/x")));
          });
    }
  }

  @Test
  void whatWasOpenBeforeACrash_canBeUsedNoMore() {
    run(
        1,
        world -> {
          Host host = host(world);
          Path file = host.disk().resolve("f");
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          channel.lock();
          force(host.disk());
          host.restart(Host.Restart.KEEP_STORE);

          assertThrows(
              FileSystemException.class, () -> channel.write(ByteBuffer.wrap(new byte[1])));
          channel.close();
          try (FileChannel anew = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertTrue(anew.tryLock().isValid());
          }
        });
  }

  @Test
  void hostThatIsStopped_losesNothing_andItsDiskMayBeLost() {
    run(
        1,
        world -> {
          Host host = host(world);
          Path file = host.disk().resolve("f");
          Files.writeString(file, "text");
          host.stop();
          assertTrue(world.runUntil(() -> !host.isUp(), Duration.ofMinutes(1)));
          host.restart(Host.Restart.KEEP_STORE);
          assertEquals("text", Files.readString(file));

          host.restart(Host.Restart.LOSE_STORE);
          assertEquals(Set.of(), names(host.disk()));
        });
  }

  /* ------ On request ------ */

  @Test
  void fullDisk_refusesWhatIsLonger_untilSomethingIsDeleted() {
    run(
        1,
        world -> {
          Host host = host(world);
          Path root = host.disk();
          host.diskFaults().capacity(1000);
          Files.write(root.resolve("a"), new byte[600]);
          FileSystemException full =
              assertThrows(
                  FileSystemException.class, () -> Files.write(root.resolve("b"), new byte[401]));
          assertTrue(full.getMessage().contains("No space left"), full.getMessage());
          Files.write(root.resolve("a"), new byte[600], StandardOpenOption.WRITE);
          assertEquals(400, Files.getFileStore(root).getUsableSpace());
          Files.delete(root.resolve("a"));
          Files.write(root.resolve("b"), new byte[1000]);
        });
  }

  @Test
  void whatCouldNotBeForced_isLostEvenIfForcingSucceedsLater() {
    for (long seed = 1; seed <= 10; seed++) {
      run(
          seed,
          world -> {
            Host host = host(world);
            Path file = host.disk().resolve("f");
            try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
              force(host.disk());
              channel.write(ByteBuffer.wrap(filled(10, 'x')));
              host.diskFaults().errors(0, 1);
              assertThrows(IOException.class, () -> channel.force(true));
              host.diskFaults().errors(1, 0);
              assertThrows(IOException.class, () -> Files.readString(file));
              host.diskFaults().errors(0, 0);
              channel.force(true);
              assertEquals("xxxxxxxxxx", Files.readString(file));
            }
            host.restart(Host.Restart.KEEP_STORE);
            assertFalse(Files.readString(file).contains("x"));
          });
    }
  }

  @Test
  void bitsRot() {
    run(
        1,
        world -> {
          Host host = host(world);
          Path file = host.disk().resolve("f");
          byte[] written = filled(100, 0);
          Files.write(file, written);
          host.diskFaults().rot(1);
          byte[] read = Files.readAllBytes(file);
          int turned = 0;
          for (byte b : read) {
            turned += Integer.bitCount(b & 255);
          }
          assertEquals(1, turned);
          Files.delete(file);
          host.diskFaults().rot(1); // There is nothing.
        });
  }

  @Test
  void operations_takeTimeInBlockingCallsOnly() {
    run(
        1,
        world -> {
          Host host = host(world);
          Node node = host.nodes().get(0);
          Path file = host.disk().resolve("f");
          Duration before = world.elapsed();
          Files.writeString(file, "text");
          force(file);
          assertEquals(before, world.elapsed());

          List<Duration> took = new ArrayList<>();
          for (int factor : List.of(1, 1000)) {
            host.diskFaults().slow(factor);
            took.add(
                world.await(
                    node.async(
                        () -> {
                          Duration begun = world.elapsed();
                          force(file);
                          return world.elapsed().minus(begun);
                        }),
                    Duration.ofMinutes(1)));
          }
          assertTrue(took.get(0).compareTo(Duration.ofMillis(20)) < 0, took.toString());
          assertTrue(took.get(0).compareTo(Duration.ofNanos(400_000)) > 0, took.toString());
          assertTrue(took.get(1).compareTo(Duration.ofMillis(400)) > 0, took.toString());
        });
  }

  @Test
  void bytes_areInTheHashOfARun() {
    List<Long> hashes = new ArrayList<>();
    for (String text : List.of("one", "one", "two")) {
      hashes.add(
          Simulation.run(
                  1,
                  SimulationConfig.standard(),
                  world -> Files.writeString(host(world).disk().resolve("f"), text))
              .hash());
    }
    assertEquals(hashes.get(0), hashes.get(1));
    assertNotEquals(hashes.get(0), hashes.get(2));
  }

  @Test
  void directoryWithEntries_isNotDeleted() {
    run(
        1,
        world -> {
          Path root = host(world).disk();
          Files.createDirectories(root.resolve("a/b"));
          assertThrows(DirectoryNotEmptyException.class, () -> Files.delete(root.resolve("a")));
          Files.delete(root.resolve("a/b"));
          Files.delete(root.resolve("a"));
          assertFalse(Files.exists(root.resolve("a")));
        });
  }
}
