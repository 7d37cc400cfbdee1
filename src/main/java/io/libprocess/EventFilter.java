package io.libprocess;

/**
 * Looks at the events of a node's processes, and drops some. Meant for tests: see {@link
 * Node#addFilter} and the package {@code io.libprocess.testing}.
 */
@FunctionalInterface
public interface EventFilter {

  /**
   * Whether the process must not be served an event. Called by the thread that is about to serve
   * it, at once for events of different processes, and after what was sent before has been served.
   * It must not block. What it throws is logged, and the event is served.
   *
   * @return true to drop the event: the future of a call is abandoned, and an HTTP request is
   *     answered with status 500
   */
  boolean drops(EventView event);
}
