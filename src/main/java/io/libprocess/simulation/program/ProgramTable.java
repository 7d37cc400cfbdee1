package io.libprocess.simulation.program;

import io.libprocess.future.Future;
import io.libprocess.simulation.engine.Machine;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.subprocess.child.Child;
import io.libprocess.subprocess.child.Programs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs of a host between two of its starts, and those of them that run. */
public final class ProgramTable implements Programs {

  private static final long FIRST_PID = 1000;

  /** A function that stands for a program. */
  public interface Body {

    /** Runs it; the result becomes its exit code. */
    Future<Integer> run(List<String> arguments, Pipe.Reader<Chunk> in, Pipe.Writer<Chunk> out)
        throws Exception;
  }

  private final Machine machine;
  private final Map<String, Body> bodies;
  private final Map<Long, SimulatedChild> living = new LinkedHashMap<>(); // By pid.
  private long lastPid = FIRST_PID - 1;

  /**
   * The programs of a machine, whose executor of blocking calls this becomes.
   *
   * @param bodies by name; others may be added later
   */
  public ProgramTable(Machine machine, Map<String, Body> bodies) {
    this.machine = machine;
    this.bodies = bodies;
    machine.blocking(this);
  }

  @Override
  public void execute(Runnable call) {
    machine.async(call);
  }

  @Override
  public Child start(Request request) {
    String program = request.arguments().get(0);
    String name = program.substring(program.lastIndexOf('/') + 1);
    Body body = bodies.getOrDefault(program, bodies.get(name));
    if (body == null) {
      throw new UnsupportedOperationException(
          "nothing stands for the program '"
              + program
              + "' on the simulated host "
              + machine.name());
    }
    SimulatedChild child = new SimulatedChild(machine, name, ++lastPid, request);
    living.put(child.pid(), child);
    child.exitCode().onAny(ended -> living.remove(child.pid()));
    child.begin(body);
    return child;
  }

  @Override
  public Future<Optional<Integer>> exitCode(long pid) {
    SimulatedChild child = living.get(pid);
    return child == null ? Future.of(Optional.empty()) : child.exitCode().map(Optional::of);
  }

  /** What runs, for people. */
  public List<String> running() {
    return living.values().stream().map(Object::toString).toList();
  }
}
