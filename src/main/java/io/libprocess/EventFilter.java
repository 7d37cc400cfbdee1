package io.libprocess;

/**
 * Inspects the events of a node's processes, and drops some of them. Meant for tests: see {@link
 * Node#addFilter} and the package {@code io.libprocess.testing}.
 */
@FunctionalInterface
public interface EventFilter {

  /**
   * Decides whether an event is dropped instead of being served. Called by the thread that is about
   * to serve the event, after the events sent before it have been served; for events of different
   * processes it may be called at the same time. It must not block. If it throws, the exception is
   * logged and the event is served.
   *
   * @return true to drop the event: the future of a call is abandoned, and an HTTP request is
   *     answered with status 500
   */
  boolean drops(EventView event);
}
