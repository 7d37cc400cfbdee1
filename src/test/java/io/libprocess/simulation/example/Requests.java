package io.libprocess.simulation.example;

import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.simulation.Host;
import io.libprocess.stream.Chunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A client with a pool of connections, and servers that are slow, stall, crash and reset. */
final class Requests {

  static final int PER_HOST = 3;

  private Requests() {}

  static ClientSettings settings(boolean http2) {
    return ClientSettings.builder()
        .http2(http2 ? ClientSettings.Http2.PRIOR_KNOWLEDGE : ClientSettings.Http2.OFF)
        .limits(
            Limits.builder()
                .headTime(Duration.ofSeconds(5))
                .idleTime(Duration.ofSeconds(3))
                .build())
        .connectTime(Duration.ofSeconds(2))
        .perHost(PER_HOST)
        .connections(PER_HOST + 2)
        .queued(20)
        .gzip(false)
        .build();
  }

  /** What became of one request. */
  static final class Sent {
    final boolean idempotent;
    int executed;
    int outcomes;
    boolean succeeded;

    Sent(boolean idempotent) {
      this.idempotent = idempotent;
    }
  }

  /** All requests of a world. */
  static final class Log extends Verdict {
    final List<Sent> all = new ArrayList<>();
    final List<Promise<Response>> stalled = new ArrayList<>(); // Kept, or they would be abandoned.
    boolean good; // Nothing goes wrong any more, and no server stalls.

    private void executed(int number) {
      Sent sent = all.get(number);
      if (++sent.executed > 1 && !sent.idempotent) {
        wrong("request " + number + " was executed " + sent.executed + " times");
      }
    }

    private void ended(int number, Future<Response> done) {
      Sent sent = all.get(number);
      if (++sent.outcomes > 1) {
        wrong("request " + number + " has " + sent.outcomes + " outcomes");
      }
      if (!done.isReady()) {
        return;
      }
      sent.succeeded = done.get().status().code() == 200;
      if (sent.succeeded && !done.get().text().equals("done " + number)) {
        wrong("request " + number + " got the answer '" + done.get().text() + "'");
      }
      if (sent.succeeded && sent.executed == 0) {
        wrong("request " + number + " was answered, and nobody has executed it");
      }
    }

    long succeeded() {
      return all.stream().filter(one -> one.succeeded).count();
    }

    long failed() {
      return all.stream().filter(one -> one.outcomes > 0 && !one.succeeded).count();
    }

    boolean allHaveEnded() {
      return all.stream().allMatch(one -> one.outcomes == 1);
    }
  }

  /** Does what is asked, now, later, or without ever saying so. */
  static final class Server extends Process<Server> {
    private final Log log;

    Server(Log log) {
      super("server");
      this.log = log;
    }

    @Override
    protected void initialize() {
      route(Route.post("/do"), this::execute);
      route(Route.get("/do"), this::execute);
    }

    private Future<Response> execute(Request request) {
      String number =
          request.method().equals("POST") ? request.text() : request.headers().first("Number", "");
      log.executed(Integer.parseInt(number.trim()));
      Response answer = Response.ok("done " + number.trim());
      int kind = node().random().nextInt(8);
      if (log.good || kind < 4) {
        return Future.of(answer);
      }
      Promise<Response> later = new Promise<>();
      if (kind == 7) {
        log.stalled.add(later);
      } else {
        delay(Duration.ofMillis(1 + node().random().nextInt(800)), one -> later.set(answer));
      }
      return later.future();
    }
  }

  /** Sends requests all the time, and gives some of them up. */
  static final class Client extends Process<Client> {
    private final List<Host> servers;
    private final Log log;
    private boolean ending;

    Client(List<Host> servers, Log log) {
      super("client");
      this.servers = servers;
      this.log = log;
    }

    @Override
    protected void initialize() {
      again();
    }

    void end() {
      ending = true;
    }

    private void again() {
      delay(
          Duration.ofMillis(node().random().nextInt(120)),
          one -> {
            if (!ending) {
              one.send(servers.get(node().random().nextInt(servers.size())));
              one.again();
            }
          });
    }

    /**
     * As many requests at once as there may be connections, and then as many again. They may be
     * repeated if a server has broken a connection that was kept.
     */
    void sendToAll() {
      for (int i = 0; i < 2 * PER_HOST; i++) {
        servers.forEach(server -> get(server));
      }
    }

    private Future<Response> get(Host server) {
      int number = begin(true);
      Request request = Request.get("/").withHeader("Number", String.valueOf(number));
      return ended(number, node().http().send(url(server), request));
    }

    private Future<Response> post(Host server) {
      int number = begin(false);
      String padded = number + " ".repeat(node().random().nextInt(2000));
      Body body = new Body.Bytes(Chunk.utf8(padded));
      return ended(number, node().http().post(url(server), body, "text/plain"));
    }

    private static Url url(Host server) {
      return Url.of(server.address()).withTarget("/server/do");
    }

    private int begin(boolean idempotent) {
      log.all.add(new Sent(idempotent));
      return log.all.size() - 1;
    }

    private Future<Response> ended(int number, Future<Response> response) {
      return response.onAny(done -> log.ended(number, done));
    }

    private void send(Host server) {
      Future<Response> response = node().random().nextBoolean() ? get(server) : post(server);
      switch (node().random().nextInt(6)) {
        case 0 ->
            delay(Duration.ofMillis(node().random().nextInt(1000)), one -> response.discard());
        case 1 ->
            response.after(
                Duration.ofMillis(node().random().nextInt(3000)),
                late -> {
                  late.discard();
                  return Future.failed(new TimeoutException());
                });
        default -> {}
      }
    }
  }
}
