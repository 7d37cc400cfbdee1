package io.libprocess.observer;

import io.libprocess.internal.scheduler.Running;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.Metrics;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * What a node lets its observer see. All methods may be called from any thread, and look only,
 * apart from {@link #trace}. Maps are JSON objects, as {@link
 * io.libprocess.internal.json.JsonWriter#any} writes them.
 */
public interface ObservedNode {

  /** What does not change: {@code address}, {@code workers} and so on. */
  Map<String, Object> identity();

  /** The processes that live now. */
  Collection<? extends ObservedProcess> processes();

  /** The processes that are being run just now. */
  Map<ObservedProcess, Running> running();

  /** When processes stalled last, in milliseconds since the epoch, by their ids. */
  Map<String, Long> stalls();

  /**
   * One process: {@code id}, {@code type}, {@code waiting}, the first events in {@code queue}, and
   * if it runs {@code serving} with the event, since when and the stack.
   *
   * @return empty if there is no such process
   */
  Optional<Map<String, Object>> process(String id);

  /**
   * Begins or ends to note what a process serves; it also ends by itself when nobody has asked for
   * the trace for some time.
   *
   * @return whether there is such a process
   */
  boolean trace(String id, boolean on);

  /**
   * What a process has served since it is traced: {@code events}, the number of the {@code last},
   * and how many were {@code missed}.
   *
   * @param after the number of the last one that is known
   */
  Map<String, Object> traced(String id, long after);

  /** {@code address}, {@code peers}, {@code links} and their {@code total}. */
  Map<String, Object> links();

  /** {@code connections} and {@code requests} in flight, and how many there are. */
  Map<String, Object> connections();

  /**
   * What is counted of requests: {@code libprocess/http_requests} with a label {@code status}, and
   * histograms {@code libprocess/http_request}.
   */
  Collection<Metric> requestMetrics();

  /** All metrics. */
  Metrics metrics();
}
