package io.libprocess.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.Codec;
import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.PID;
import io.libprocess.Process;
import io.libprocess.UPID;
import io.libprocess.cli.ServedNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between two nodes of this library. */
@Timeout(60)
class NodeToNodeTest {

  private static final int MESSAGES = 20_000;

  /** Takes the numbers that it is sent. */
  private static final class Receiver extends Process<Receiver> {
    final List<Integer> numbers = new ArrayList<>();
    final CountDownLatch all = new CountDownLatch(MESSAGES);

    Receiver() {
      super("receiver");
    }

    @Override
    protected void initialize() {
      install(
          "number",
          Codec.INT,
          (from, number) -> {
            numbers.add(number);
            all.countDown();
          });
    }
  }

  /** Sends them. */
  private static final class Sender extends Process<Sender> {
    final List<String> pongs = new ArrayList<>();
    final CountDownLatch answered = new CountDownLatch(100);

    Sender() {
      super("sender");
    }

    @Override
    protected void initialize() {
      install(
          "pong",
          (from, body) -> {
            pongs.add(new String(body, StandardCharsets.UTF_8));
            answered.countDown();
          });
    }

    void sendAll(UPID to) throws Exception {
      for (int i = 0; i < MESSAGES; i++) {
        send(to, "number", Codec.INT.encode(i));
      }
    }

    void pingAll(UPID to) {
      for (int i = 0; i < 100; i++) {
        send(to, "ping", ("" + i).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void messages_withoutALink_allArriveInOrder() throws Exception {
    Receiver receiver = new Receiver();
    try (Node from = Node.start(Config.builder().build());
        Node to = Node.start(Config.builder().build())) {
      PID<Receiver> there = to.spawn(receiver);
      PID<Sender> here = from.spawn(new Sender());
      UPID address = new UPID(there.id(), there.address());
      here.dispatch(sender -> sender.sendAll(address));

      assertTrue(receiver.all.await(30, TimeUnit.SECONDS), receiver.all.getCount() + " missing");
      List<Integer> numbers = there.call(self -> List.copyOf(self.numbers)).get();
      assertEquals(IntStream.range(0, MESSAGES).boxed().toList(), numbers);
    }
  }

  @Test
  void pings_areAnsweredInOrder() throws Exception {
    Sender sender = new Sender();
    try (Node from = Node.start(Config.builder().build());
        ServedNode to = ServedNode.start()) {
      PID<Sender> here = from.spawn(sender);
      UPID echo = new UPID("echo", to.node().address());
      here.dispatch(self -> self.pingAll(echo));

      assertTrue(sender.answered.await(30, TimeUnit.SECONDS));
      List<String> pongs = here.call(self -> List.copyOf(self.pongs)).get();
      assertEquals(IntStream.range(0, 100).mapToObj(i -> "" + i).toList(), pongs);
    }
  }
}
