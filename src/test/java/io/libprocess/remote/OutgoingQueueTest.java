package io.libprocess.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.libprocess.http.http1.FakeChannel;
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

  private static Outgoing request(int size) {
    byte[] head = ("POST /" + size + " HTTP/1.1\r\n").getBytes(StandardCharsets.US_ASCII);
    return Outgoing.of(head, new byte[size], null);
  }

  private void expect(Outgoing outgoing) {
    RecordingChannel alone = new RecordingChannel();
    outgoing.write(alone);
    expected.writeBytes(alone.written());
  }

  private void add(int size) {
    Outgoing outgoing = request(size);
    expect(outgoing);
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

  @Test
  void largeQueue_isHandedOverInPartsAsThePeerTakesThem() {
    for (int i = 0; i < 100; i++) {
      add(10_000);
    }
    StringBuilder sent = new StringBuilder();
    while (!queue.isEmpty()) {
      FakeChannel empty = new FakeChannel(); // As if the one before had sent everything.
      empty.becomeSlow();
      long before = queue.bytes();
      queue.flush(empty, unanswered);
      long part = before - queue.bytes();
      queue.flush(empty, unanswered);
      assertEquals(part, empty.queued());
      assertTrue(queue.isEmpty() || part > 256 << 10, () -> part + " bytes");
      assertTrue(part <= 256 + 64 << 10, () -> part + " bytes");
      sent.append(empty.takeSent());
    }
    assertEquals(expected.toString(), sent.toString());
  }

  @Test
  void first_isBeforeAllOthersAndCounts() {
    Outgoing first = request(1);
    expect(first);
    add(2);
    add(3);
    long before = queue.bytes();
    queue.addFirst(first);
    assertEquals(before + first.size(), queue.bytes());
    assertEquals(3, queue.size());
    queue.writeAll(channel, unanswered);
    assertEquals(expected.toString(), new String(channel.written(), StandardCharsets.ISO_8859_1));
    assertEquals(0, queue.bytes());
    assertEquals(3, unanswered.waiting().messages());
  }

  @Test
  void taken_areInOrderAndCountNoLonger() {
    add(1);
    add(2);
    queue.takeAll().forEach(outgoing -> outgoing.write(channel));
    assertEquals(expected.toString(), new String(channel.written(), StandardCharsets.ISO_8859_1));
    assertTrue(queue.isEmpty());
    assertEquals(0, queue.bytes());
  }

  @Test
  void credentials_areInEachHeadOnce() {
    byte[] line = "Authorization: x\r\n".getBytes(StandardCharsets.US_ASCII);
    OutgoingQueue signed = new OutgoingQueue(line);
    Outgoing once = request(1).with(line);
    expect(once);
    expect(once);
    signed.add(request(1));
    signed.addFirst(once); // As one that is sent again.
    assertEquals(2 * once.size(), signed.bytes());
    signed.writeAll(channel, unanswered);
    assertEquals(expected.toString(), new String(channel.written(), StandardCharsets.ISO_8859_1));
    String[] lines = new String(once.head(), StandardCharsets.US_ASCII).split("\r\n");
    assertEquals("Authorization: x", lines[lines.length - 1]);
    assertEquals(2, lines.length);
  }
}
