package io.libprocess.example.cluster;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.config.MessageLimits;
import io.libprocess.example.cluster.Protocol.Registration;
import io.libprocess.example.cluster.Protocol.Result;
import io.libprocess.example.cluster.Protocol.Running;
import io.libprocess.example.cluster.Protocol.Task;
import io.libprocess.future.Failure;
import io.libprocess.future.Future;
import io.libprocess.subprocess.Command;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Runs commands for a master. */
final class Agent extends Process<Agent> {

  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int MOST_OUTPUT = 64 << 10; // Bytes.

  private final UPID master;
  private final int slots;
  private final Set<Future<?>> commands = new HashSet<>();
  private long incarnation = System.currentTimeMillis(); // After those of earlier JVMs.

  Agent(UPID master, int slots) {
    super("agent");
    this.master = master;
    this.slots = slots;
  }

  @Override
  protected void initialize() {
    installCallAsync(Protocol.RUN, Protocol.TASK, Protocol.RESULT, (from, task) -> run(task));
    install(Protocol.LOST, Protocol.REGISTRATION, (from, given) -> lost(given.incarnation()));
    register();
  }

  private void register() {
    send(master, Protocol.REGISTER, Protocol.REGISTRATION, new Registration(incarnation, slots));
    delay(PERIOD, Agent::register);
  }

  /** Begins anew, if the master has given this up. */
  private void lost(long given) {
    if (given != incarnation) {
      return; // That is over already.
    }
    incarnation++;
    commands.forEach(Future::discard); // Which kills them.
    commands.clear();
    send(master, Protocol.REGISTER, Protocol.REGISTRATION, new Registration(incarnation, slots));
  }

  private Future<Result> run(Task task) {
    if (task.incarnation() != incarnation) {
      return Future.failed(new Failure("the task is for another incarnation"));
    }
    Future<Result> result =
        Command.shell(task.command())
            .parentHook(pid -> tell(task, pid))
            .capture(MOST_OUTPUT)
            .map(ended -> new Result(ended.status().code(), ended.out().utf8()));
    commands.add(result);
    return result.onAny(defer(done -> commands.remove(result)));
  }

  private void tell(Task task, long pid) {
    self()
        .dispatch(
            agent ->
                agent.send(
                    master,
                    Protocol.RUNNING,
                    Protocol.STATE,
                    new Running(task.id(), task.attempt(), pid)));
  }

  /**
   * Runs an agent until it is killed.
   *
   * @param arguments the UPID of the master, the number of slots, and the port at which others
   *     reach this node, 0 for the one that it listens on
   */
  public static void main(String[] arguments) {
    Config.Builder config = Config.fromEnvironment();
    config.messageLimits(MessageLimits.builder().heartbeat(Duration.ofSeconds(2)).build());
    int reachedAt = Integer.parseInt(arguments[2]);
    if (reachedAt > 0) {
      config.advertisePort(reachedAt);
    }
    Node node = Node.start(config.build());
    UPID master = UPID.parse(arguments[0]).orElseThrow();
    node.await(node.spawn(new Agent(master, Integer.parseInt(arguments[1]))));
  }
}
