package io.libprocess.simulation.example;

import io.libprocess.Codec;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.simulation.Fault;
import io.libprocess.simulation.Faults;
import io.libprocess.simulation.Host;
import io.libprocess.simulation.SimulationConfig;
import io.libprocess.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A server with a {@link DurableLog}, to which a client has numbers appended, one after the other.
 * It answers when a number is durable; several wait for one force. Whatever it has answered is
 * there when it starts again.
 */
final class Journal {

  /** What the client knows. */
  private static final class Known {
    int answered;
    int appended; // In all lives of the server.
    int starts;
  }

  private Journal() {}

  static SimulationConfig.Builder config() {
    return SimulationConfig.builder()
        .swarm()
        .limit(Duration.ofMinutes(2))
        .faults(
            Faults.swarm()
                .without(Fault.Kind.CRASH_LOSING_STORE)
                .every(Duration.ofMillis(500), Duration.ofSeconds(10))
                .downFor(Duration.ofMillis(10), Duration.ofSeconds(1))
                .mostDown(1));
  }

  static void run(World world, DurableLog.Bug bug) {
    Known known = new Known();
    boolean failing = world.random("failing", 2) == 0;
    world.expect(DiskIsBroken.class);
    Host server =
        world.host(
            "server",
            host -> {
              host.diskFaults().errors(0, 0);
              DurableLog log = DurableLog.open(host.disk(), bug);
              known.starts++;
              check(world, known, log);
              if (failing) {
                host.diskFaults().errors(0, 0.05);
              }
              host.start().spawn(new Server(host, log, known));
            });
    for (int i = 0; i < 3; i++) {
      int share = i;
      world.client("client" + i, host -> host.start().spawn(new Client(server, known, share)));
    }
    world.sometimes(
        "a server starts again and has something", () -> known.starts > 1 && known.answered > 20);
    world.runFor(Duration.ofSeconds(20));
    server.restart(Host.Restart.KEEP_STORE);
    world.heal();
    world.runFor(Duration.ofSeconds(1));
    int before = known.answered;
    world.eventually("it goes on", Duration.ofSeconds(30), () -> known.answered > before);
  }

  private static void check(World world, Known known, DurableLog log) {
    List<Integer> numbers = log.numbers();
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) != i + 1) {
        world.mark("it has " + numbers);
        world.check("what is there was appended", false);
      }
    }
    if (numbers.size() < known.answered) {
      world.mark("it has " + numbers.size() + ", and has answered " + known.answered);
      world.check("what was answered is there", false);
    }
  }

  /** A server whose disk has failed starts anew, and reads what is there. */
  static final class DiskIsBroken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DiskIsBroken(Throwable cause) {
      super("the disk is broken", cause);
    }
  }

  /** Appends one number after the other, whoever asks for it. */
  private static final class Server extends Process<Server> {
    private final Host host;
    private final DurableLog log;
    private final Known known;
    private final Map<UPID, Integer> waiting = new LinkedHashMap<>(); // By who asked.
    private boolean writing;

    Server(Host host, DurableLog log, Known known) {
      super("journal");
      this.host = host;
      this.log = log;
      this.known = known;
    }

    @Override
    protected void initialize() {
      install(
          "append",
          Codec.INT,
          (from, request) -> {
            waiting.put(from, request);
            write();
          });
    }

    private void write() {
      if (writing || waiting.isEmpty()) {
        return;
      }
      writing = true;
      Map<UPID, Integer> now = new LinkedHashMap<>(waiting);
      waiting.clear();
      List<Integer> numbers = new ArrayList<>();
      for (int i = 1; i <= now.size(); i++) {
        numbers.add(log.last() + i);
      }
      node()
          .async(
              () -> {
                log.append(numbers);
                return true;
              })
          .onReady(done -> self().dispatch(one -> one.written(now, numbers)))
          .onFailed(failed -> self().dispatch(one -> one.broken(failed)));
    }

    private void written(Map<UPID, Integer> asked, List<Integer> numbers) {
      writing = false;
      known.answered = Math.max(known.answered, numbers.get(numbers.size() - 1));
      asked.forEach((client, request) -> send(client, "appended", Codec.INT, request));
      write();
    }

    private void broken(Throwable failed) {
      host.restart(Host.Restart.KEEP_STORE);
      throw new DiskIsBroken(failed);
    }
  }

  /** Asks again until it is answered, and then for the next one. */
  private static final class Client extends Process<Client> {
    private final UPID server;
    private final Known known;
    private int request;

    Client(Host server, Known known, int share) {
      super("client");
      this.server = new UPID("journal", server.address());
      this.known = known;
      request = share;
    }

    @Override
    protected void initialize() {
      install(
          "appended",
          Codec.INT,
          (from, answered) -> {
            if (answered == request) {
              known.appended++;
              request += 3;
              delay(Duration.ofMillis(node().random().nextInt(200)), one -> one.ask(one.request));
            }
          });
      ask(request);
    }

    private void ask(int number) {
      if (number == request) {
        send(server, "append", Codec.INT, number);
        delay(Duration.ofMillis(700), one -> one.ask(number));
      }
    }
  }
}
