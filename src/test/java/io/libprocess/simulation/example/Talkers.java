package io.libprocess.simulation.example;

import io.libprocess.Delivery;
import io.libprocess.Exit;
import io.libprocess.Node;
import io.libprocess.NodeTables;
import io.libprocess.PID;
import io.libprocess.config.MessageLimits;
import io.libprocess.simulation.Exploration;
import io.libprocess.simulation.Fault;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * A world of some hosts with some {@link Talker}s each: what messages and links of the library
 * promise, whatever happens to hosts and the network, and what they promise once nothing happens
 * any more.
 */
final class Talkers {

  private static final Duration NONE = Duration.ZERO;
  private static final long MEMORY = 64 << 20;

  private final World world;
  private final TalkLog log;
  private final List<Host> hosts = new ArrayList<>();
  private final int each; // Talkers on each host.
  private final Duration heartbeat;
  private final MessageLimits limits;
  private boolean respawning = true;

  private Talkers(World world, boolean drifts) {
    this.world = world;
    log = new TalkLog(world, drifts);
    each = 1 + (int) world.random("each", 3);
    heartbeat =
        List.of(NONE, Duration.ofSeconds(4), Duration.ofSeconds(12))
            .get((int) world.random("heartbeat", 3));
    boolean narrow = world.random("narrow", 3) == 0;
    limits =
        MessageLimits.builder()
            .heartbeat(heartbeat)
            .totalQueuedBytes(MEMORY)
            .queuedBytes(narrow ? 2_000 : MEMORY)
            .mailboxBytes(narrow ? 1_000 : MEMORY)
            .build();
  }

  /** Runs some seeds; the name of the check that failed first, or nothing. For {@link Mutant}s. */
  static final class Search implements BiFunction<Long, Long, String> {
    @Override
    public String apply(Long first, Long last) {
      Exploration found =
          Simulation.explore(
              Simulation.seeds(first, last),
              config().shrink(false).verifyEvery(0).build(),
              Talkers::run);
      return found.failures().isEmpty()
          ? ""
          : found.failures().get(0).failure()
              + (" of seed " + found.failures().get(0).seed() + "\n")
              + found.failures().get(0);
    }
  }

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder().swarm().limit(Duration.ofMinutes(4));
  }

  static void run(World world) {
    Faults faults = Faults.swarm().every(Duration.ofMillis(500), Duration.ofSeconds(20));
    boolean faultless = world.random("faultless", 8) == 0;
    boolean drifts = !faultless && world.random("drifts", 4) == 0;
    if (faultless) {
      faults = Faults.none();
    } else if (!drifts) {
      faults = faults.without(Fault.Kind.DRIFT);
    }
    Talkers talkers = new Talkers(world, drifts);
    talkers.start();
    world.faults(faults);
    talkers.log.calm(faultless);
    talkers.talkAndEnd();
  }

  private void start() {
    int count = 2 + (int) world.random("hosts", 3);
    world.expect(Talker.Tired.class);
    world.hosts(
        count,
        host -> {
          if (!hosts.contains(host)) {
            hosts.add(host);
          }
          Node node = host.start(settings -> settings.messageLimits(limits));
          for (int i = 0; i < each; i++) {
            spawn(node, host, "t" + i);
          }
        });
    world.always("nothing is wrong", 50, log::nothingIsWrong);
    world.always("ends are told in time", 500, log::endsAreTold);
    for (Exit.Reason reason : Exit.Reason.values()) {
      world.sometimes("an end is told, " + reason, () -> log.exits(reason) > 0);
    }
    for (Delivery delivery : Delivery.values()) {
      if (delivery != Delivery.REFUSED) {
        world.sometimes("a message is " + delivery, () -> log.deliveries(delivery) > 0);
      }
    }
  }

  private void spawn(Node node, Host host, String id) {
    TalkLog.Life life = log.begin(id + "@" + host.address(), host);
    Talker talker = new Talker(id, log, life, hosts, each);
    PID<Talker> pid;
    try {
      pid = node.spawn(talker);
    } catch (IllegalStateException closed) {
      return; // The host is being stopped.
    }
    log.begun(life, talker);
    node.exit(pid).onReady(exit -> respawn(node, host, id));
  }

  private void respawn(Node node, Host host, String id) {
    if (!respawning || !host.nodes().contains(node)) {
      return;
    }
    long pause = world.random("respawn", 4) == 0 ? 0 : world.random("respawn", 300);
    if (pause == 0) {
      spawn(node, host, id);
    } else {
      node.clock().timer(Duration.ofMillis(pause), () -> spawn(node, host, id));
    }
  }

  private void talkAndEnd() {
    world.runFor(Duration.ofSeconds(8));
    world.heal();
    world.runFor(Duration.ofSeconds(5)); // What is broken is noticed.
    log.beStrict();
    world.runFor(Duration.ofSeconds(6));
    log.phase(TalkLog.Phase.MEETING);
    eventually("all link and talk", Duration.ofSeconds(30), this::allHaveMet);
    log.phase(TalkLog.Phase.QUIET);
    world.runFor(Duration.ofSeconds(5));
    log.calm(true);
    world.runFor(Duration.ofSeconds(heartbeat.isZero() ? 100 : 20));
    world.check("deliveries are told truly", log.deliveriesAreTrue());
    log.calm(false);
    if (!heartbeat.isZero()) {
      silence(hosts.get((int) world.random("victim", hosts.size())));
    }
    end();
  }

  private void eventually(String name, Duration within, BooleanSupplier condition) {
    world.eventually(name, within, condition);
  }

  private boolean allHaveMet() {
    List<TalkLog.Life> living = log.living();
    if (living.size() != each * hosts.size()) {
      return false;
    }
    for (TalkLog.Life one : living) {
      for (TalkLog.Life other : living) {
        if (!one.process.hasAnswerOf(other)) {
          return false;
        }
      }
    }
    return true;
  }

  /** A host says nothing any more, and nobody is told but by heartbeats. */
  private void silence(Host host) {
    host.declareDead();
    host.crash();
    eventually(
        "a heartbeat finds the silence", heartbeat.plusSeconds(1), () -> log.links(host).isEmpty());
  }

  /** Half of them end, of which the others are told; nobody remembers what is over. */
  private void end() {
    respawning = false;
    List<TalkLog.Life> living = log.living();
    for (int i = 0; i < living.size(); i += 2) {
      living.get(i).process.node().terminate(living.get(i).process.self());
    }
    world.runFor(TalkLog.PATIENCE.plusSeconds(1));
    world.check("ends are told", log.endsAreTold());
    log.living().forEach(one -> one.process.self().dispatch(Talker::unlinkAll));
    world.runFor(Duration.ofSeconds(1));
    List<Node> nodes = new ArrayList<>();
    hosts.forEach(host -> nodes.addAll(host.nodes()));
    for (Node node : nodes) {
      if (!NodeTables.links(node).isEmpty()) {
        world.mark(node + " has " + NodeTables.links(node));
        world.check("no link is left", false);
      }
    }
    nodes.forEach(Node::close);
    world.runFor(Duration.ofSeconds(5));
    for (Node node : nodes) {
      if (!NodeTables.left(node).isEmpty()) {
        world.mark(node + " has " + NodeTables.left(node));
        world.check("nothing is left", false);
      }
    }
  }
}
