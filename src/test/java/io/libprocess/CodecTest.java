package io.libprocess;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.libprocess.support.Expect;
import io.libprocess.support.LogCapture;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class CodecTest {

  private record Ping(int number, Optional<String> text) {}

  private static final Codec<Ping> PING = Codec.json(Ping.class);

  @Test
  void json_goesThereAndBack() throws Exception {
    Ping ping = new Ping(7, Optional.of("ä"));
    byte[] bytes = "{\"number\":7,\"text\":\"ä\"}".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(bytes, PING.encode(ping));
    assertEquals(ping, PING.decode(bytes));
  }

  @Test
  void json_refusesWhatDoesNotFit() {
    byte[] bytes = "{\"number\":\"7\"}".getBytes(StandardCharsets.UTF_8);
    assertEquals(
        "Ping.number: a string where a number is due",
        assertThrows(IllegalArgumentException.class, () -> PING.decode(bytes)).getMessage());
  }

  @Test
  void json_refusesTypesWithoutAForm() {
    record Odd(Thread thread) {}
    assertThrows(IllegalArgumentException.class, () -> Codec.json(Odd.class));
  }

  @Test
  void json_messagesReachTheHandler_andOthersAreDropped() throws Exception {
    BlockingQueue<Ping> got = new LinkedBlockingQueue<>();
    try (Node node = Node.start(Config.builder().build());
        LogCapture log = new LogCapture()) {
      PID<Plain> pid =
          node.spawn(Plain.with(p -> p.install("ping", PING, (from, ping) -> got.add(ping))));
      node.post(pid, "ping", "{\"number\":1,}".getBytes(StandardCharsets.UTF_8));
      node.post(pid, "ping", PING.encode(new Ping(2, Optional.empty())));
      Expect.next(new Ping(2, Optional.empty()), got);
      log.await("cannot be decoded");
    }
  }
}
