package io.libprocess.simulation.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Body;
import io.libprocess.http.HttpClient;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Stream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each request of a client has one outcome, is executed once at most if it must not be repeated,
 * and leaves the client's connections to others, whatever happens to the servers.
 */
@Timeout(300) // Of a machine with much else to do.
class RequestsTest {

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .faults(Faults.swarm().every(Duration.ofMillis(300), Duration.ofSeconds(10)).mostDown(2));
  }

  static void world(World world) {
    boolean http2 = world.random("http2", 2) == 0;
    Requests.Log log = new Requests.Log();
    List<Host> servers =
        world.hosts(
            2 + (int) world.random("servers", 2),
            host -> host.start(with -> with.http2(http2)).spawn(new Requests.Server(log)));
    Requests.Client client = new Requests.Client(servers, log);
    world.client(
        "client",
        host ->
            host.start(settings -> settings.httpClient(Requests.settings(http2))).spawn(client));
    world.always("each request is executed and answered once", 20, log::nothingIsWrong);
    world.sometimes("a request fails", () -> log.failed() > 0);
    world.sometimes("a server stalls", () -> !log.stalled.isEmpty());
    world.runFor(Duration.ofSeconds(12));
    client.self().dispatch(Requests.Client::end);
    world.heal();
    log.good = true;
    world.eventually("all requests have ended", Duration.ofSeconds(60), log::allHaveEnded);
    // A connection that was asked for while the network was bad may be refused yet, of which the
    // request is told that waits for it then.
    world.runFor(Duration.ofSeconds(1));
    long before = log.succeeded();
    int sent = log.all.size();
    client.self().dispatch(Requests.Client::sendToAll);
    world.runFor(Duration.ofSeconds(10));
    world.check("all requests have one outcome", log.allHaveEnded());
    world.check("all are answered", log.succeeded() - before == log.all.size() - sent);
    log.stalled.forEach(never -> world.detached(never.future()));
  }

  @Test
  void requests_haveOneOutcomeAndLeaveTheirConnections() {
    LongMode.explore("requests", 40, 20_000, config(), RequestsTest::world);
  }

  /** A server whose response to one request never ends. */
  private static final class Endless extends Process<Endless> {
    Endless() {
      super("endless");
    }

    @Override
    protected void initialize() {
      Chunk chunk = Chunk.utf8("x".repeat(10_000));
      route(
          Route.get("/"),
          request -> Future.of(Response.stream(Stream.iterate(chunk, c -> c), "text/plain")));
      route(Route.get("/short"), request -> Future.of(Response.ok("short")));
    }
  }

  /** With HTTP/2 all of them share one connection. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamThatIsNotRead_delaysNoOthers(boolean http2) {
    SimulationConfig config =
        SimulationConfig.builder().swarm().faults(Faults.none()).chaos(false).shrink(false).build();
    Simulation.explore(
            Simulation.seeds(1, 20),
            config,
            world -> {
              Host server =
                  world.host(
                      "server", host -> host.start(with -> with.http2(http2)).spawn(new Endless()));
              Host client =
                  world.client(
                      "client",
                      host -> host.start(with -> with.httpClient(Requests.settings(http2))));
              HttpClient http = client.nodes().get(0).http();
              Url url = Url.of(server.address()).withTarget("/endless");
              Future<Response> endless = http.stream(url, Request.get("/"));
              Response unread = world.await(endless, Duration.ofSeconds(2));
              for (int i = 0; i < 10; i++) {
                Future<Response> answer =
                    http.get(Url.of(server.address()).withTarget("/endless/short"));
                assertEquals("short", world.await(answer, Duration.ofSeconds(1)).text());
              }
              ((Body.Streamed) unread.body()).reader().close();
            })
        .orThrow();
  }
}
