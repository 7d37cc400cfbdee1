package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.ControlFlow;
import io.libprocess.future.Future;
import io.libprocess.future.Futures;
import io.libprocess.future.Promise;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.subprocess.Captured;
import io.libprocess.subprocess.Command;
import io.libprocess.subprocess.ExitStatus;
import io.libprocess.subprocess.Signal;
import io.libprocess.subprocess.Stdio;
import io.libprocess.subprocess.Subprocess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Functions stand for the programs that a simulated host starts. */
class ProgramTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static SimulationReport run(CheckedConsumer<World> world) {
    return Simulation.run(1, SimulationConfig.builder().shrink(false).build(), world);
  }

  /** Answers each piece of its input in capitals, and exits with the number of pieces. */
  private static Future<Integer> shout(
      List<String> arguments, Pipe.Reader<Chunk> in, Pipe.Writer<Chunk> out) {
    int[] pieces = new int[1];
    return Futures.loop(
        in::read,
        piece -> {
          if (piece.isEmpty()) {
            return Future.of(ControlFlow.breakWith(pieces[0]));
          }
          pieces[0]++;
          String answer = piece.get().utf8().toUpperCase(Locale.ROOT);
          return out.write(Chunk.utf8(answer)).map(accepted -> ControlFlow.proceed());
        });
  }

  private static Node node(World world, String name, Program program) {
    Host host = world.host("a", Host::start);
    host.program(name, program);
    return host.nodes().get(0);
  }

  @Test
  void program_getsArgumentsAndInputAndIsHeard() {
    List<List<String>> given = new ArrayList<>();
    run(world -> {
          Node node =
              node(
                  world,
                  "shout",
                  (arguments, in, out) -> {
                    given.add(arguments);
                    return shout(arguments, in, out);
                  });
          Command command = Command.of("/usr/bin/shout", "-v", "x").in(Stdio.pipe());
          Subprocess child = world.await(node.run(command.out(Stdio.pipe())), LIMIT);
          for (int i = 0; i < 3; i++) {
            assertTrue(world.await(child.in().orElseThrow().write(Chunk.utf8("hi" + i)), LIMIT));
            Optional<Chunk> answer = world.await(child.out().orElseThrow().read(), LIMIT);
            assertEquals("HI" + i, answer.orElseThrow().utf8());
          }
          child.in().orElseThrow().close();
          assertEquals(new ExitStatus(3), world.await(child.status(), LIMIT));
          assertEquals(Optional.empty(), world.await(child.out().orElseThrow().read(), LIMIT));
          assertFalse(world.await(child.kill(), LIMIT));
        })
        .orThrow();

    assertEquals(List.of(List.of("-v", "x")), given);
  }

  @Test
  void outputIsCapturedToItsEnd_andAHookSeesThePid() {
    run(world -> {
          Node node =
              node(
                  world,
                  "many",
                  (arguments, in, out) -> {
                    assertEquals(Optional.empty(), in.read().get()); // It may wait.
                    for (int i = 0; i < 50; i++) {
                      assertTrue(out.write(Chunk.utf8("0123456789".repeat(1000))).get());
                    }
                    return Future.of(7);
                  });
          List<Long> pids = new ArrayList<>();
          Subprocess child =
              world.await(
                  node.run(Command.of("many").out(Stdio.pipe()).parentHook(pids::add)), LIMIT);
          assertEquals(List.of(child.pid()), pids);
          List<Chunk> all = world.await(child.out().orElseThrow().toList(), LIMIT);
          assertEquals(500_000, all.stream().mapToInt(Chunk::size).sum());
          assertEquals(7, world.await(child.status(), LIMIT).code());

          Future<Captured> captured = node.async(() -> Command.of("many").capture(1_000_000).get());
          assertEquals(500_000, world.await(captured, LIMIT).out().size());
        })
        .orThrow();
  }

  @Test
  void signalsDiscardTheProgram_andKillDoesNotWaitForIt() {
    run(world -> {
          List<Promise<Integer>> started = new ArrayList<>();
          Node node =
              node(
                  world,
                  "sleeper",
                  (arguments, in, out) -> {
                    Promise<Integer> never = new Promise<>();
                    started.add(never);
                    if (arguments.contains("polite")) {
                      never.future().onDiscard(never::discard);
                    } else {
                      world.detached(never.future());
                    }
                    return never.future();
                  });
          Subprocess polite = world.await(node.run(Command.of("sleeper", "polite")), LIMIT);
          assertEquals(Optional.empty(), polite.in());
          world.runFor(Duration.ofSeconds(1));
          assertTrue(polite.status().isPending());
          assertTrue(world.await(polite.kill(Signal.TERM), LIMIT));
          assertEquals(Optional.of(Signal.TERM), world.await(polite.status(), LIMIT).signal());

          Subprocess stubborn = world.await(node.run(Command.of("sleeper")), LIMIT);
          world.runFor(Duration.ofSeconds(1));
          stubborn.kill(Signal.TERM);
          world.runFor(Duration.ofSeconds(1));
          assertTrue(stubborn.status().isPending());
          assertTrue(started.get(1).future().hasDiscard());
          stubborn.kill();
          assertEquals(Optional.of(Signal.KILL), world.await(stubborn.status(), LIMIT).signal());
          assertEquals(
              Optional.empty(),
              world.await(node.async(() -> Subprocess.reap(stubborn.pid()).get()), LIMIT));

          Subprocess last = world.await(node.run(Command.of("sleeper")), LIMIT);
          world.runFor(Duration.ofSeconds(1));
          Future<ExitStatus> end = last.destroyTree(Duration.ofSeconds(3));
          world.runFor(Duration.ofSeconds(2));
          assertTrue(end.isPending());
          assertEquals(Optional.of(Signal.KILL), world.await(end, LIMIT).signal());
        })
        .orThrow();
  }

  /** A closed node kills its children; those of a host that fails are gone without a word. */
  @Test
  void programs_endWithTheirNodeOrHost() {
    run(world -> {
          List<Host> hosts = world.hosts(2, Host::start);
          List<Subprocess> children = new ArrayList<>();
          for (Host host : hosts) {
            host.program(
                "sleeper", (arguments, in, out) -> world.detached(new Promise<Integer>().future()));
            Node node = host.nodes().get(0);
            children.add(world.await(node.run(Command.of("sleeper")), LIMIT));
          }
          world.runFor(Duration.ofSeconds(1));
          hosts.get(0).crash();
          hosts.get(1).nodes().get(0).close();
          world.runFor(Duration.ofSeconds(1));
          assertTrue(children.get(0).status().isPending());
          assertEquals(137, world.await(children.get(1).status(), LIMIT).code());

          hosts.get(0).restart(Host.Restart.KEEP_STORE);
          Node again = hosts.get(0).nodes().get(0);
          assertTrue(world.await(again.run(Command.of("sleeper")), LIMIT).status().isPending());
        })
        .orThrow();
  }

  @Test
  void programThatFails_failsTheRunUnlessItIsExpected() {
    Program broken =
        (arguments, in, out) -> {
          throw new IllegalArgumentException("broken on purpose");
        };
    SimulationReport report =
        run(
            world -> {
              node(world, "broken", broken).run(Command.of("broken"));
              world.runFor(Duration.ofSeconds(1));
            });
    assertEquals("no unexpected exception", report.failure());
    assertTrue(report.toString().contains("The program broken"), report.toString());

    run(world -> {
          world.expect(IllegalArgumentException.class);
          Node node = node(world, "broken", broken);
          Subprocess child = world.await(node.run(Command.of("broken")), LIMIT);
          assertEquals(1, world.await(child.status(), LIMIT).code());
        })
        .orThrow();
  }

  @Test
  void whatStandsForNothing_isRefused() {
    run(world -> {
          Node node = node(world, "known", (arguments, in, out) -> Future.of(0));
          for (Command refused :
              List.of(
                  Command.of("unknown"),
                  Command.shell("known"),
                  Command.of("known").out(Stdio.path(Path.of("x"))))) {
            Future<Subprocess> started = node.run(refused);
            world.runUntil(() -> !started.isPending(), LIMIT);
            assertTrue(started.failure() instanceof UnsupportedOperationException);
          }
          Future<Subprocess> outside = Command.of("known").start();
          assertTrue(outside.failure() instanceof UnsupportedOperationException);
        })
        .orThrow();
  }

  @Test
  void programs_runTheSameWayAgain() {
    CheckedConsumer<World> world =
        one -> {
          Node node = node(one, "shout", ProgramTest::shout);
          Command command = Command.of("shout").in(Stdio.pipe()).out(Stdio.pipe());
          Subprocess child = one.await(node.run(command), LIMIT);
          one.await(child.in().orElseThrow().write(Chunk.utf8("a")), LIMIT);
          child.in().orElseThrow().close();
          one.await(child.status(), LIMIT);
        };
    assertEquals(run(world).hash(), run(world).hash());
  }
}
