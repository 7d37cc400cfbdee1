package io.libprocess.simulation;

import io.libprocess.actor.ProcessCell;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.internal.Log;
import io.libprocess.internal.Ordered;
import io.libprocess.internal.Reason;
import io.libprocess.internal.Saturating;
import io.libprocess.internal.scheduler.Task;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.InWorld;
import io.libprocess.simulation.engine.PendingFutures;
import io.libprocess.simulation.engine.Problem;
import io.libprocess.simulation.engine.SimulationThread;
import io.libprocess.simulation.engine.StepTrace;
import io.libprocess.simulation.engine.Stopped;
import io.libprocess.simulation.engine.TaskNames;
import io.libprocess.simulation.network.SimulatedChannel;
import io.libprocess.simulation.network.SimulatedNetwork;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One run of a world by a scenario, on a thread of its own. */
final class SimulationRun {

  private static final int LAST_LINES = 200;
  private static final int MOST_FRAMES = 40;

  static {
    Chaos.prepare();
    Log.divert(SimulationRun::log);
    PendingFutures.watch();
  }

  private final Scenario scenario;
  private final SimulationConfig config;
  private final CheckedConsumer<? super World> body;
  private final Consumer<String> writer; // Of all lines of the trace; null for none.
  private final boolean explains; // Where promises were made.
  private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
  private final SimulationThread thread = SimulationThread.of(this::run);

  private volatile Engine engine; // Null before it begins.
  private World world; // Of its thread.

  private SimulationRun(
      Scenario scenario,
      SimulationConfig config,
      CheckedConsumer<? super World> body,
      Consumer<String> writer,
      boolean explains) {
    this.explains = explains;
    this.scenario = scenario;
    this.config = config;
    this.body = body;
    this.writer = writer;
  }

  /** Starts a run. */
  static SimulationRun start(
      Scenario scenario,
      SimulationConfig config,
      CheckedConsumer<? super World> body,
      Consumer<String> writer) {
    SimulationRun run = new SimulationRun(scenario, config, body, writer, false);
    run.thread.start();
    return run;
  }

  /** Runs a scenario again, more slowly, to say more about the promises that were not kept. */
  static RunOutcome explain(
      Scenario scenario, SimulationConfig config, CheckedConsumer<? super World> body) {
    SimulationRun run = new SimulationRun(scenario, config, body, null, true);
    run.thread.start();
    return run.await();
  }

  /** Runs a scenario, and waits for that. */
  static RunOutcome of(
      Scenario scenario, SimulationConfig config, CheckedConsumer<? super World> body) {
    return start(scenario, config, body, null).await();
  }

  static World worldOf(Engine engine) {
    return engine.owner() instanceof SimulationRun run ? run.world : null;
  }

  /** Takes the lines that are logged in a world, of which the logger gets none. */
  private static boolean log(Level level, Supplier<String> text, Throwable cause) {
    Engine running = InWorld.current();
    World world = running == null ? null : worldOf(running);
    if (world == null) {
      return false;
    }
    if (level.compareTo(Level.INFO) >= 0) {
      world.logged(level, text.get(), cause);
    }
    return true;
  }

  /* ------ On the thread of the run ------ */

  private void run() {
    try {
      outcome.complete(simulate());
    } catch (Throwable thrown) {
      outcome.completeExceptionally(thrown);
    }
  }

  private RunOutcome simulate() {
    StepTrace trace = new StepTrace(writer);
    Engine running =
        new Engine(
            scenario.seed(),
            scenario.schedule(),
            scenario.limits(),
            trace,
            new Names(),
            this,
            explains);
    SimulatedNetwork links =
        new SimulatedNetwork(
            running, scenario.latency().source(), scenario.window(), scenario.cutting());
    world = new World(running, links, scenario, config);
    engine = running;
    try {
      body.accept(world);
      world.close();
    } catch (Stopped stopped) {
      // The engine knows why.
    } catch (Throwable thrown) {
      running.fail("the world's function", Reason.description(thrown), thrown);
    }
    running.end();
    Thread stranger = thread.stranger();
    if (stranger != null) {
      running.fail(
          "NOT_DETERMINISTIC",
          "the run has left the thread '" + stranger.getName() + "' behind" + stack(stranger),
          null);
    }
    return outcome(running);
  }

  private RunOutcome outcome(Engine running) {
    boolean failed = running.problem() != null;
    // What did not fail is hardly ever looked at.
    List<String> last = failed ? running.trace().last(LAST_LINES) : List.of();
    long hash = running.trace().hash().value();
    if (failed) {
      Problem problem = running.problem();
      world.timeline().add(problem.time(), null, StepTrace.Kind.CHECK, problem.check());
    }
    return new RunOutcome(
        scenario
            .withFaults(world.plan())
            .ran(running.steps(), running.time(), hash, running.drawn()),
        running.problem(),
        running.steps(),
        running.time(),
        hash,
        World.names(world.hosts()),
        World.names(world.servers()),
        Ordered.copyOf(world.reached()),
        world.chance().switchedOn(),
        world.timeline(),
        failed ? () -> last : () -> running.trace().last(LAST_LINES));
  }

  /** The names of tasks. */
  private static final class Names implements TaskNames {
    @Override
    public StepTrace.Kind kind(Task task) {
      if (task instanceof ProcessCell) {
        return StepTrace.Kind.RUN;
      }
      if (task instanceof SimulatedChannel.ChannelTask channel) {
        return channel.tellsEnd() ? StepTrace.Kind.END : StepTrace.Kind.DELIVER;
      }
      return StepTrace.Kind.TASK;
    }

    @Override
    public Object subject(Task task) {
      if (task instanceof ProcessCell cell) {
        return cell.pid();
      }
      return task instanceof SimulatedChannel.ChannelTask channel ? channel.description() : null;
    }

    @Override
    public long identity(Task task) {
      if (task instanceof ProcessCell cell) {
        return cell.key().hashCode();
      }
      return task instanceof SimulatedChannel.ChannelTask channel ? channel.identity() : 0;
    }
  }

  /* ------ On the thread that waits ------ */

  /** Waits for the end of the run, as long as it gets on. */
  RunOutcome await() {
    boolean interrupted = false;
    long seen = -1;
    try {
      for (; ; ) {
        try {
          return outcome.get(
              Saturating.sum(Saturating.millis(config.stuck()), 1), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          Engine running = engine;
          long steps = running == null ? 0 : running.steps();
          if (steps == seen) {
            return stuck(running);
          }
          seen = steps;
        } catch (InterruptedException e) {
          interrupted = true;
          thread.interrupt();
        } catch (ExecutionException e) {
          throw new IllegalStateException("the simulator failed", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String stack(Thread thread) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(thread.getStackTrace())
        .limit(MOST_FRAMES)
        .forEach(frame -> text.append("\n  at ").append(frame));
    return text.toString();
  }

  /** The run is left alone, for its thread cannot be ended. */
  private RunOutcome stuck(Engine running) {
    Thread busy = running == null ? thread : running.holder();
    String text = "no step has come to its end for " + config.stuck() + "; " + busy + stack(busy);
    long steps = running == null ? 0 : running.steps();
    Problem problem = new Problem("stuck", text, null, 0, steps);
    busy.interrupt();
    return new RunOutcome(
        scenario,
        problem,
        steps,
        0,
        0,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        new Timeline(),
        List::of);
  }
}
