package io.libprocess.observer;

import io.libprocess.internal.json.JsonWriter;
import io.libprocess.internal.scheduler.Running;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of processes, with the changes since the last look. Used by one thread at a time, which
 * the sampler ensures.
 */
final class ProcessTable {

  /** How many are shown: the active ones, and of the others the oldest. */
  static final int MOST_ROWS = 20_000;

  /** How far the events of one process are counted, and those of all together. */
  private static final int MOST_COUNTED = 1_000_000;

  private static final int COUNTED_IN_ALL = 2_000_000;
  private static final int LEAST_COUNTED = 1_000;

  /** The row of a process. */
  private static final class Row {
    final int key;
    final ObservedProcess process;
    int served;
    int depth;
    int rate; // Events a second.
    int busy; // Tenths of a per cent.
    long stalled; // In milliseconds since the epoch; 0 means never.
    boolean isShown;
    boolean isChanged;
    int look; // The last look that has found it.

    Row(int key, ObservedProcess process) {
      this.key = key;
      this.process = process;
      this.served = process.servedEvents();
    }

    boolean isActive() {
      return busy > 0 || rate > 0 || depth > 0;
    }

    private void set(int newDepth, int newRate, int newBusy, long newStalled) {
      isChanged = newDepth != depth || newRate != rate || newBusy != busy || newStalled != stalled;
      depth = newDepth;
      rate = newRate;
      busy = newBusy;
      stalled = newStalled;
    }
  }

  private final Map<ObservedProcess, Row> rows = new LinkedHashMap<>();
  private final List<Row> added = new ArrayList<>();
  private final List<Integer> gone = new ArrayList<>();
  private int keys;
  private int looks;

  /**
   * Looks at all processes.
   *
   * @param busy the observations of running processes since the last look
   * @param nanos the time since then
   */
  void look(ObservedNode node, BusyWatch.Seen busy, long nanos) {
    looks++;
    added.clear();
    gone.clear();
    Map<ObservedProcess, Running> running = node.running();
    Map<String, Long> stalls = node.stalls();
    double seconds = Math.max(1, nanos) / 1e9;
    int left = COUNTED_IN_ALL;
    for (ObservedProcess process : node.processes()) {
      Row row = rows.get(process);
      if (row == null) {
        row = new Row(keys++, process);
        rows.put(process, row);
      }
      row.look = looks;
      int limit = Math.max(LEAST_COUNTED, Math.min(MOST_COUNTED, left));
      int depth = process.depth(running.get(process), limit);
      left -= Math.min(left, depth);
      int served = process.servedEvents();
      int rate = (int) Math.min(Integer.MAX_VALUE, Math.round((served - row.served) / seconds));
      row.served = served;
      int share =
          busy.looks() == 0 ? 0 : 1000 * busy.times().getOrDefault(process, 0) / busy.looks();
      long stalled = stalls.isEmpty() ? 0 : stalls.getOrDefault(process.id(), 0L);
      row.set(depth, Math.max(0, rate), share, stalled);
    }
    forgetOthers();
    choose();
  }

  private void forgetOthers() {
    for (Iterator<Row> all = rows.values().iterator(); all.hasNext(); ) {
      Row row = all.next();
      if (row.look != looks) {
        all.remove();
        if (row.isShown) {
          gone.add(row.key);
        }
      }
    }
  }

  /** Decides which rows are shown. */
  private void choose() {
    if (rows.size() <= MOST_ROWS) {
      rows.values().forEach(row -> show(row, true));
      return;
    }
    List<Row> order = new ArrayList<>(rows.values());
    order.sort(
        Comparator.comparing((Row row) -> row.isActive() ? 0 : 1).thenComparing(row -> row.key));
    for (int i = 0; i < order.size(); i++) {
      show(order.get(i), i < MOST_ROWS);
    }
  }

  private void show(Row row, boolean isShown) {
    if (isShown && !row.isShown) {
      added.add(row);
      row.isChanged = false; // All of it is told.
    } else if (!isShown && row.isShown) {
      gone.add(row.key);
    }
    row.isShown = isShown;
  }

  /** Drops all rows, so that nothing is held while no page is open. */
  void clear() {
    rows.clear();
    added.clear();
    gone.clear();
  }

  /** The number of processes. */
  int size() {
    return rows.size();
  }

  /** The number of events that wait in all of them. */
  long waiting() {
    return rows.values().stream().mapToLong(row -> row.depth).sum();
  }

  /**
   * Writes the members of the object for a page: {@code total}, {@code rows} with all data of new
   * processes, {@code changes} of others, and {@code gone}.
   *
   * @param isAll whether the page has no data yet
   */
  void write(JsonWriter json, boolean isAll) {
    json.name("total").value(rows.size()).name("all").value(isAll).name("rows").beginArray();
    if (isAll) {
      rows.values().stream().filter(row -> row.isShown).forEach(row -> writeNew(row, json));
    } else {
      added.forEach(row -> writeNew(row, json));
    }
    json.endArray().name("changes").beginArray();
    if (!isAll) {
      rows.values().stream()
          .filter(row -> row.isShown && row.isChanged)
          .forEach(row -> writeNumbers(json.beginArray().value(row.key), row).endArray());
    }
    json.endArray().name("gone").beginArray();
    if (!isAll) {
      gone.forEach(json::value);
    }
    json.endArray();
  }

  private static void writeNew(Row row, JsonWriter json) {
    json.beginArray().value(row.key).value(row.process.id()).value(row.process.type().getName());
    writeNumbers(json, row).endArray();
  }

  private static JsonWriter writeNumbers(JsonWriter json, Row row) {
    return json.value(row.depth).value(row.rate).value(row.busy).value(row.stalled);
  }
}
