package io.libprocess.grpc;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.simulation.Exploration;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.Simulation;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import io.libprocess.stream.Sink;
import io.libprocess.stream.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each call ends exactly once and not after its deadline, is executed once at most, and leaves
 * nothing behind, whatever happens to the network, the servers and the caller's patience. The
 * worlds of one number are drawn from seeds, of which there are {@code libprocess.grpc.seeds}.
 */
@Timeout(600) // It computes, and waits for nobody.
class GrpcSimulationTest {

  private static final String NAME = "test.Sim";
  private static final GrpcMethod<Integer, Integer> DO =
      GrpcMethod.unary(NAME, "Do", Codec.INT, Codec.INT);
  private static final GrpcMethod<Integer, Integer> COUNT =
      GrpcMethod.serverStreaming(NAME, "Count", Codec.INT, Codec.INT);
  private static final GrpcMethod<Integer, Integer> CHAT =
      GrpcMethod.bidirectional(NAME, "Chat", Codec.INT, Codec.INT);

  /** By how much timers may be late in a world. */
  private static final Duration LATE = Duration.ofSeconds(1);

  private static final class Sent {
    Instant deadline;
    int executed;
    int outcomes;
    boolean succeeded;
  }

  /** The calls of a world. */
  private static final class Log {
    final List<Sent> all = new ArrayList<>();
    final List<Promise<Integer>> stalled = new ArrayList<>(); // Kept, or they would be abandoned.
    final List<String> wrong = new ArrayList<>();
    boolean good; // Servers do not stall any more.

    void executed(int number) {
      if (++all.get(number).executed > 1) {
        wrong.add("call " + number + " was executed twice");
      }
    }

    void ended(int number, boolean succeeded, Instant now) {
      Sent sent = all.get(number);
      sent.succeeded = succeeded;
      if (++sent.outcomes > 1) {
        wrong.add("call " + number + " has ended twice");
      }
      if (now.isAfter(sent.deadline.plus(LATE))) {
        wrong.add("call " + number + " has ended at " + now + ", after " + sent.deadline);
      }
      if (succeeded && sent.executed == 0) {
        wrong.add("call " + number + " succeeded, and nobody has executed it");
      }
    }

    boolean nothingIsWrong() {
      if (!wrong.isEmpty()) {
        throw new AssertionError(wrong.get(0));
      }
      return true;
    }

    boolean allHaveEnded() {
      return all.stream().allMatch(one -> one.outcomes == 1);
    }
  }

  /** Answers now, later or never. */
  private static final class Server extends Process<Server> {
    private final Log log;

    Server(Log log) {
      super(NAME);
      this.log = log;
    }

    @Override
    protected void initialize() {
      route(Route.at("/Do").streaming(), Grpc.unary(Codec.INT, Codec.INT, this::execute));
      route(
          Route.at("/Count").streaming(), Grpc.serverStreaming(Codec.INT, Codec.INT, this::count));
      route(Route.at("/Chat").streaming(), Grpc.bidirectional(Codec.INT, Codec.INT, this::chat));
    }

    private Future<Integer> execute(int number) {
      log.executed(number);
      int kind = node().random().nextInt(8);
      if (log.good || kind < 4) {
        return Future.of(number);
      }
      Promise<Integer> later = new Promise<>();
      later.future().onDiscard(later::discard);
      if (kind == 7) {
        log.stalled.add(later);
      } else {
        delay(Duration.ofMillis(1 + node().random().nextInt(800)), one -> later.set(number));
      }
      return later.future();
    }

    private Stream<Integer> count(int number) {
      log.executed(number);
      return Stream.from(IntStream.range(0, 40).boxed().toList());
    }

    private Stream<Integer> chat(Stream<Integer> numbers) {
      return numbers;
    }
  }

  /** Calls all the time, and gives up some calls. */
  private static final class Client extends Process<Client> {
    private final Host server;
    private final Log log;
    private GrpcChannel channel;
    private boolean ending;

    Client(Host server, Log log) {
      super("client");
      this.server = server;
      this.log = log;
    }

    @Override
    protected void initialize() {
      channel = GrpcChannel.to(node(), Url.of(server.address()));
      again();
    }

    private void again() {
      delay(
          Duration.ofMillis(node().random().nextInt(150)),
          one -> {
            if (!ending) {
              one.call();
              one.again();
            }
          });
    }

    void call() {
      Duration time = Duration.ofMillis(10 + node().random().nextInt(4000));
      GrpcChannel with =
          channel.with(
              GrpcOptions.defaults()
                  .withTimeout(time)
                  .withWaitForReady(node().random().nextInt(4) > 0));
      int number = log.all.size();
      Sent sent = new Sent();
      sent.deadline = clock().now().plus(time);
      log.all.add(sent);
      Future<?> call =
          switch (node().random().nextInt(4)) {
            case 0 ->
                with.serverStreaming(COUNT, number).stream()
                    .to(Sink.toList(40))
                    .map(
                        all -> {
                          if (all.size() != 40) {
                            log.wrong.add("call " + number + " got " + all);
                          }
                          return all;
                        });
            case 1 -> {
              sent.executed = 1; // Is not counted.
              yield with.bidirectional(CHAT, Stream.of(1, 2, 3)).stream().to(Sink.toList(3));
            }
            default -> with.call(DO, number);
          };
      call.onAny(done -> log.ended(number, done.isReady(), node().clock().now()));
      if (node().random().nextInt(5) == 0) {
        delay(Duration.ofMillis(node().random().nextInt(1000)), one -> call.discard());
      }
    }

    Future<Void> end() {
      ending = true;
      channel.close();
      return channel.closed();
    }
  }

  private static void world(World world) throws Exception {
    Log log = new Log();
    Host server =
        world.host(
            "server",
            host -> {
              host.start(config -> config.http2(true)).spawn(new Server(log));
            });
    Client client = new Client(server, log);
    world.client("client", host -> host.start().spawn(client));
    world.always("calls end once and in time", 20, log::nothingIsWrong);
    world.sometimes("a call succeeds", () -> log.all.stream().anyMatch(one -> one.succeeded));
    world.runFor(Duration.ofSeconds(12));
    world.heal();
    log.good = true;
    Future<Void> closed = client.self().callAsync(Client::end);
    world.eventually("all calls have ended", Duration.ofSeconds(10), log::allHaveEnded);
    world.eventually("the channel is closed", Duration.ofSeconds(10), closed::isReady);
    world.runFor(Duration.ofSeconds(10));
    world.check("nothing is wrong", log.nothingIsWrong());
    world.check("the channel is closed", closed.isReady());
  }

  @Test
  void calls_endOnceAndInTime() {
    SimulationConfig config =
        SimulationConfig.builder()
            .swarm()
            .faults(Faults.swarm().every(Duration.ofMillis(300), Duration.ofSeconds(10)))
            .build();
    Exploration explored =
        Simulation.explore(
            Simulation.seeds(1, Long.getLong("libprocess.grpc.seeds", 8)),
            config,
            GrpcSimulationTest::world);
    explored.orThrow();
  }
}
