package io.libprocess.remote.links;

/**
 * A process of this node, which links to others and to which others link. Equality is identity: a
 * later process with the same id is another one.
 */
public interface LocalProcess {

  /** The process's name. */
  ProcessName name();

  /** Whether it was given an id, rather than a number. */
  boolean isNamed();

  /** Whether it has been spawned and has not ended. Called under a lock, so it must not block. */
  boolean isLive();

  /** Tells the process that one to which it has linked is gone. Called without a lock. */
  void linkEnded(ProcessName ended, LinkEnd end);
}
