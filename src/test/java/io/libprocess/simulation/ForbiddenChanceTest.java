package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.future.CheckedConsumer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each source of chance that a world must not use is found, and a table says by what. */
class ForbiddenChanceTest {

  /** By what a source is found. */
  private enum Means {
    /** A look at the class files. */
    AUDIT,
    /** The check of the calling thread where it enters the world. */
    THREAD,
    /** The comparison of two runs of one seed. */
    HASH,
    /** The comparison with a run of the same seed in another JVM: see {@link OtherJvmTest}. */
    OTHER_JVM
  }

  /**
   * So many that two JVMs hardly ever have the same order, which goes by where in the table they
   * begin to look and in which direction.
   */
  private static final class SaltedNames {
    static final Set<String> ALL =
        Set.of(IntStream.range(0, 10_000).mapToObj(Integer::toString).toArray(String[]::new));
  }

  /** A source of chance, by what it is found, and what it is to be called. */
  enum Source {
    NANO_TIME("java.lang.System.nanoTime", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return System.nanoTime();
      }
    },
    WALL_TIME("java.time.Instant.now", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        Instant now = Instant.now();
        return now.getNano() + now.getEpochSecond() * 1_000_000_007L;
      }
    },
    RANDOM("java.lang.Math.random", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return (long) (Math.random() * Long.MAX_VALUE);
      }
    },
    RANDOM_WITHOUT_SEED("java.util.Random.<init>", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return new java.util.Random().nextLong();
      }
    },
    THREAD_LOCAL("java.util.concurrent.ThreadLocalRandom.current", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return ThreadLocalRandom.current().nextLong();
      }
    },
    UUID_RANDOM("java.util.UUID.randomUUID", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return UUID.randomUUID().getLeastSignificantBits();
      }
    },
    IDENTITY("java.lang.System.identityHashCode", Means.AUDIT, Means.HASH) {
      @Override
      long draw(Node node) {
        return System.identityHashCode(new Object());
      }
    },
    IDENTITY_ORDER("", Means.HASH) {
      @Override
      long draw(Node node) {
        Set<Object> set = new HashSet<>();
        List<Object> made = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
          made.add(new Object());
        }
        set.addAll(made);
        long order = 0;
        for (Object one : set) {
          order = order * 31 + made.indexOf(one);
        }
        return order;
      }
    },
    STATIC("", Means.HASH) {
      @Override
      long draw(Node node) {
        return ++counter * 123_457;
      }
    },
    SALTED_ORDER("", Means.OTHER_JVM) {
      @Override
      long draw(Node node) {
        long order = 0;
        for (String one : SaltedNames.ALL) {
          order = order * 31 + one.hashCode();
        }
        return order;
      }
    },
    CURRENT_TIME("java.lang.System.currentTimeMillis", Means.AUDIT) { // Two runs may be as quick.
      @Override
      long draw(Node node) {
        return System.currentTimeMillis();
      }
    },
    SLEEP("java.lang.Thread.sleep", Means.AUDIT) { // It only takes real time.
      @Override
      long draw(Node node) throws Exception {
        Thread.sleep(1);
        return 0;
      }
    },
    PARALLEL_STREAM("java.util.List.parallelStream", Means.AUDIT) {
      @Override
      long draw(Node node) {
        return List.of(1, 2, 3).parallelStream().mapToInt(one -> one).sum();
      }
    },
    SOCKET("java.net.ServerSocket.<init>", Means.AUDIT) {
      @Override
      long draw(Node node) throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
          return socket.getLocalPort();
        }
      }
    },
    THREAD_START("java.lang.Thread.start", Means.AUDIT, Means.THREAD) {
      @Override
      long draw(Node node) throws Exception {
        Thread thread = new Thread(() -> node.spawn(new Drawer()));
        thread.setUncaughtExceptionHandler((one, thrown) -> {});
        thread.start();
        thread.join(10_000);
        return 0;
      }
    },
    EXECUTOR("java.util.concurrent.Executors.newSingleThreadExecutor", Means.AUDIT, Means.THREAD) {
      @Override
      long draw(Node node) throws Exception {
        var service = Executors.newSingleThreadExecutor();
        service.submit(() -> node.spawn(new Drawer()));
        service.shutdown();
        service.awaitTermination(10, TimeUnit.SECONDS);
        return 0;
      }
    },
    ASYNC_WITHOUT_EXECUTOR(
        "java.util.concurrent.CompletableFuture.runAsync", Means.AUDIT, Means.THREAD) {
      @Override
      long draw(Node node) throws Exception {
        try {
          CompletableFuture.runAsync(() -> node.spawn(new Drawer())).get(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException refused) {
          return 0;
        }
        return 0;
      }
    };

    private static long counter;

    private final String call;
    private final List<Means> found;

    Source(String call, Means... found) {
      this.call = call;
      this.found = List.of(found);
    }

    abstract long draw(Node node) throws Exception;
  }

  /** Lets chance decide how long it waits. */
  static final class Drawer extends Process<Drawer> {
    void waitAsLongAs(Source source) throws Exception {
      delay(Duration.ofNanos(1000 + Math.floorMod(source.draw(node()), 1_000_000L)), one -> {});
    }
  }

  static CheckedConsumer<World> world(Source source) {
    return world -> {
      Node node = world.host("a", host -> host.start()).nodes().get(0);
      PID<Drawer> drawer = node.spawn(new Drawer());
      for (int i = 0; i < 5; i++) {
        drawer.dispatch(one -> one.waitAsLongAs(source));
      }
      world.runFor(Duration.ofSeconds(1));
    };
  }

  private static List<Source> foundByARun() {
    return Arrays.stream(Source.values())
        .filter(one -> one.found.contains(Means.HASH) || one.found.contains(Means.THREAD))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("foundByARun")
  void chance_isFoundByARun(Source source) {
    SimulationConfig config = SimulationConfig.builder().shrink(false).verifyEvery(1).build();

    Exploration explored = Simulation.explore(Simulation.seeds(1, 3), config, world(source));

    assertEquals(1, explored.failures().size(), source + " was not found");
    SimulationReport report = explored.failures().get(0);
    assertEquals("NOT_DETERMINISTIC", report.failure(), report.toString());
    String by = source.found.contains(Means.THREAD) ? "by thread '" : "not the same way";
    assertTrue(report.toString().contains(by), report.toString());
  }

  @Test
  void chance_isFoundByALookAtTheClassFiles() throws URISyntaxException {
    Path classes =
        Path.of(
                ForbiddenChanceTest.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI())
            .resolve("io/libprocess/simulation");

    List<String> found = Simulation.audit(classes);

    for (Source source : Source.values()) {
      boolean seen =
          !source.call.isEmpty() && found.stream().anyMatch(line -> line.endsWith(source.call));
      assertEquals(source.found.contains(Means.AUDIT), seen, source + " in " + found);
    }
  }

  @Test
  void goodCode_isFoundNothingIn() throws URISyntaxException {
    Path classes =
        Path.of(Simulation.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("io/libprocess/actor");

    assertEquals(List.of(), Simulation.audit(classes));
  }
}
