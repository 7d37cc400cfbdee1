package io.libprocess.remote.links;

/**
 * A process of this node, which others link to and which links to others. Two are the same only if
 * they are the same object: a later process with the same id is another one.
 */
public interface LocalProcess {

  /** Its name. */
  ProcessName name();

  /** Whether it was given an id, rather than a number. */
  boolean isNamed();

  /** Whether it has been spawned and has not ended. Called under a lock, so it must not block. */
  boolean isLive();

  /** Tells it that a process which it has linked to is gone. Called without a lock. */
  void linkEnded(ProcessName ended, LinkEnd end);
}
