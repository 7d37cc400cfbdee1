package io.libprocess.remote.wire;

import io.libprocess.net.Transport;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A request on its way to another node. It is encoded when it is written, so that its body is
 * copied at most once.
 *
 * @param head all lines but the last, which is empty
 * @param body the body, which may be empty
 * @param size the size of the whole request in bytes
 * @param receipt receives the outcome, or null
 */
public record Outgoing(byte[] head, byte[] body, long size, Receipt receipt) {

  private static final int LARGE = 64 << 10; // From this size on a body is not copied.

  public static Outgoing of(byte[] head, byte[] body, Receipt receipt) {
    return new Outgoing(head, body, MessageEncoder.size(head, body), receipt);
  }

  /** This with a line at the end of its head, which may be there already; an empty one is none. */
  public Outgoing with(byte[] line) {
    int before = head.length - line.length;
    if (line.length == 0
        || before >= 0 && Arrays.equals(head, before, head.length, line, 0, line.length)) {
      return this;
    }
    byte[] longer = Arrays.copyOf(head, head.length + line.length);
    System.arraycopy(line, 0, longer, head.length, line.length);
    return of(longer, body, receipt);
  }

  /** Whether this is a message of a process. */
  public boolean isMessage() {
    return receipt == null || receipt.isForMessage();
  }

  /**
   * Notes that the request will not leave this node.
   *
   * @param to the node it was for
   */
  public void drop(Object to, MessageCounts counts) {
    counts.dropped(to, isMessage() ? 1 : 0);
    if (receipt != null) {
      receipt.lost(false);
    }
  }

  /** Writes this request alone. */
  public void write(Transport.Channel channel) {
    if (body.length < LARGE) {
      ByteBuffer whole = ByteBuffer.allocate((int) size);
      put(whole);
      channel.write(whole.flip());
      return;
    }
    ByteBuffer start = ByteBuffer.allocate((int) (size - body.length - MessageEncoder.END_SIZE));
    MessageEncoder.putStart(head, body.length, start);
    channel.write(start.flip());
    channel.write(ByteBuffer.wrap(body));
    ByteBuffer end = ByteBuffer.allocate(MessageEncoder.END_SIZE);
    MessageEncoder.putEnd(end);
    channel.write(end.flip());
  }

  /** Appends the whole request. */
  public void put(ByteBuffer bytes) {
    if (body.length == 0) {
      MessageEncoder.putEmpty(head, bytes);
    } else {
      MessageEncoder.putStart(head, body.length, bytes);
      bytes.put(body);
      MessageEncoder.putEnd(bytes);
    }
  }
}
