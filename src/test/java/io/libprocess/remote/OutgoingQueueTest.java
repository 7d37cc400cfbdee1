package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.remote.wire.Outgoing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The queue of requests to another node. */
class OutgoingQueueTest {

  private final OutgoingQueue queue = new OutgoingQueue(new byte[0]);
  private final Unanswered unanswered = new Unanswered();
  private final RecordingChannel channel = new RecordingChannel();
  private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

  private void add(int size) {
    byte[] head = ("POST /" + size + " HTTP/1.1\r\n").getBytes(StandardCharsets.US_ASCII);
    Outgoing outgoing = Outgoing.of(head, new byte[size], null);
    RecordingChannel alone = new RecordingChannel();
    outgoing.write(alone);
    expected.writeBytes(alone.written());
    queue.add(outgoing);
  }

  @Test
  void smallRequests_areOneBuffer() {
    for (int i = 0; i < 100; i++) {
      add(i);
    }
    queue.flush(channel, unanswered);
    assertEquals(expected.toString(), new String(channel.written(), StandardCharsets.ISO_8859_1));
    assertEquals(1, channel.writes());
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.bytes());
  }

  @Test
  void requestsOfAllSizes_keepTheirOrder() {
    for (int size : new int[] {10, 70_000, 20, 30, 64 << 10, (64 << 10) - 1, 0, 300_000, 5}) {
      add(size);
    }
    queue.flush(channel, unanswered);
    assertEquals(expected.toString(), new String(channel.written(), StandardCharsets.ISO_8859_1));
    assertEquals(9, unanswered.waiting().messages());
  }
}
