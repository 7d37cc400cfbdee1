package io.libprocess.remote;

import io.libprocess.future.Future;
import io.libprocess.net.Address;
import io.libprocess.net.Transport;
import io.libprocess.remote.links.LocalProcess;
import io.libprocess.remote.links.ProcessName;
import io.libprocess.remote.wire.NodeSecret;
import io.libprocess.time.Clock;
import java.util.Optional;

/** The services that this package needs of its own node. Thread-safe; no method may block. */
public interface LocalNode {

  /** The address by which other nodes know it. */
  Address address();

  /** The clock that measures time limits. */
  Clock clock();

  /** The transport that makes connections to other nodes. */
  Transport transport();

  /** The live process with an id. */
  Optional<LocalProcess> find(String id);

  /**
   * The inbox for messages that differ only in their bodies.
   *
   * @param from the sender
   * @param to the id of the receiver, whether or not it exists
   * @param name the name of the messages
   */
  Inbox inbox(ProcessName from, String to, String name);

  /** The secret that nodes share; empty if messages are accepted without one. */
  default Optional<NodeSecret> secret() {
    return Optional.empty();
  }

  /** Accepts messages for one process. */
  interface Inbox {

    /**
     * Delivers a message.
     *
     * @param body the body, which is handed over
     */
    Outcome deliver(byte[] body);

    /**
     * Null if the process has room for more; otherwise a future that completes when it has room
     * again.
     */
    Future<Void> whenRoom();
  }

  /** The outcomes of a message that has arrived. */
  enum Outcome {
    /** It is in the mailbox of the receiver. */
    ACCEPTED,
    /** There is no such process. */
    NO_PROCESS,
    /** The mailbox of the receiver is full: it was dropped. */
    MAILBOX_FULL
  }
}
