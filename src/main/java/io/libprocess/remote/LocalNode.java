package io.libprocess.remote;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.time.Clock;
import java.util.Optional;

/** What this room asks of the node that it belongs to. For any thread; nothing may block. */
public interface LocalNode {

  /** The address that other nodes know it by. */
  Address address();

  /** The clock by which time limits are kept. */
  Clock clock();

  /** What makes connections to other nodes. */
  Transport transport();

  /** The live process with an id. */
  Optional<LocalProcess> find(String id);

  /**
   * Where messages go that differ in their bodies only.
   *
   * @param from the sender
   * @param to the id of the receiver, whether or not it exists
   * @param name that of the messages
   */
  Inbox inbox(ProcessName from, String to, String name);

  /** Takes messages for one process. */
  interface Inbox {

    /**
     * Takes a message.
     *
     * @param body given away
     */
    Outcome deliver(byte[] body);

    /** Null if the process has room for more; otherwise completes when it has again. */
    Future<Void> whenRoom();
  }

  /** What became of a message that has arrived. */
  enum Outcome {
    /** It is in the mailbox of the receiver. */
    ACCEPTED,
    /** There is no such process. */
    NO_PROCESS,
    /** The mailbox of the receiver is full: it was dropped. */
    MAILBOX_FULL
  }
}
