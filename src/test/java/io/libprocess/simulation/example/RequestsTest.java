package io.libprocess.simulation.example;

import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Each request of a client has one outcome, is executed once at most if it must not be repeated,
 * and leaves the client's connections to others, whatever happens to the servers.
 */
class RequestsTest {

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(Faults.swarm().every(Duration.ofMillis(300), Duration.ofSeconds(10)).mostDown(2));
  }

  static void world(World world) {
    Requests.Log log = new Requests.Log();
    List<Host> servers =
        world.hosts(
            2 + (int) world.random("servers", 2),
            host -> host.start().spawn(new Requests.Server(log)));
    Requests.Client client = new Requests.Client(servers, log);
    world.client(
        "client",
        host -> host.start(settings -> settings.httpClient(Requests.settings())).spawn(client));
    world.always("each request is executed and answered once", 20, log::nothingIsWrong);
    world.sometimes("a request fails", () -> log.failed() > 0);
    world.sometimes("a server stalls", () -> !log.stalled.isEmpty());
    world.runFor(Duration.ofSeconds(12));
    client.self().dispatch(Requests.Client::end);
    world.heal();
    log.good = true;
    world.eventually("all requests have ended", Duration.ofSeconds(60), log::allHaveEnded);
    long before = log.succeeded();
    int sent = log.all.size();
    client.self().dispatch(Requests.Client::sendToAll);
    world.runFor(Duration.ofSeconds(10));
    world.check("all requests have one outcome", log.allHaveEnded());
    world.check("all are answered", log.succeeded() - before == log.all.size() - sent);
  }

  @Test
  void requests_haveOneOutcomeAndLeaveTheirConnections() {
    LongMode.explore("requests", 40, 20_000, config(), RequestsTest::world);
  }
}
