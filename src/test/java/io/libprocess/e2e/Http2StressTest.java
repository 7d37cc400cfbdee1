package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.http.server.Http2Wire;
import io.libprocess.support.Expect;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many connections with many streams of random sizes, some of which are reset: every other stream
 * gets its bytes back, and nothing is held afterwards. {@code -Dlibprocess.stress} multiplies the
 * requests.
 */
@Timeout(300)
class Http2StressTest {

  private static final int REQUESTS = 300 * Integer.getInteger("libprocess.stress", 1);
  private static final int CONNECTIONS = 4;
  private static final int STREAMS = 50;
  private static final int FRAME_HEAD = 9;

  private static final class Echo extends Process<Echo> {
    Echo() {
      super("echo");
    }

    @Override
    protected void initialize() {
      route("/held", "Echoes.", request -> Future.of(Response.ok(request.bytes(), "a/b")));
      route(
          Route.at("/streamed").streaming(),
          request -> Future.of(Response.stream(request.body().stream(), "a/b")));
    }
  }

  /** A client that takes everything at once, and opens the windows as far as possible. */
  private static final class Client {
    private final Random random;
    private final Socket socket;
    private final DataInputStream in;
    private final Map<Integer, byte[]> expected = new HashMap<>();
    private final Map<Integer, ByteArrayOutputStream> arrived = new HashMap<>();
    private final Map<Integer, Integer> unsent = new HashMap<>(); // How much of each body was sent.
    private final Map<Integer, Long> windows = new HashMap<>();
    private long window = 65_535;
    private int next = 1;
    private int reset;

    Client(Node node, int seed) throws IOException {
      random = new Random(seed);
      socket = new Socket(node.address().ip(), node.address().port());
      socket.setSoTimeout((int) Expect.LIMIT.toMillis());
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      send(
          Http2Wire.PREFACE,
          Http2Wire.settings(4, 1 << 30),
          Http2Wire.windowUpdate(0, 1 << 30),
          Http2Wire.settingsAck());
    }

    private void send(byte[]... frames) throws IOException {
      socket.getOutputStream().write(Http2Wire.join(frames));
    }

    void run() throws IOException {
      try (socket) {
        int started = 0;
        while (started < REQUESTS || !expected.isEmpty()) {
          while (started < REQUESTS && expected.size() < STREAMS) {
            start();
            started++;
          }
          write();
          readFrame();
        }
        assertTrue(reset > 0);
      }
    }

    private void start() throws IOException {
      int id = next;
      next += 2;
      byte[] body =
          new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(500)];
      random.nextBytes(body);
      send(Http2Wire.post(id, random.nextBoolean() ? "/echo/held" : "/echo/streamed"));
      if (random.nextInt(10) == 0) {
        reset++;
        send(Http2Wire.reset(id, 8));
        return;
      }
      expected.put(id, body);
      arrived.put(id, new ByteArrayOutputStream());
      unsent.put(id, 0);
      windows.put(id, 65_535L);
    }

    /** Sends what the windows allow. */
    private void write() throws IOException {
      for (Integer id : List.copyOf(unsent.keySet())) {
        byte[] body = expected.get(id);
        int from = unsent.get(id);
        int size =
            (int)
                Math.min(
                    Math.min(body.length - from, 1 + random.nextInt(16_384)),
                    Math.min(window, windows.get(id)));
        if (size <= 0 && from < body.length) {
          continue;
        }
        boolean end = from + size == body.length;
        byte[] part = Arrays.copyOfRange(body, from, from + size);
        send(Http2Wire.frame(Http2Wire.DATA, end ? Http2Wire.END_STREAM : 0, id, part));
        window -= size;
        windows.merge(id, (long) -size, Long::sum);
        if (end) {
          unsent.remove(id);
        } else {
          unsent.put(id, from + size);
        }
      }
    }

    private void readFrame() throws IOException {
      byte[] head = in.readNBytes(FRAME_HEAD);
      assertEquals(FRAME_HEAD, head.length, "the connection has ended");
      ByteBuffer parsed = ByteBuffer.wrap(head);
      int length = (parsed.getShort(0) & 0xFFFF) << 8 | head[2] & 0xFF;
      int id = parsed.getInt(5);
      byte[] payload = in.readNBytes(length);
      switch (head[3]) {
        case Http2Wire.DATA -> {
          if (expected.containsKey(id)) {
            arrived.get(id).write(payload);
          }
          send(Http2Wire.windowUpdate(0, Math.max(1, length)));
        }
        case Http2Wire.WINDOW_UPDATE -> {
          int increment = ByteBuffer.wrap(payload).getInt();
          if (id == 0) {
            window += increment;
          } else {
            windows.merge(id, (long) increment, Long::sum);
          }
        }
        case Http2Wire.PING -> {
          if (head[4] == 0) {
            send(Http2Wire.frame(Http2Wire.PING, Http2Wire.ACK, 0, payload));
          }
        }
        case Http2Wire.RST_STREAM, Http2Wire.GOAWAY ->
            throw new AssertionError("frame of type " + head[3] + " for " + id);
        default -> {}
      }
      if (head[3] <= Http2Wire.HEADERS && (head[4] & Http2Wire.END_STREAM) != 0) {
        byte[] body = expected.remove(id);
        if (body != null) {
          assertArrayEquals(body, arrived.remove(id).toByteArray());
        }
      }
    }
  }

  private static long value(Node node, String metric) {
    return Expect.ready(node.metrics().snapshot()).get(metric).longValue();
  }

  private static void awaitNothing(Node node, String metric) throws InterruptedException {
    long end = System.nanoTime() + Expect.LIMIT.toNanos();
    while (value(node, metric) != 0) {
      assertTrue(System.nanoTime() < end, () -> metric + " is " + value(node, metric));
      Thread.sleep(20);
    }
  }

  @Test
  void streamsOfAllSizes_getTheirBytesBack() throws Exception {
    Node node = Node.start(Config.builder().http2(true).build());
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      node.spawn(new Echo());
      List<java.util.concurrent.Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        Client client = new Client(node, i);
        clients.add(
            threads.submit(
                () -> {
                  client.run();
                  return null;
                }));
      }
      for (java.util.concurrent.Future<?> client : clients) {
        client.get(Expect.SECONDS, TimeUnit.SECONDS);
      }
      awaitNothing(node, "libprocess/http2_connections");
      awaitNothing(node, "libprocess/http_unanswered");
      awaitNothing(node, "libprocess/memory_held");
      assertEquals(CONNECTIONS * REQUESTS, value(node, "libprocess/http2_streams"));
    } finally {
      threads.shutdownNow();
      node.close();
    }
  }
}
