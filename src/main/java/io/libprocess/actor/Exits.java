package io.libprocess.actor;

import io.libprocess.Exit;
import io.libprocess.remote.links.LinkEnd;
import java.util.Optional;

/** The ends of processes, and their conversion for other nodes. */
public final class Exits {

  /** The end of every process that was asked to end. */
  public static final Exit TERMINATED = new Exit(Exit.Reason.TERMINATED, Optional.empty());

  /** The end of a process that does not exist. */
  public static final Exit NO_PROCESS = new Exit(Exit.Reason.NO_PROCESS, Optional.empty());

  private static final Exit FAILED = new Exit(Exit.Reason.FAILED, Optional.empty());

  private Exits() {}

  /** The end of a process that threw an exception. */
  public static Exit failed(Throwable cause) {
    try {
      return new Exit(Exit.Reason.FAILED, Optional.of(cause));
    } catch (OutOfMemoryError e) {
      return FAILED; // Better without its cause than not at all.
    }
  }

  static Exit of(LinkEnd end) {
    return new Exit(Exit.Reason.valueOf(end.reason().name()), end.cause());
  }

  static LinkEnd linkEnd(Exit exit) {
    return exit == TERMINATED
        ? LinkEnd.TERMINATED
        : new LinkEnd(LinkEnd.Reason.valueOf(exit.reason().name()), exit.cause());
  }
}
