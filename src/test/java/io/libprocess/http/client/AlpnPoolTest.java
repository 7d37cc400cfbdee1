package io.libprocess.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.HttpClient;
import io.libprocess.http.HttpClients;
import io.libprocess.http.Limits;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Url;
import io.libprocess.http.context.ContextWire;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.http.server.HttpServer;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.net.Address;
import io.libprocess.net.NetworkAddress;
import io.libprocess.net.Tls;
import io.libprocess.net.Transport;
import io.libprocess.net.tls.TlsFixture;
import io.libprocess.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pool makes of the version of HTTP that a server chooses in the handshake of TLS. */
class AlpnPoolTest {

  private static final int MOST_SHARED = 4;

  @TempDir static Path directory;
  private static TlsFixture.Shared certificates;
  private static Tls serverTls;

  @BeforeAll
  static void makeCertificates() throws Exception {
    certificates = new TlsFixture.Shared(directory);
    serverTls =
        certificates
            .server(
                certificates.certificates.issue(certificates.authority, "far", "IP:10.0.0.2", 30))
            .build();
  }

  /** Dials when it is told to. */
  private static final class Held implements Transport {

    final List<Runnable> dials = new ArrayList<>();
    private final Transport transport;

    Held(Transport transport) {
      this.transport = transport;
    }

    @Override
    public Listener listen(NetworkAddress address, int backlog, Function<Channel, Handler> accepted)
        throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Channel> connect(NetworkAddress address, Function<Channel, Handler> connected) {
      Promise<Channel> promise = new Promise<>();
      dials.add(() -> promise.associate(transport.connect(address, connected)));
      return promise.future();
    }

    @Override
    public void close() {}
  }

  /** A client, and a server that answers nothing. */
  private static final class Pair {

    final World world;
    final Held network;
    final HttpServer server;
    final HttpClient client;
    final Url url;
    final List<Promise<Response>> calls = new ArrayList<>();
    final List<Future<Response>> responses = new ArrayList<>();
    private int dialled; // By dialAll().

    Pair(World world, boolean http2, Limits limits) {
      this.world = world;
      World.Host near = world.host();
      World.Host far = world.host();
      network = new Held(near.runtime().transport());
      server =
          new HttpServer(
              this::keep,
              limits,
              far.clock(),
              far.runtime().internalBlocking(),
              MemoryBudget.ofHeap(),
              null,
              ContextWire.foreign(far.clock()),
              new FailureAnswers(far.clock()),
              http2);
      url = Url.parse("https://10.0.0.2:" + listen(far) + "/");
      client =
          HttpClients.on(
              network,
              near.clock(),
              ClientSettings.builder()
                  .http2(ClientSettings.Http2.ALPN)
                  .tls(certificates.client().build())
                  .perHost(10)
                  .connections(10)
                  .queued(100)
                  .build());
    }

    private int listen(World.Host far) {
      try {
        return ((Address)
                far.runtime()
                    .transport()
                    .listen(new Address(far.ip(), 0), 1, serverTls.accepting(server.acceptor()))
                    .address())
            .port();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Future<Response> keep(Request request) {
      Promise<Response> promise = new Promise<>();
      calls.add(promise);
      return promise.future();
    }

    void get(int times) {
      for (int i = 0; i < times; i++) {
        responses.add(client.get(url));
      }
    }

    /** Lets the last dials go on, and returns how many there have been. */
    int dial(int from) {
      List.copyOf(network.dials.subList(from, network.dials.size())).forEach(Runnable::run);
      world.settle();
      return network.dials.size();
    }

    /** Lets all dials go on, and those that follow from that. */
    void dialAll() {
      while (dialled < network.dials.size()) {
        network.dials.get(dialled++).run();
        world.runFor(Duration.ofSeconds(1));
      }
    }

    void answerAll() {
      calls.forEach(call -> call.set(Response.ok("")));
      calls.clear();
      world.settle();
      responses.forEach(response -> assertEquals(200, response.get().status().code()));
      responses.clear();
    }
  }

  private static void inWorld(boolean http2, Limits limits, Consumer<Pair> body) throws Exception {
    World.run(
        world -> {
          Pair pair = new Pair(world, http2, limits);
          body.accept(pair);
          pair.client.close();
          world.settle();
          return null;
        });
  }

  @Test
  void serverThatChoosesHttp1_getsAConnectionForEachRequest() throws Exception {
    inWorld(
        false,
        Limits.defaults(),
        pair -> {
          pair.get(4);
          assertEquals(1, pair.network.dials.size()); // One might be enough for all.
          assertEquals(4, pair.dial(0)); // It is not: the others are dialled at once.
          assertEquals(1, pair.calls.size());
          assertEquals(4, pair.dial(1));
          assertEquals(4, pair.calls.size());
          pair.answerAll();
        });
  }

  @Test
  void serverThatChoosesHttp2_getsAllRequestsOnOneConnection() throws Exception {
    inWorld(
        true,
        Limits.defaults(),
        pair -> {
          pair.get(20);
          assertEquals(1, pair.dial(0));
          assertEquals(20, pair.calls.size());
          pair.answerAll();
        });
  }

  @Test
  void serverThatChoosesHttp2_getsFewConnectionsAlthoughTheyAreFull() throws Exception {
    inWorld(
        true,
        Limits.builder().pipelined(1).build(),
        pair -> {
          for (int dialled = 0; dialled < MOST_SHARED; dialled++) {
            pair.get(1); // All connections are full.
            assertEquals(dialled + 1, pair.dial(dialled));
          }
          pair.get(1);
          assertEquals(MOST_SHARED, pair.network.dials.size());
          pair.calls.remove(0).set(Response.ok(""));
          pair.world.settle();
          pair.answerAll();
        });
  }

  /** They would be refused by each new connection in turn, and fail after the third. */
  @Test
  void manyRequests_ofAServerThatTakesFewAtATimeAreAllAnswered() throws Exception {
    inWorld(
        true,
        Limits.builder().pipelined(1).build(),
        pair -> {
          pair.get(10);
          for (int answered = 0; answered < 10; answered++) {
            pair.dialAll();
            pair.calls.remove(0).set(Response.ok(""));
            pair.world.runFor(Duration.ofSeconds(1)); // Those that were refused are repeated.
          }
          pair.answerAll();
          assertEquals(MOST_SHARED, pair.network.dials.size());
        });
  }

  @Test
  void choiceOfAServer_isRememberedWhenItsConnectionsAreGone() throws Exception {
    inWorld(
        false,
        Limits.defaults(),
        pair -> {
          pair.get(1);
          pair.dial(0);
          pair.answerAll();
          pair.server.disconnect();
          pair.world.settle();
          assertEquals(0, HttpClients.pool(pair.client).open());
          pair.get(3);
          assertEquals(4, pair.network.dials.size());
          pair.dial(1);
          pair.answerAll();
        });
  }
}
