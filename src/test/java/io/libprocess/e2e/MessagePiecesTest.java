package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.libprocess.Config;
import io.libprocess.Message;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.support.Expect;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that arrive in pieces while a node has no memory left. */
@Timeout(120)
class MessagePiecesTest {

  private static final int BUDGET = 16 << 10;

  private final Node node = Node.start(Config.builder().memoryBudget(BUDGET).build());

  /** Keeps every message. */
  private static final class Recorder extends Process<Recorder> {
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

    Recorder() {
      super("recorder");
    }

    @Override
    protected void initialize() {
      route(
          "/size",
          "The size of a body.",
          request -> Future.of(Response.ok("" + request.bytes().size())));
    }

    @Override
    protected void unhandled(Message message) {
      messages.add(message);
    }
  }

  /** Sends a message, which has one chunk as those of nodes have, to a part of its body. */
  private static void send(RawClient client, int length, int sent) throws IOException {
    client.send(
        "POST /recorder/m HTTP/1.1\r\nUser-Agent: libprocess/x@127.0.0.1:1\r\nHost: test\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + Integer.toHexString(length)
            + "\r\n"
            + "a".repeat(sent));
  }

  private static void sendRest(RawClient client, int count) throws IOException {
    Expect.pause(50); // So that it arrives as another piece.
    client.send("a".repeat(count) + "\r\n0\r\n\r\n");
  }

  private static void post(RawClient client, String part) throws IOException {
    client.send("POST /recorder/size HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n" + part);
  }

  private boolean isExhausted() {
    return Expect.ready(node.metrics().snapshot()).get("libprocess/memory_held") >= BUDGET;
  }

  @Test
  void smallOne_isKeptAndALargeOneIsRefused() throws Exception {
    Recorder recorder = new Recorder();
    node.spawn(recorder);
    try (node;
        RawClient greedy = new RawClient(node.address().port());
        RawClient small = new RawClient(node.address().port());
        RawClient large = new RawClient(node.address().port())) {
      send(greedy, 40_000, 20_000);
      Expect.until(this::isExhausted);

      send(small, 10, 5);
      sendRest(small, 5);
      assertEquals(202, small.reply().status());
      assertEquals(10, Expect.next(recorder.messages).body().length);

      send(large, 10_000, 9_000);
      sendRest(large, 1_000);
      assertEquals(503, large.reply().status());

      // The same holds for requests.
      post(large, "aaaaa");
      Expect.pause(50);
      large.send("aaaaa");
      assertEquals("10", large.reply().text());
    }
  }
}
