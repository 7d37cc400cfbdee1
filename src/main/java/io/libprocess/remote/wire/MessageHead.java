package io.libprocess.remote.wire;

import io.libprocess.net.Address;
import io.libprocess.remote.links.ProcessName;

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
    this.to = to.address();
    this.bytes = MessageEncoder.messageHead(from, to, name);
  }
}
