package io.libprocess.remote.wire;

import io.libprocess.net.Address;
import io.libprocess.remote.links.ProcessName;
import java.util.Arrays;

/**
 * The head of all messages of one name from one process to another. A sender of many of them keeps
 * it.
 */
public final class MessageHead {

  public final Address to;
  public final byte[] bytes;

  /**
   * Makes a head.
   *
   * @param from the sender
   * @param to the receiver
   * @param name the name of the messages
   */
  public MessageHead(ProcessName from, ProcessName to, String name) {
    this(to.address(), MessageEncoder.messageHead(from, to, name));
  }

  private MessageHead(Address to, byte[] bytes) {
    this.to = to;
    this.bytes = bytes;
  }

  /** This head with more lines of fields; that is for one message only. */
  public MessageHead with(byte[] lines) {
    if (lines.length == 0) {
      return this;
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + lines.length);
    System.arraycopy(lines, 0, longer, bytes.length, lines.length);
    return new MessageHead(to, longer);
  }
}
