package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.net.Address;
import io.libprocess.simulation.History;
import io.libprocess.simulation.Linearizable;
import io.libprocess.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The code of the worked examples on real nodes over loopback: it is the same, and what was planted
 * in it does not show there. That is why it needs a simulator.
 */
class RealNodesTest {

  private static final int AT_ONCE = 25; // Clusters.
  private static final int RUNS = 1000; // In the long mode, of each bug.
  private static final int NODES = 3;
  private static final int OPERATIONS = 10;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration ELECTIONS = Duration.ofSeconds(4);

  /** A real node, with what its processes store. */
  private record Real(Node node, Map<String, Object> store) implements Site {
    static Real start() {
      Config config = Config.builder().ip("127.0.0.1").port(0).workers(1).build();
      return new Real(Node.start(config), new ConcurrentHashMap<>());
    }

    @Override
    public String name() {
      return address().toString();
    }

    @Override
    public Address address() {
      return node.address();
    }

    @Override
    public Clock clock() {
      return node.clock();
    }

    @Override
    public boolean isUp() {
      return true;
    }
  }

  /** Some nodes, what runs on them, and whether that has kept its promises. */
  private abstract static class Cluster implements AutoCloseable {
    final List<Site> sites = new ArrayList<>();
    final List<Real> nodes = new ArrayList<>();

    Cluster() {
      for (int i = 0; i < NODES; i++) {
        nodes.add(Real.start());
      }
      sites.addAll(nodes);
    }

    /** Looks at it, again and again; whether it is done. */
    abstract boolean isDone();

    abstract boolean isRight();

    @Override
    public void close() {
      nodes.forEach(one -> one.node().close());
    }
  }

  private static final class Registers extends Cluster {
    private final History history = new History();
    private final List<Register.Client> clients = new ArrayList<>();

    Registers(boolean writesBack) {
      nodes.forEach(one -> one.node().spawn(new Register.Replica(one.store())));
      for (int i = 0; i < NODES; i++) {
        Register.Client client = new Register.Client(sites, i, OPERATIONS, writesBack, history);
        clients.add(client);
        nodes.get(i).node().spawn(client);
      }
    }

    @Override
    boolean isDone() {
      return clients.stream().allMatch(Register.Client::isDone);
    }

    @Override
    boolean isRight() {
      return Linearizable.check(history, Linearizable.register(0)).isEmpty();
    }
  }

  private static final class Elections extends Cluster {
    private final Election.Observer observer = new Election.Observer();
    private final long end = System.nanoTime() + ELECTIONS.toNanos();
    private boolean twoLeases;

    Elections(Election.Bug bug, boolean leases) {
      List<String> names = sites.stream().map(Site::name).toList();
      nodes.forEach(
          one -> one.node().spawn(new Election.Member(one, names, observer, bug, leases)));
    }

    @Override
    boolean isDone() {
      List<Election.Member> holders = new ArrayList<>(observer.holders());
      holders.retainAll(observer.holders()); // Those that had it all the time in between.
      twoLeases |= holders.size() > 1;
      return observer.terms() > 1 || observer.terms() > 0 && System.nanoTime() > end;
    }

    @Override
    boolean isRight() {
      return observer.oneLeaderInATerm() && !twoLeases;
    }
  }

  /** Makes a cluster. */
  private interface Maker {
    Cluster make();
  }

  /** Runs as many clusters at once as asked for; how many of them were right. */
  private static int right(List<Maker> makers) throws InterruptedException {
    List<Cluster> clusters = new ArrayList<>();
    try {
      makers.forEach(maker -> clusters.add(maker.make()));
      await(() -> clusters.stream().filter(one -> !one.isDone()).count() == 0);
      return (int) clusters.stream().filter(Cluster::isRight).count();
    } finally {
      clusters.forEach(Cluster::close);
    }
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not done after " + LONGEST);
      Thread.sleep(5);
    }
  }

  @Test
  void rightCode_isRightOnRealNodes() throws InterruptedException {
    List<Maker> makers =
        List.of(
            () -> new Registers(true),
            () -> new Registers(true),
            () -> new Elections(Election.Bug.NONE, true),
            () -> new Elections(Election.Bug.NONE, false));

    assertEquals(makers.size(), right(makers));
  }

  /** It may only be found if the machine is so busy that messages take hundreds of milliseconds. */
  @Test
  @EnabledIfSystemProperty(named = "libprocess.simulation.long", matches = ".*")
  void whatWasPlanted_isNotFoundOnRealNodes() throws InterruptedException {
    Map<String, Maker> planted = new LinkedHashMap<>();
    planted.put("read without writing back", () -> new Registers(false));
    for (Election.Bug bug : Election.Bug.values()) {
      if (bug != Election.Bug.NONE) {
        boolean leases = bug == Election.Bug.COMPARES_CLOCKS;
        planted.put(bug.name(), () -> new Elections(bug, leases));
      }
    }
    for (Map.Entry<String, Maker> one : planted.entrySet()) {
      int right = 0;
      for (int runs = 0; runs < RUNS; runs += AT_ONCE) {
        List<Maker> makers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          makers.add(one.getValue());
        }
        right += right(makers);
      }
      System.out.println(
          one.getKey() + ": " + (RUNS - right) + " of " + RUNS + " real runs found it");
      assertEquals(RUNS, right, one.getKey());
    }
  }
}
