package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.future.Future;
import io.libprocess.future.Promise;
import io.libprocess.http.Body;
import io.libprocess.http.ClientSettings;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.Url;
import io.libprocess.stream.Chunk;
import io.libprocess.stream.Pipe;
import io.libprocess.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes that speak HTTP/2 in a world of one thread: a stream whose reader is slow, or does not
 * read at all, holds up none of the 99 others of the connection, and costs them no time.
 */
class Http2ReadersTest {

  private static final int OTHERS = 99;
  private static final int REQUESTS = 3; // Of each of them, one after the other.
  private static final int LARGE = 1500 << 10;
  private static final String TEXT = "x".repeat(1024);

  /** Reads a body at a speed. */
  private static final class SlowReader {
    private final Node node;
    private final Pipe.Reader<Chunk> reader;
    private final Duration pause; // Between two pieces; zero if there is none.
    private final Promise<Long> all = new Promise<>();
    private long read;

    SlowReader(Node node, Pipe.Reader<Chunk> reader, Duration pause) {
      this.node = node;
      this.reader = reader;
      this.pause = pause;
    }

    Future<Long> start() {
      next();
      return all.future();
    }

    private void next() {
      reader.read().onAny(this::arrived);
    }

    private void arrived(Future<Optional<Chunk>> piece) {
      if (!piece.isReady()) {
        all.fail(piece.failure());
      } else if (piece.get().isEmpty()) {
        all.set(read);
      } else {
        read += piece.get().get().size();
        piece.get().get().release();
        if (pause.isZero()) {
          next();
        } else {
          node.clock().timer(pause, this::next);
        }
      }
    }
  }

  /** Serves small texts, a large one, and takes uploads as slowly as its world wants. */
  private static final class Files extends Process<Files> {
    private final Node node;
    private final Duration pause; // Null if uploads are not read.
    private final List<Pipe.Reader<Chunk>> unread = new ArrayList<>();

    Files(Node node, Duration pause) {
      super("files");
      this.node = node;
      this.pause = pause;
    }

    @Override
    protected void initialize() {
      route("/small", "", request -> Future.of(Response.ok(TEXT)));
      route(
          "/large",
          "",
          request -> Future.of(Response.ok(Chunk.of(new byte[LARGE]), "application/x")));
      route(
          Route.at("/upload").streaming(),
          request -> {
            if (!(request.body() instanceof Body.Streamed streamed)) {
              return Future.of(Response.ok(Long.toString(request.bytes().size())));
            }
            if (pause == null) {
              unread.add(streamed.reader());
              return new Promise<Response>().future();
            }
            return new SlowReader(node, streamed.reader(), pause)
                .start()
                .map(count -> Response.ok(Long.toString(count)));
          });
    }
  }

  private static Node start(World.Host host) {
    try {
      return NodeStart.start(
          Config.builder()
              .clock(host.clock())
              .ip(host.ip())
              .port(0)
              .httpClient(
                  ClientSettings.builder()
                      .http2(ClientSettings.Http2.PRIOR_KNOWLEDGE)
                      .gzip(false)
                      .build())
              .build(),
          host.runtime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Future<Integer> requests(Node client, Url url, int left, int done) {
    return left == 0
        ? Future.of(done)
        : client
            .http()
            .get(url)
            .then(
                response -> {
                  assertEquals(TEXT, response.text());
                  return requests(client, url, left - 1, done + 1);
                });
  }

  /** Runs the others, which may need no time. */
  private static void assertOthersGoOn(World world, Node client, Url small) {
    List<Future<Integer>> others = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      others.add(requests(client, small, REQUESTS, 0));
    }
    world.settle();
    for (Future<Integer> other : others) {
      assertTrue(other.isReady(), other::toString);
      assertEquals(REQUESTS, other.get());
    }
  }

  private static long connections(Node server) {
    return server.metrics().snapshot().get().get("libprocess/http2_connections").longValue();
  }

  /** The pauses of the reader in milliseconds; negative if it does not read. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 100, 0})
  void slowReaderOfAResponse_holdsUpNoOther(int pause) throws Exception {
    World.run(
        world -> {
          Node server = start(world.host());
          Node client = start(world.host());
          server.spawn(new Files(server, null));
          Url files = Url.of(server.address()).withTarget("/files/small");
          Future<Response> large =
              client.http().stream(files.withTarget("/files/large"), Request.get("/files/large"));
          world.settle();
          Pipe.Reader<Chunk> reader = ((Body.Streamed) large.get().body()).reader();
          Future<Long> all =
              pause < 0
                  ? new Promise<Long>().future()
                  : new SlowReader(client, reader, Duration.ofMillis(pause)).start();
          assertOthersGoOn(world, client, files);
          for (int i = 0; i < 3; i++) {
            world.runFor(Duration.ofMillis(700));
            assertOthersGoOn(world, client, files);
          }
          assertFalse((pause < 0 || pause > 10) && all.isReady());
          assertEquals(1, connections(server));
          if (pause >= 0) {
            world.runFor(Duration.ofMillis(1000 + 400L * pause));
            assertEquals(LARGE, all.get());
          }
          client.close();
          server.close();
          return null;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 100, 0})
  void slowReaderOfARequest_holdsUpNoOther(int pause) throws Exception {
    World.run(
        world -> {
          Node server = start(world.host());
          Node client = start(world.host());
          server.spawn(new Files(server, pause < 0 ? null : Duration.ofMillis(pause)));
          Url files = Url.of(server.address()).withTarget("/files/small");
          Future<Response> upload =
              client
                  .http()
                  .post(files.withTarget("/files/upload"), Body.of(Chunk.of(new byte[LARGE])), "");
          world.settle();
          for (int i = 0; i < 3; i++) {
            assertOthersGoOn(world, client, files);
            world.runFor(Duration.ofMillis(700));
          }
          assertFalse((pause < 0 || pause > 10) && upload.isReady());
          assertEquals(1, connections(server));
          if (pause >= 0) {
            world.runFor(Duration.ofMillis(1000 + 400L * pause));
            assertEquals(Integer.toString(LARGE), upload.get().text());
          }
          client.close();
          server.close();
          return null;
        });
  }
}
