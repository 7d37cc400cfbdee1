package io.libprocess.ask;

import io.libprocess.UPID;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.wire.Receipt;

/** Carries questions to processes and reports their ends. For any thread. */
public interface Carrier {

  /**
   * Sends a message.
   *
   * @param receipt is told the fate of the message if the receiver is on another node
   * @return the reason for which it was not accepted; null if it was
   * @throws IllegalArgumentException if the message cannot be sent in this form or is too large
   */
  AskRefusal carry(UPID from, UPID to, String name, byte[] body, Receipt receipt);

  /**
   * Registers a watcher that is told once when a process ends; false if there is no such process.
   */
  boolean watch(LocalProcess watcher, UPID to);

  /** Removes a watcher. */
  void unwatch(LocalProcess watcher, UPID to);
}
