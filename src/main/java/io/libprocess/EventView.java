package io.libprocess;

import io.libprocess.http.Request;

/**
 * The visible part of an event: one that a process is about to serve, as an {@link EventFilter}
 * sees it, or one that waits for a process, as {@link Process#eventCount} counts it. The kinds are
 * those of libprocess.
 */
public sealed interface EventView {

  /** The process that is to serve the event. */
  PID<?> process();

  /**
   * A message.
   *
   * @param message the message; {@link Message#to} is the process
   */
  record MessageEvent(PID<?> process, Message message) implements EventView {}

  /**
   * A function that is about to run in the process, dispatched, called, deferred or delayed.
   *
   * @param function the argument of {@link PID#dispatch}, {@link PID#call} or {@link
   *     PID#callAsync}: a {@code CheckedConsumer} or {@code CheckedFunction}. Functions that come
   *     by way of {@link PID#execute} or a {@code defer} are wrapped in one.
   */
  record DispatchEvent(PID<?> process, Object function) implements EventView {}

  /**
   * An HTTP request.
   *
   * @param request the request; its body is there, unless the route streams
   * @param path the canonical path below the process: escapes are decoded, but for {@code %2F} and
   *     {@code %25}; empty, or starting with a slash and not ending with one
   */
  record HttpEvent(PID<?> process, Request request, String path) implements EventView {}

  /**
   * The end of a linked process.
   *
   * @param linkee the process that has ended
   * @param exit why it has ended
   */
  record ExitedEvent(PID<?> process, UPID linkee, Exit exit) implements EventView {}

  /** The request to end; filters do not see it. */
  record TerminateEvent(PID<?> process) implements EventView {}
}
