package io.libprocess.web;

import io.libprocess.future.Future;
import io.libprocess.http.Response;
import io.libprocess.http.exchange.FailureAnswers;
import io.libprocess.internal.flight.Flight;
import io.libprocess.metrics.Histogram;
import io.libprocess.metrics.Metric;
import io.libprocess.metrics.PullCounter;
import io.libprocess.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The metrics of the routes of a node or server: the number of answered requests by status, and the
 * time to the answer, from when the head of the request was passed to its process to when the
 * answer was there. All methods may be called from any thread.
 */
public final class RouteMetrics implements Supplier<Collection<Metric>> {

  /** The name of the counters of requests. */
  public static final String REQUESTS = "libprocess/http_requests";

  /** The name of the histograms of durations. */
  public static final String DURATIONS = "libprocess/http_request";

  /** How many routes are counted separately; the others are counted together. */
  private static final int MOST_ROUTES = 1000;

  private static final String OTHERS = "others";
  private static final String NO_ROUTE = "none";

  /** The number at the end of a generated id: processes that differ only in it are of one kind. */
  private static final Pattern NUMBER = Pattern.compile("\\(\\d+\\)$");

  private final Clock clock;
  private final ConcurrentMap<String, Counts> byRoute = new ConcurrentHashMap<>();
  private final Counts noRoute = new Counts(NO_ROUTE);

  /** Makes metrics without counts. */
  public RouteMetrics(Clock clock) {
    this.clock = clock;
  }

  /** The counts of one route. */
  static final class Counts {

    private static final int LEAST_STATUS = 100;
    private static final int STATUSES = 500;
    private static final int FAILED = 500;

    private final String label;
    private final Histogram durations;
    private final AtomicReferenceArray<LongAdder> byStatus = new AtomicReferenceArray<>(STATUSES);

    private Counts(String route) {
      label = route.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
      durations = Histogram.ofDurations(DURATIONS + "{route=\"" + label + "\"}");
    }

    void answered(Response response, long nanos) {
      answered(response == null ? FAILED : response.status().code(), nanos);
    }

    /** Counts the completed future of a handler; a discarded one answers nothing. */
    void ended(Future<Response> done, long nanos) {
      if (done.isReady()) {
        answered(done.get(), nanos);
      } else if (done.isFailed()) {
        failed(done.failure(), nanos);
      }
    }

    void failed(Throwable why, long nanos) {
      answered(FailureAnswers.statusFor(why), nanos);
    }

    private void answered(int status, long nanos) {
      int index = Math.max(0, Math.min(STATUSES - 1, status - LEAST_STATUS));
      LongAdder count = byStatus.get(index);
      if (count == null) {
        byStatus.compareAndSet(index, null, new LongAdder());
        count = byStatus.get(index);
      }
      count.increment();
      durations.record(nanos);
      if (Flight.isOn()) {
        Flight.sink().request(label, status, nanos);
      }
    }

    private void addTo(List<Metric> metrics) {
      for (int i = 0; i < STATUSES; i++) {
        LongAdder count = byStatus.get(i);
        if (count != null) {
          String labels = "{route=\"" + label + "\",status=\"" + (i + LEAST_STATUS) + "\"}";
          metrics.add(PullCounter.of(REQUESTS + labels, count::sum));
        }
      }
      metrics.add(durations);
    }
  }

  /** The elapsed time in nanoseconds. */
  long now() {
    return clock.nanoTime();
  }

  /** The counts of requests for which there is no route. */
  Counts noRoute() {
    return noRoute;
  }

  /** The counts of a route of a process. */
  Counts of(String id, BoundRoute bound) {
    Counts known = bound.counts();
    if (known == null) {
      String kind = NUMBER.matcher(id).replaceFirst("(*)");
      String path = bound.route().path();
      known = counts(bound, "/" + kind + (path.equals("/") ? "" : path));
    }
    return known;
  }

  /** The counts of a route of a server. */
  Counts of(BoundRoute bound) {
    Counts known = bound.counts();
    return known == null ? counts(bound, bound.route().path()) : known;
  }

  private Counts counts(BoundRoute bound, String route) {
    boolean fits = byRoute.containsKey(route) || byRoute.size() < MOST_ROUTES;
    Counts made = byRoute.computeIfAbsent(fits ? route : OTHERS, Counts::new);
    bound.counts(made);
    return made;
  }

  /** All metrics of the routes that have answered a request. */
  @Override
  public Collection<Metric> get() {
    List<Metric> metrics = new ArrayList<>();
    byRoute.values().forEach(counts -> counts.addTo(metrics));
    noRoute.addTo(metrics);
    return metrics;
  }
}
