package io.libprocess.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A promise that is not kept by the end of a run fails it, and so does waiting in vain. */
class KeptPromisesTest {

  /** Promises, and does what it is told about that. */
  private static final class Promising extends Process<Promising> {
    Promising() {
      super("promising");
    }

    @Override
    protected void initialize() {
      install("text", (from, body) -> {});
    }

    Future<Integer> forget() {
      return new Promise<Integer>().future();
    }

    Future<Integer> giveUp() {
      Promise<Integer> promise = new Promise<>();
      promise.abandon();
      return promise.future();
    }

    Future<Integer> keepLater() {
      Promise<Integer> promise = new Promise<>();
      delay(Duration.ofSeconds(3), one -> promise.set(1));
      return promise.future();
    }
  }

  private static PID<Promising> promising(World world) {
    return world.host("a", Host::start).nodes().get(0).spawn(new Promising());
  }

  private static SimulationReport run(CheckedConsumer<World> world) {
    return Simulation.run(1, SimulationConfig.builder().shrink(false).build(), world);
  }

  @Test
  void forgottenPromise_failsTheRunAndIsSaidWhereItWasMade() {
    SimulationReport report =
        run(
            world -> {
              promising(world).callAsync(Promising::forget);
              world.runFor(Duration.ofSeconds(1));
            });

    assertEquals("every promise is kept", report.failure());
    String text = report.toString();
    assertTrue(text.contains("a has a future that promising@10.0.0.1:5050 made at"), text);
    assertTrue(text.contains("Promising.forget(KeptPromisesTest.java:"), text);
  }

  @Test
  void promiseOfTheWorldsFunction_countsToo() {
    SimulationReport report = run(world -> new Promise<Integer>().future().map(one -> one));

    assertEquals("every promise is kept", report.failure());
    assertTrue(report.toString().contains("world has a future that was made"), report.toString());
  }

  @Test
  void promiseThatIsGivenUp_needsAReason() {
    SimulationReport report =
        run(
            world -> {
              promising(world).callAsync(Promising::giveUp);
              world.runFor(Duration.ofSeconds(1));
            });
    assertEquals("every promise is kept", report.failure());
    assertTrue(report.toString().contains(", abandoned"), report.toString());

    run(world -> { // The process that was to keep it has ended.
          PID<Promising> promising = promising(world);
          world.runFor(Duration.ofSeconds(1));
          world.hosts().get(0).nodes().get(0).terminate(promising);
          Future<Integer> late = promising.call(one -> 1);
          world.runFor(Duration.ofSeconds(1));
          assertTrue(late.isPending());
        })
        .orThrow();
  }

  @Test
  void whatIsDetachedOrKeptOrLostWithItsHost_isNoFailure() {
    run(world -> {
          PID<Promising> promising = promising(world);
          world.detached(promising.callAsync(Promising::forget).map(one -> one + 1));
          promising.callAsync(Promising::keepLater);
          world.detached(new Promise<Integer>().future());
          world.runFor(Duration.ofSeconds(5));
        })
        .orThrow();
    run(world -> {
          Future<Integer> lost = promising(world).callAsync(Promising::forget);
          world.runFor(Duration.ofSeconds(1));
          world.hosts().get(0).crash();
          assertTrue(lost.isPending());
        })
        .orThrow();
  }

  @Test
  void eventually_saysWhatEachHostWaitsFor() {
    SimulationReport report =
        run(
            world -> {
              PID<Promising> promising = promising(world);
              Host other = world.host("b", Host::start);
              Node node = other.nodes().get(0);
              node.post(new UPID("promising", world.hosts().get(0).address()), "text", new byte[1]);
              world.detached(promising.callAsync(Promising::forget));
              world.runFor(Duration.ofSeconds(1));
              world.heal();
              world.hosts().get(0).pause(Duration.ofMinutes(1));
              promising.call(one -> 1);
              world.hosts().get(0).clock().timer(Duration.ofSeconds(7), () -> {});
              world.host("c", Host::start).crash();
              world.eventually("never", Duration.ofSeconds(2), () -> false);
            });

    assertEquals("eventually \"never\"", report.failure());
    String text = report.toString();
    assertTrue(text.contains("a waits for"), text);
    assertTrue(text.contains("1 mailboxes with events, of "), text);
    assertTrue(text.contains("promising: 1 events: DISPATCH"), text);
    assertTrue(text.contains("the next in 00:00:0"), text);
    assertTrue(text.contains("10.0.0.2:49152→10.0.0.1:5050"), text);
    assertTrue(text.contains("Promising.forget(KeptPromisesTest.java:"), text);
    assertTrue(text.contains("c is down"), text);
  }
}
