package io.libprocess.cli;

import io.libprocess.internal.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The data of a node's observer, as a table for people and as JSON. */
final class TopTable {

  private static final int ID_WIDTH = 30;
  private static final int CLASS_WIDTH = 26;
  private static final double PER_MILLE = 1000;
  private static final double MIB = 1 << 20;
  private static final double MILLIS = 1e3;

  /** The orders of the rows. */
  enum Order {
    BUSY(row -> row.busy * (1L << Integer.SIZE) + row.rate),
    EVENTS(row -> row.rate),
    WAITING(row -> row.depth),
    STALL(row -> row.stalled);

    private final ToLongFunction<Row> value;

    Order(ToLongFunction<Row> value) {
      this.value = value;
    }
  }

  /** The row of a process. */
  private static final class Row {
    private final String id;
    private final String type;
    private long depth;
    private long rate;
    private long busy; // In tenths of a per cent.
    private long stalled; // In milliseconds since the epoch; 0 means never.

    Row(String id, String type) {
      this.id = id;
      this.type = type;
    }

    void set(List<?> numbers) {
      depth = number(numbers.get(0)).longValue();
      rate = number(numbers.get(1)).longValue();
      busy = number(numbers.get(2)).longValue();
      stalled = number(numbers.get(3)).longValue();
    }
  }

  private final Order order;
  private final int most;
  private final Map<Long, Row> rows = new HashMap<>();
  private Map<?, ?> identity = Map.of();
  private Map<?, ?> point = Map.of();
  private long total;

  /**
   * Makes an empty table.
   *
   * @param most how many rows are shown
   */
  TopTable(Order order, int most) {
    this.order = order;
    this.most = most;
  }

  private static Double number(Object json) {
    return Double.valueOf(json.toString());
  }

  /** Reads the first event. */
  void hello(String json) {
    identity = (Map<?, ?>) Json.parse(json);
  }

  /** Reads the event of a second. */
  void tick(String json) {
    Map<?, ?> tick = (Map<?, ?>) Json.parse(json);
    point = (Map<?, ?>) tick.get("point");
    total = number(tick.get("total")).longValue();
    if (Boolean.TRUE.equals(tick.get("all"))) {
      rows.clear();
    }
    for (Object one : (List<?>) tick.get("rows")) {
      List<?> row = (List<?>) one;
      Row made = new Row((String) row.get(1), (String) row.get(2));
      made.set(row.subList(3, row.size()));
      rows.put(number(row.get(0)).longValue(), made);
    }
    for (Object one : (List<?>) tick.get("changes")) {
      List<?> change = (List<?>) one;
      Row known = rows.get(number(change.get(0)).longValue());
      if (known != null) {
        known.set(change.subList(1, change.size()));
      }
    }
    for (Object key : (List<?>) tick.get("gone")) {
      rows.remove(number(key).longValue());
    }
  }

  private List<Row> first() {
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort(
        Comparator.comparingLong(order.value).reversed().thenComparing((Row row) -> row.id));
    return sorted.subList(0, Math.min(most, sorted.size()));
  }

  private Optional<Double> value(String name) {
    return Optional.ofNullable(point.get(name)).map(TopTable::number);
  }

  /* ---------------- For people ---------------- */

  /** The lines of the table. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        identity.get("address")
            + "  process "
            + identity.get("pid")
            + ", Java "
            + identity.get("java")
            + ", "
            + identity.get("workers")
            + " workers");
    lines.add(
        format("%,d processes", total)
            + shown("waiting", ", %,.0f events wait", 1)
            + shown("events", ", %,.0f events/s", 1)
            + shown("workersBusy", ", %.0f workers busy", 1)
            + shown("stallsTotal", ", %.0f stalls", 1));
    lines.add(
        shown("requests", "%,.0f requests/s", 1)
            + shown("latency99", ", p99 %,.1f ms", MILLIS)
            + shown("lag99", ", lag p99 %,.1f ms", MILLIS)
            + shown("heapUsed", ", heap %,.0f MiB", 1 / MIB)
            + shown("heapMax", " of %,.0f MiB", 1 / MIB)
            + shown("threads", ", %.0f threads", 1));
    lines.add("");
    lines.add(line("PROCESS", "CLASS", "WAITING", "EVENTS/S", "BUSY", "STALLED"));
    for (Row row : first()) {
      lines.add(
          line(
              row.id,
              row.type.substring(row.type.lastIndexOf('.') + 1),
              format("%,d", row.depth),
              format("%,d", row.rate),
              format("%.1f %%", row.busy * 100 / PER_MILLE),
              row.stalled == 0 ? "-" : ago(row.stalled)));
    }
    return lines;
  }

  private String shown(String name, String format, double factor) {
    return value(name).map(value -> format(format, value * factor)).orElse("");
  }

  private static String format(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  private String ago(long millis) {
    long seconds = Math.max(0, (value("t").orElse(0.0).longValue() - millis) / 1000);
    return seconds < 120 ? seconds + " s ago" : seconds / 60 + " min ago";
  }

  private static String line(
      String id, String type, String depth, String rate, String busy, String stalled) {
    return String.format(
            Locale.ROOT,
            "%-" + ID_WIDTH + "s %-" + CLASS_WIDTH + "s %10s %10s %8s %12s",
            cut(id, ID_WIDTH),
            cut(type, CLASS_WIDTH),
            depth,
            rate,
            busy,
            stalled)
        .stripTrailing();
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 2) + "..";
  }

  /* ---------------- For programs ---------------- */

  /** The table as one line of JSON. */
  String json() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("address", identity.get("address"));
    point.forEach((name, value) -> members.put((String) name, value));
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : first()) {
      Map<String, Object> process = new LinkedHashMap<>();
      process.put("id", row.id);
      process.put("class", row.type);
      process.put("waiting", row.depth);
      process.put("events", row.rate);
      process.put("busy", row.busy / PER_MILLE);
      process.put("stalled", row.stalled);
      list.add(process);
    }
    members.put("top", list);
    return Json.text(members);
  }
}
