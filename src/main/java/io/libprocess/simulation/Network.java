package io.libprocess.simulation;

import io.libprocess.internal.Saturating;
import io.libprocess.simulation.engine.Draws;
import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.StepTrace;
import io.libprocess.simulation.network.Direction;
import io.libprocess.simulation.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The network of a world. Partitions add up: two hosts reach each other when all that keeps them
 * apart has been {@linkplain #heal healed}.
 *
 * <p>What is lost by a partition is sent again, so existing connections go silent, and go on some
 * time after it is healed, up to as long as it has lasted.
 */
public final class Network {

  private final World world;
  private final Engine engine;
  private final SimulatedNetwork network;
  private final Draws draws;
  private int healed; // How often; what began before ends nothing any more.

  Network(Engine engine, SimulatedNetwork network, World world) {
    this.world = world;
    this.engine = engine;
    this.network = network;
    draws = engine.draws("swizzle"); // Not that of the plan, of which a replay draws nothing.
  }

  private void note(String text) {
    world.event(StepTrace.Kind.FAULT, null, text);
  }

  private void between(List<Integer> some, List<Integer> others, Consumer<Direction> change) {
    for (int one : some) {
      for (int other : others) {
        if (one != other) {
          change.accept(network.link(one, other));
          change.accept(network.link(other, one));
        }
      }
    }
  }

  private static List<Integer> indexes(List<Host> hosts) {
    return hosts.stream().map(Host::index).toList();
  }

  private List<Integer> allBut(List<Integer> some) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < network.hosts(); i++) {
      if (!some.contains(i)) {
        others.add(i);
      }
    }
    return others;
  }

  /** Keeps some hosts and some others apart. */
  public void partition(List<Host> some, List<Host> others) {
    partition(List.of(some, others));
  }

  /** Keeps the hosts of different groups apart. Those that are in no group are not concerned. */
  public void partition(List<List<Host>> groups) {
    note("partition " + groups);
    for (int i = 0; i < groups.size(); i++) {
      for (int j = i + 1; j < groups.size(); j++) {
        between(indexes(groups.get(i)), indexes(groups.get(j)), Direction::cut);
      }
    }
  }

  /** Lets what some hosts and some others send to each other be answered by resets. */
  public void reject(List<Host> some, List<Host> others) {
    note("reject " + some + " " + others);
    between(indexes(some), indexes(others), Direction::reject);
  }

  /**
   * Clogs random hosts one by one in the first half of a time, and releases them one by one in
   * another order.
   */
  public void swizzle(Duration lasting) {
    int set = (int) draws.between(1, (1L << Math.min(network.hosts(), 30)) - 1);
    note("swizzle " + set);
    swizzle(set, Saturating.nanos(lasting), network.hosts());
  }

  /** Keeps a host apart from all others. */
  public void isolate(Host host) {
    note("isolate " + host);
    List<Integer> one = List.of(host.index());
    between(one, allBut(one), Direction::cut);
  }

  /** Keeps two random halves of all hosts apart. */
  public void halves() {
    List<Integer> all = shuffled();
    int half = all.size() / 2;
    note("halves " + all.subList(0, half) + " " + all.subList(half, all.size()));
    between(all.subList(0, half), all.subList(half, all.size()), Direction::cut);
  }

  /** Keeps two random halves of the other hosts apart, of which both reach this one. */
  public void bridge(Host host) {
    List<Integer> all = shuffled();
    all.remove((Integer) host.index());
    int half = all.size() / 2;
    note("bridge " + host + " " + all.subList(0, half));
    between(all.subList(0, half), all.subList(half, all.size()), Direction::cut);
  }

  /** Lets each host reach a majority, each another one: its neighbours in a random ring. */
  public void majoritiesRing() {
    List<Integer> ring = shuffled();
    int reach = (ring.size() / 2 + 1) / 2;
    note("majorities " + ring);
    for (int i = 0; i < ring.size(); i++) {
      for (int j = i + 1; j < ring.size(); j++) {
        int distance = Math.min(j - i, ring.size() - j + i);
        if (distance > reach) {
          between(List.of(ring.get(i)), List.of(ring.get(j)), Direction::cut);
        }
      }
    }
  }

  private List<Integer> shuffled() {
    List<Integer> all = allBut(List.of());
    for (int i = all.size() - 1; i > 0; i--) {
      int j = (int) draws.below(i + 1);
      all.set(i, all.set(j, all.get(i)));
    }
    return all;
  }

  /** Loses everything that a host sends to another one, but not what comes back. */
  public void oneWay(Host from, Host to) {
    note("oneWay " + from + " → " + to);
    network.link(from.index(), to.index()).cut();
  }

  /** Breaks the connections between two hosts. */
  public void reset(Host one, Host other) {
    note("reset " + one + " " + other);
    network.reset(one.index(), other.index());
  }

  /** Lets nothing arrive from one host at another for a while, and then everything. */
  public void clog(Host from, Host to, Duration lasting) {
    note("clog " + from + " → " + to);
    clog(from.index(), to.index(), Saturating.nanos(lasting));
  }

  private void clog(int from, int to, long nanos) {
    network.link(from, to).clog(engine.in(nanos));
  }

  /** Lets a host send no more than so many bytes in a second to another one; 0 for any number. */
  public void bandwidth(Host from, Host to, long bytesPerSecond) {
    note("bandwidth " + from + " → " + to + " " + bytesPerSecond);
    network.link(from.index(), to.index()).bandwidth(bytesPerSecond);
  }

  /** Loses segments with a probability below 1; they are sent again, later. */
  public void lose(double probability) {
    note("loss " + probability);
    loseSome(probability);
  }

  private void loseSome(double probability) {
    for (int i = 0; i < network.hosts(); i++) {
      for (int j = 0; j < network.hosts(); j++) {
        if (i != j) {
          network.link(i, j).lose(Math.min(0.9, Math.max(0, probability)));
        }
      }
    }
  }

  /** Breaks connections with a probability when something was delivered, and not answered yet. */
  public void resetAfterDelivery(double probability) {
    note("reset after delivery " + probability);
    network.resetAfterDelivery(probability);
  }

  /** Lets bytes be on their way for another time. */
  public void latency(Latency latency) {
    note("latency " + latency);
    network.latency(latency.source());
  }

  /** Ends all that is wrong with the network, which then has latencies of a millisecond. */
  public void heal() {
    note("heal the network");
    healAll();
  }

  void healAll() {
    healed++;
    network.heal();
  }

  /* ------ Faults of a plan, which end by themselves ------ */

  void begin(Fault fault, int hosts) {
    long nanos = Saturating.nanos(fault.lasting());
    int host = Math.floorMod(fault.host(), hosts);
    int other = Math.floorMod(fault.other(), hosts);
    Direction link = network.link(host, other);
    if (host == other && fault.kind().isOfLink()) {
      return; // What a host sends to itself goes over no network.
    }
    switch (fault.kind()) {
      case PARTITION -> {
        apart(fault.host(), Direction::cut);
        later(nanos, () -> apart(fault.host(), Direction::join));
      }
      case REJECT -> {
        apart(fault.host(), Direction::reject);
        later(nanos, () -> apart(fault.host(), Direction::accept));
      }
      case ONE_WAY -> {
        link.cut();
        later(nanos, link::join);
      }
      case CLOG -> clog(host, other, nanos);
      case NARROW -> {
        link.bandwidth((long) fault.amount());
        later(nanos, () -> link.bandwidth(0));
      }
      case LOSS -> {
        loseSome(fault.amount());
        later(nanos, () -> loseSome(0));
      }
      case RESET -> network.reset(host, other);
      case RESET_AFTER_DELIVERY -> {
        network.resetAfterDelivery(fault.amount());
        later(nanos, () -> network.resetAfterDelivery(0));
      }
      case SWIZZLE -> swizzle(fault.host(), nanos, hosts);
      default -> throw new IllegalArgumentException("not of the network: " + fault);
    }
  }

  private void later(long nanos, Runnable end) {
    int now = healed;
    engine.at(
        engine.in(nanos),
        () -> {
          if (healed == now) {
            end.run();
          }
        });
  }

  private void apart(int set, Consumer<Direction> change) {
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < network.hosts(); i++) {
      if ((set >> i & 1) != 0) {
        some.add(i);
      }
    }
    between(some, allBut(some), change);
  }

  /** Clogs hosts one by one in a first half of the time, and releases them in another order. */
  private void swizzle(int set, long nanos, int hosts) {
    for (int host : shuffled()) {
      if (host < hosts && (set >> host & 1) != 0) {
        long begin = engine.time() + draws.below(Math.max(1, nanos / 2));
        long end = engine.in(nanos / 2 + draws.below(Math.max(1, nanos / 2)));
        int now = healed;
        engine.at(
            begin,
            () -> {
              for (int other : allBut(healed == now ? List.of(host) : allBut(List.of()))) {
                clog(host, other, end - engine.time());
                clog(other, host, end - engine.time());
              }
            });
      }
    }
  }
}
