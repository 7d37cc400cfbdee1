package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Exit.Reason;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Links to processes of another node against their ends, reconnects, traffic and connections that
 * break: each link is told of exactly one end, and of the true one if no connection breaks.
 */
class RemoteLinkStressTest {

  private static final int ROUNDS = 40 * Integer.getInteger("libprocess.stress", 1);
  private static final int LINKERS = 3;
  private static final int VICTIMS = 6;

  private final Node node = Node.start(Config.builder().build());
  private FaultyProxy proxy;
  private Node other;
  private final List<Linker> linkers = new ArrayList<>();
  private final List<PID<Linker>> pids = new ArrayList<>();

  /** Records the ends of each process that it is told of. */
  private static final class Linker extends Process<Linker> {
    private final ConcurrentMap<String, List<Reason>> told = new ConcurrentHashMap<>();

    @Override
    protected void exited(UPID pid, Exit exit) {
      told.merge(
          pid.id(),
          List.of(exit.reason()),
          (before, now) -> Stream.concat(before.stream(), now.stream()).toList());
    }

    void linkTo(UPID pid, boolean reconnect) {
      link(pid, reconnect ? RemoteConnection.RECONNECT : RemoteConnection.REUSE);
    }

    void say(UPID pid) {
      send(pid, "m", new byte[10]);
    }
  }

  @BeforeEach
  void open() throws IOException {
    proxy = new FaultyProxy();
    other = proxy.startNode();
    for (int i = 0; i < LINKERS; i++) {
      linkers.add(new Linker());
      pids.add(node.spawn(linkers.get(i)));
    }
  }

  @AfterEach
  void close() throws IOException {
    node.close();
    other.close();
    proxy.close();
  }

  @Test
  void linksOfAConnectionThatIsWhole_areToldTheTruth() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      play(round, false, EnumSet.of(Reason.TERMINATED));
    }
    checkOnce();
  }

  @Test
  void linksOfConnectionsThatBreak_areToldOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      play(round, true, EnumSet.of(Reason.TERMINATED, Reason.DISCONNECTED, Reason.NO_PROCESS));
    }
    checkOnce();
  }

  private void play(int round, boolean breaks, Set<Reason> truth) throws Exception {
    Random random = new Random(round);
    List<String> ids = new ArrayList<>();
    for (int v = 0; v < VICTIMS; v++) {
      String id = "victim " + round + "-" + v;
      ids.add(id);
      UPID victim = other.spawn(new Plain(id));
      UPID there = new UPID(id, proxy.address());
      for (PID<Linker> linker : pids) {
        boolean reconnect = random.nextInt(12) == 0;
        Expect.ready(
            linker.call(
                p -> {
                  p.linkTo(there, reconnect);
                  p.say(there);
                  return p;
                }));
      }
      if (breaks && random.nextInt(10) == 0) {
        breakConnection(random.nextBoolean());
      }
      if (random.nextInt(3) == 0) {
        TimeUnit.MICROSECONDS.sleep(random.nextInt(2000)); // Sometimes behind the announcement.
      }
      other.terminate(victim);
    }
    for (String id : ids) {
      for (Linker linker : linkers) {
        Reason reason = awaitToldOf(linker, id);
        assertTrue(truth.contains(reason), id + " in round " + round + ": " + reason);
      }
    }
  }

  private void breakConnection(boolean orderly) throws IOException {
    if (orderly) {
      proxy.cut();
    } else {
      proxy.reset();
    }
  }

  private static Reason awaitToldOf(Linker linker, String id) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Expect.SECONDS);
    while (!linker.told.containsKey(id)) {
      assertTrue(System.nanoTime() < end, "nothing was told of " + id);
      Thread.sleep(1);
    }
    return linker.told.get(id).get(0);
  }

  private void checkOnce() throws Exception {
    for (int i = 0; i < LINKERS; i++) {
      Expect.ready(pids.get(i).call(p -> p));
      for (Map.Entry<String, List<Reason>> told : linkers.get(i).told.entrySet()) {
        assertEquals(1, told.getValue().size(), told::toString);
      }
      assertEquals(ROUNDS * VICTIMS, linkers.get(i).told.size());
    }
    assertEquals(0, other.messages().remote().linkedNodes(), "links are remembered");
  }
}
