package io.libprocess.endpoints;

import io.libprocess.future.Future;
import io.libprocess.http.Request;
import io.libprocess.http.Response;
import io.libprocess.http.Route;
import io.libprocess.internal.json.JsonWriter;
import io.libprocess.metrics.Metrics;
import io.libprocess.metrics.PullGauge;
import io.libprocess.web.BoundRoute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The machine's resources and load: the endpoint {@code /system/stats.json}, and six gauges. Values
 * that the system does not provide in {@code /proc}, as Linux does, are missing, except the load of
 * the last minute, which {@code java.management} also knows. All methods may be called from any
 * thread.
 */
public final class SystemStats {

  private static final String HELP =
      """
      The machine's resources and load, as a JSON object.

      Values that are not known are left out. `jsonp=f` wraps the object.
      """;

  private static final int KIBI = 1024;

  private final Path proc;

  /** Makes the statistics of this machine. */
  public SystemStats() {
    this(Path.of("/proc"));
  }

  SystemStats(Path proc) {
    this.proc = proc;
  }

  /** The endpoint {@code /system/stats.json}. */
  public Endpoint endpoint() {
    Route route = Route.at("/stats.json").help(HELP);
    BoundRoute bound = BoundRoute.of(route, request -> Future.of(answer(request)));
    return new Endpoint("system", List.of(bound), true);
  }

  /** Adds the gauges; those whose value is not known fail. */
  public void addTo(Metrics metrics) {
    metrics.add(PullGauge.of("system/load_1min", () -> load(0).getAsDouble()));
    metrics.add(PullGauge.of("system/load_5min", () -> load(1).getAsDouble()));
    metrics.add(PullGauge.of("system/load_15min", () -> load(2).getAsDouble()));
    metrics.add(PullGauge.of("system/cpus_total", SystemStats::processors));
    metrics.add(PullGauge.of("system/mem_total_bytes", () -> memory("MemTotal").getAsLong()));
    metrics.add(PullGauge.of("system/mem_free_bytes", () -> memory("MemFree").getAsLong()));
  }

  Response answer(Request request) {
    JsonWriter json = new JsonWriter().beginObject();
    load(2).ifPresent(load -> json.name("avg_load_15min").value(load));
    load(0).ifPresent(load -> json.name("avg_load_1min").value(load));
    load(1).ifPresent(load -> json.name("avg_load_5min").value(load));
    json.name("cpus_total").value(processors());
    memory("MemFree").ifPresent(bytes -> json.name("mem_free_bytes").value(bytes));
    memory("MemTotal").ifPresent(bytes -> json.name("mem_total_bytes").value(bytes));
    return JsonPages.jsonp(request, json.endObject().text());
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /**
   * The average number of threads that ran or were ready.
   *
   * @param index 0 for the last minute, 1 for five, 2 for fifteen
   */
  private OptionalDouble load(int index) {
    try {
      String[] numbers = Files.readString(proc.resolve("loadavg")).split(" ");
      return OptionalDouble.of(Double.parseDouble(numbers[index]));
    } catch (IOException | RuntimeException e) {
      return index == 0 ? JvmStats.load() : OptionalDouble.empty();
    }
  }

  private OptionalLong memory(String what) {
    try {
      for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
        if (line.startsWith(what + ":")) {
          return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * KIBI);
        }
      }
    } catch (IOException | RuntimeException e) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }
}
