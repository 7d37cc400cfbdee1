package io.libprocess.simulation;

import static java.util.Objects.requireNonNull;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.config.MessageLimits;
import io.libprocess.future.CheckedConsumer;
import io.libprocess.http.access.Access;
import io.libprocess.internal.Saturating;
import io.libprocess.net.Address;
import io.libprocess.runtime.NodeAccess;
import io.libprocess.runtime.Runtime;
import io.libprocess.simulation.disk.Disk;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Machine;
import io.libprocess.simulation.engine.SimulatedScheduler;
import io.libprocess.simulation.engine.StepTrace;
import io.libprocess.simulation.network.SimulatedNetwork;
import io.libprocess.simulation.network.SimulatedTransport;
import io.libprocess.simulation.program.ProgramTable;
import io.libprocess.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A machine of a world. Its boot function runs at every start and makes its nodes and processes;
 * what that does not make again is gone after a crash, apart from what is in the {@link #store}.
 */
public final class Host {

  private static final NodeAccess<Node, Config> NODES = Access.to(Process.class);
  private static final long MEMORY = 256L << 20; // Of a node, whatever heap the JVM has.
  private static final MessageLimits MESSAGES =
      MessageLimits.builder().totalQueuedBytes(MEMORY / 2).mailboxBytes(MEMORY / 8).build();
  private static final double LATE = 0.25; // How many timers are late where timers are.

  /** Whether a host still has its store and its disk when it starts again. */
  public enum Restart {
    /** Everything. */
    KEEP_STORE,
    /** Nothing. */
    LOSE_STORE
  }

  private final World world;
  private final int index;
  private final String name;
  private final Address address;
  private final boolean client;
  private final CheckedConsumer<? super Host> boot;
  private final Map<String, Object> store = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final SimulatedTransport.Ports ports = new SimulatedTransport.Ports();

  private final Disk disk;
  private final Map<String, ProgramTable.Body> bodies = new LinkedHashMap<>();

  private Machine machine; // Null while it is down.
  private ProgramTable programs; // Null before it starts.
  private Draws secrets; // Null before it starts.
  private boolean leftOut; // It is never there.
  private boolean stopping; // Its nodes are being closed.
  private boolean declaredDead;
  private int starts;
  private int slowed; // How often; an earlier fault ends nothing of a later one.

  Host(World world, int index, String name, boolean client, CheckedConsumer<? super Host> boot) {
    this.world = world;
    this.index = index;
    this.name = name;
    address = new Address(SimulatedNetwork.ip(index), 5050);
    this.client = client;
    this.boot = boot;
    disk = new Disk(world.engine(), name, world::now);
  }

  /** The number of hosts that were made before. */
  public int index() {
    return index;
  }

  /** Its name, which other hosts can look up. */
  public String name() {
    return name;
  }

  /** Its address. */
  public InetAddress ip() {
    return address.ip();
  }

  /** Where its first node listens, or will. */
  public Address address() {
    return address;
  }

  /** Whether it runs. */
  public boolean isUp() {
    return machine != null;
  }

  /** Whether it was made as a client, and so no fault of a plan lets it fail. */
  boolean isClient() {
    return client;
  }

  /** How often it has been started. */
  public int starts() {
    return starts;
  }

  /** A store that survives crashes: a value that is put into it is durable at once. */
  public Map<String, Object> store() {
    return store;
  }

  /**
   * The directory at the top of its disk, which is empty at first: a file system in memory, for
   * {@link java.nio.file.Files} and {@link java.nio.channels.FileChannel}. What was written is
   * durable by {@code force}, and names are by a {@code force} of their directory, which is opened
   * for reading as a file. When the host {@linkplain #crash fails}, each page of 4 KiB that is not
   * durable is kept, lost or torn, and of new names, other names and deletions that are not durable
   * some are kept, in a prefix of their order. An operation takes time in {@link Node#async}, and
   * none in a process.
   *
   * <p>There are no links, owners, maps into memory and watches. {@code Files.createTempFile} draws
   * its names from no seed.
   */
  public Path disk() {
    return disk.path();
  }

  /** What may go wrong with its disk while it is up. */
  public DiskFaults diskFaults() {
    return new DiskFaults(disk);
  }

  /** The nodes that were started on it since it started. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /**
   * Its clock.
   *
   * @throws IllegalStateException if the host is down
   */
  public Clock clock() {
    return running().clock();
  }

  private Machine running() {
    if (machine == null) {
      throw new IllegalStateException(name + " is down");
    }
    return machine;
  }

  Machine machine() {
    return machine;
  }

  ProgramTable programs() {
    return programs;
  }

  /**
   * Lets a function stand for a program that nodes of this host {@linkplain Node#run start} by that
   * name, or by a path that ends with it; {@code sh} is the name of what a line for the shell
   * starts. It may be replaced, and stays when the host starts again. A signal asks the function's
   * future to discard; {@code kill} does not wait for what comes of that. What waits in a program
   * is lost when its host fails.
   */
  public void program(String called, Program program) {
    requireNonNull(program, "program");
    bodies.put(requireNonNull(called, "called"), program::run);
  }

  /** Starts a node on it. */
  public Node start() {
    return start(settings -> settings);
  }

  /**
   * Starts a node on it. Its address, clock, threads, network and random numbers are the host's.
   *
   * @throws IllegalArgumentException if the node is to speak TLS, whose bytes no seed decides
   */
  public Node start(UnaryOperator<Config.Builder> settings) {
    Machine on = running();
    Config config =
        settings
            .apply(
                Config.builder()
                    .ip(ip())
                    .workers(SimulatedScheduler.WORKERS)
                    .memoryBudget(MEMORY)
                    .messageLimits(MESSAGES)
                    .clock(on.clock()))
            .build();
    if (config.tls().isPresent()) {
      throw new IllegalArgumentException("TLS cannot be simulated: " + name);
    }
    SimulatedScheduler scheduler = new SimulatedScheduler(world.engine(), on);
    SimulatedTransport transport =
        new SimulatedTransport(world.links(), index, on, scheduler, ports);
    try {
      Runtime runtime = new Runtime(scheduler, on.clock(), transport, secrets::next);
      Node node = NODES.start(config, runtime);
      nodes.add(node);
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  /* ------ Faults ------ */

  void boot(long offset) {
    if (leftOut) {
      return;
    }
    starts++;
    stopping = false;
    ports.restart();
    machine = world.engine().machine(name, offset);
    secrets = machine.draws("host");
    programs = new ProgramTable(machine, bodies);
    world.links().up(index, machine);
    world.event(StepTrace.Kind.BOOT, this, "start " + starts);
    world
        .engine()
        .actAs(
            machine,
            () -> {
              try {
                boot.accept(this);
              } catch (Exception | AssertionError e) {
                world.engine().fail("boot of " + name, e.toString(), e);
              }
            });
  }

  /** It never starts: a failure is looked for without it. */
  void leaveOut() {
    leftOut = true;
    declaredDead = true;
  }

  /**
   * Lets it fail: everything on it vanishes between two steps. Others see nothing of that until
   * they send something. Does nothing if it is down.
   */
  public void crash() {
    world.betweenSteps(() -> fail(true));
  }

  private void fail(boolean powerFails) {
    if (machine != null) {
      Machine failed = machine;
      machine = null;
      stopping = false;
      nodes.clear();
      world.links().down(index);
      failed.kill();
      world.event(StepTrace.Kind.CRASH, this, "crash");
      if (powerFails) {
        disk.crash();
      } else {
        disk.close();
      }
    }
  }

  /** Starts it, after a crash if it is up. */
  public void restart(Restart what) {
    world.betweenSteps(
        () -> {
          crash();
          if (what == Restart.LOSE_STORE) {
            store.clear();
            disk.wipe();
          }
          boot(world.clockOffset(this));
        });
  }

  /**
   * Closes its nodes, as {@link Node#close} does, and then lets it be down; its disk loses nothing.
   */
  public void stop() {
    if (machine == null || stopping) {
      return;
    }
    stopping = true;
    Machine ending = machine;
    world.event(StepTrace.Kind.STOP, this, "stop");
    List<Node> closing = nodes();
    world
        .engine()
        .runApart(
            ending,
            () -> {
              closing.forEach(Node::close);
              world.soon(
                  () -> {
                    if (machine == ending) {
                      fail(false);
                    }
                  });
            });
  }

  /** Does nothing for a while, as in a pause of the collector; its network takes bytes. */
  public void pause(Duration lasting) {
    if (machine != null) {
      world.event(StepTrace.Kind.FAULT, this, "pause " + lasting);
      machine.hold(Saturating.nanos(lasting));
    }
  }

  /**
   * Lets each of its blocking calls take a time of this range, from now on until it fails; from 0.1
   * to 10 ms otherwise.
   */
  public void callTime(Duration least, Duration most) {
    if (least.isNegative() || most.compareTo(least) < 0) {
      throw new IllegalArgumentException("not a range of times: " + least + " to " + most);
    }
    running().callTime(Saturating.nanos(least), Saturating.nanos(most));
  }

  /** Lets each step of it take so many times as long, at least 1. */
  public void slow(int factor) {
    if (machine != null) {
      machine.slow(Math.max(1, factor));
    }
  }

  /** Lets its clock gain so many microseconds in each second; negative to lose them. */
  public void drift(double microseconds) {
    if (machine != null) {
      machine.drift(Math.max(-900_000, microseconds));
    }
  }

  /** It is to stay down, also when the world is healed. */
  public void declareDead() {
    declaredDead = true;
  }

  /** A fault of a plan, which ends by itself. */
  void begin(Fault fault) {
    long nanos = Saturating.nanos(fault.lasting());
    Machine concerned = machine;
    if (concerned == null) {
      return;
    }
    switch (fault.kind()) {
      case CRASH, CRASH_LOSING_STORE -> {
        crash();
        boolean lose = fault.kind() == Fault.Kind.CRASH_LOSING_STORE;
        restartLater(nanos, lose ? Restart.LOSE_STORE : Restart.KEEP_STORE);
      }
      case STOP -> {
        stop();
        restartLater(nanos, Restart.KEEP_STORE);
      }
      case PAUSE -> pause(fault.lasting());
      case SLOW -> {
        slow((int) fault.amount());
        int now = ++slowed;
        later(nanos, () -> concerned.slow(slowed == now ? 1 : (long) fault.amount()));
      }
      case DRIFT -> {
        drift(fault.amount());
        later(nanos, () -> concerned.drift(0));
      }
      case LATE_TIMERS -> {
        Draws draws = concerned.draws("timers");
        concerned.late(() -> lateness(fault.amount() > 0, draws));
        later(nanos, () -> concerned.late(() -> 0));
      }
      default -> throw new IllegalArgumentException("not of a host: " + fault);
    }
  }

  private static long lateness(boolean badly, Draws draws) {
    if (badly && draws.chance(LATE)) {
      return (long) (0.2e9 * StrictMath.pow(draws.unit(), 1000)) + draws.below(1_000_000);
    }
    return draws.below(1_000_000);
  }

  private void later(long nanos, Runnable end) {
    world.engine().at(world.engine().in(nanos), end);
  }

  private void restartLater(long nanos, Restart what) {
    int begun = starts;
    later(
        nanos,
        () -> {
          if (starts == begun && !declaredDead && !world.isOver()) {
            restart(what);
          }
        });
  }

  /** Ends all that is wrong with it, and starts it if it is down. */
  void heal() {
    endStop();
    if (machine == null && !declaredDead) {
      restart(Restart.KEEP_STORE);
    }
    recover();
  }

  /** Lets it be down now if it is being stopped, rather than some time later. */
  private void endStop() {
    if (stopping) {
      world.betweenSteps(() -> fail(false));
    }
  }

  /** Ends all that is wrong with it while it is up. */
  void recover() {
    diskFaults().end();
    endStop();
    if (machine == null) {
      return;
    }
    machine.slow(1);
    machine.drift(0);
    machine.late(() -> 0);
    machine.unhold();
  }

  @Override
  public String toString() {
    return name;
  }
}
