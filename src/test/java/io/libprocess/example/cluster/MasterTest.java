package io.libprocess.example.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.FaultyProxy;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.config.MessageLimits;
import io.libprocess.example.cluster.Master.Line;
import io.libprocess.example.cluster.Protocol.Result;
import io.libprocess.future.Future;
import io.libprocess.http.Url;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master with agents in JVMs of their own, which are killed, stopped and cut off. */
@Timeout(150)
class MasterTest {

  private static final int SLOTS = 2;
  private static final Duration HEARTBEAT = Duration.ofSeconds(2);

  @TempDir Path directory;

  private final Node node =
      Node.start(
          Config.builder()
              .messageLimits(MessageLimits.builder().heartbeat(HEARTBEAT).build())
              .build());
  private final PID<Master> master = node.spawn(new Master());
  private final List<AgentJvm> agents = new ArrayList<>();
  private final List<Future<Result>> results = new ArrayList<>();
  private FaultyProxy toAgent;
  private FaultyProxy toMaster;

  @BeforeEach
  void open() throws IOException {
    toAgent = new FaultyProxy();
    toMaster = new FaultyProxy();
    toMaster.target(node.address().port());
  }

  @AfterEach
  void close() throws IOException {
    agents.forEach(AgentJvm::close);
    toAgent.close();
    toMaster.close();
    node.close();
  }

  private AgentJvm agent() throws IOException {
    AgentJvm agent = new AgentJvm(master.toString(), SLOTS, 0, 0);
    agents.add(agent);
    return agent;
  }

  /** An agent that reaches the master, and is reached, by way of the proxies. */
  private void distantAgent() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    toAgent.target(port);
    agents.add(new AgentJvm("master@" + toMaster.address(), SLOTS, port, toAgent.address().port()));
  }

  private void submit(String command) {
    results.add(master.callAsync(m -> m.submit(command)));
  }

  private List<Line> lines() {
    return Expect.ready(master.call(Master::lines));
  }

  private long count(Work.State state) {
    return lines().stream().filter(line -> line.state() == state).count();
  }

  private void awaitAgents(int count) {
    Expect.until(
        () -> {
          Thread.sleep(5);
          return Expect.ready(master.call(Master::agents)) == count;
        });
  }

  /** Waits for all commands; the output of each is its number. */
  private void awaitResults() {
    for (int i = 0; i < results.size(); i++) {
      assertEquals(new Result(0, i + "\n"), Expect.ready(results.get(i)));
    }
  }

  @Test
  void commands_haveOneResultEach_whateverHappensToAgents() throws Exception {
    agent(); // Nothing happens to this one.
    AgentJvm killed = agent();
    AgentJvm stopped = agent();
    distantAgent();
    awaitAgents(4);
    int running = 4 * SLOTS;
    for (int i = 0; i < running; i++) {
      submit("while [ ! -e '" + directory + "/go' ]; do sleep 0.05; done; echo " + i);
    }
    for (int i = running; i < 2 * running; i++) {
      submit("echo " + i);
    }
    Expect.until(
        () -> {
          Thread.sleep(5);
          return count(Work.State.RUNNING) == running && count(Work.State.WAITING) == running;
        });

    killed.signal("KILL");
    stopped.signal("STOP");
    toAgent.partition();
    toMaster.partition();
    awaitAgents(1);
    Files.createFile(directory.resolve("go"));
    awaitResults();
    long again = lines().stream().filter(line -> line.attempts() > 1).count();
    assertTrue(again >= 3 * SLOTS, lines().toString());

    stopped.signal("CONT");
    toAgent.heal();
    toMaster.heal();
    awaitAgents(3); // Those who were given up begin anew.
    for (int i = 2 * running; i < 3 * running; i++) {
      submit("sleep 0.05; echo " + i);
    }
    awaitResults();
    assertEquals(results.size(), Expect.ready(master.call(Master::finished)));
    assertEquals(results.size(), count(Work.State.FINISHED));
    awaitAgents(3);
  }

  @Test
  void command_thatFails_hasAResultToo_andTheBookIsShown() throws Exception {
    agent();
    submit("echo out; exit 3");
    assertEquals(new Result(3, "out\n"), Expect.ready(results.get(0)));
    Url tasks = Url.of(node.address()).withTarget("/master/tasks");
    assertEquals(
        "[{\"id\":1,\"command\":\"echo out; exit 3\",\"state\":\"FINISHED\",\"attempts\":1}]",
        Expect.ready(node.http().get(tasks)).text());
  }
}
