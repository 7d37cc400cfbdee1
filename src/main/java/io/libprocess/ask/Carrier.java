package io.libprocess.ask;

import io.libprocess.UPID;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.wire.Receipt;

/** Brings questions to processes, and tells of their ends. For any thread. */
public interface Carrier {

  /**
   * Sends a message.
   *
   * @param receipt told what becomes of it if the receiver is on another node
   * @return why it has not been taken; null if it has been
   * @throws IllegalArgumentException if it cannot travel as it is, or is too large
   */
  AskRefusal carry(UPID from, UPID to, String name, byte[] body, Receipt receipt);

  /** Has somebody told once of the end of a process; false if it is not there. */
  boolean watch(LocalProcess watcher, UPID to);

  /** Takes that back. */
  void unwatch(LocalProcess watcher, UPID to);
}
