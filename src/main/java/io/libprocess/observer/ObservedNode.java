package io.libprocess.observer;

import io.libprocess.internal.scheduler.Running;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The interface of a node for its observer. All methods may be called from any thread, and only
 * read, except {@link #trace}. Maps are JSON objects, as {@link
 * io.libprocess.internal.json.JsonWriter#any} writes them.
 */
public interface ObservedNode {

  /** The constant properties: {@code address}, {@code workers} and so on. */
  Map<String, Object> identity();

  /** The live processes. */
  Collection<? extends ObservedProcess> processes();

  /** The processes that are running. */
  Map<ObservedProcess, Running> running();

  /** The times when processes last stalled, in milliseconds since the epoch, by id. */
  Map<String, Long> stalls();

  /**
   * One process: {@code id}, {@code type}, {@code waiting}, the first events in {@code queue}, and,
   * if it is running, {@code serving} with the event, its start and the stack.
   *
   * @return empty if there is no such process
   */
  Optional<Map<String, Object>> process(String id);

  /**
   * Begins or ends the trace of the events that a process serves; a trace also ends when it has not
   * been read for some time.
   *
   * @return what came of it
   */
  Tracing trace(String id, boolean on);

  /** What has come of a request to begin or end a trace. */
  enum Tracing {
    /** It has begun or ended. */
    DONE,
    /** There is no such process. */
    NO_PROCESS,
    /** As many other processes are traced as can be. */
    TOO_MANY
  }

  /**
   * The events that a traced process has served: {@code events}, the number of the {@code last},
   * and how many were {@code missed}.
   *
   * @param after the number of the last event that is already known
   */
  Map<String, Object> traced(String id, long after);

  /** The members {@code address}, {@code peers}, {@code links} and the {@code total} of links. */
  Map<String, Object> links();

  /** The members {@code connections} and {@code requests} in flight, and their numbers. */
  Map<String, Object> connections();

  /**
   * The metrics of requests: {@code libprocess/http_requests} with a label {@code status}, and
   * histograms {@code libprocess/http_request}.
   */
  Collection<Metric> requestMetrics();

  /** All metrics. */
  Metrics metrics();
}
