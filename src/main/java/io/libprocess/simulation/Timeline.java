package io.libprocess.simulation;

import io.libprocess.simulation.engine.Engine;
import io.libprocess.simulation.engine.StepTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What happened to hosts and to the world in a run: a column for each host, a line for each event.
 * Written by the thread with the baton, and read when the run is over.
 */
final class Timeline {

  private static final int MOST_COLUMNS = 12;
  private static final int WIDEST = 24;
  private static final int WORLD = -1;

  private record Entry(long time, int host, StepTrace.Kind kind, String text) {}

  private final List<String> names = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();

  /** Adds a column. */
  void host(String name) {
    names.add(name);
  }

  /** Something happened to a host; null for what concerns the world. */
  void add(long time, Host host, StepTrace.Kind kind, String text) {
    entries.add(new Entry(time, host == null ? WORLD : host.index(), kind, text));
  }

  /** The lines, below one with the names of the hosts. */
  List<String> lines() {
    List<Integer> shown = shown();
    int width = 5;
    for (Entry entry : entries) {
      if (shown.contains(entry.host)) {
        width = Math.max(width, Math.min(WIDEST, entry.text.length()));
      }
    }
    for (int host : shown) {
      width = Math.max(width, names.get(host).length());
    }
    List<String> lines = new ArrayList<>();
    lines.add(columns(shown, width));
    boolean[] up = new boolean[names.size()];
    for (Entry entry : entries) {
      lines.add(line(entry, shown, width, up));
    }
    return List.copyOf(lines);
  }

  private String columns(List<Integer> shown, int width) {
    StringBuilder line = new StringBuilder(" ".repeat(Engine.text(0).length()));
    shown.forEach(host -> cell(line, names.get(host), width));
    return line.toString().stripTrailing();
  }

  private String line(Entry entry, List<Integer> shown, int width, boolean[] up) {
    if (entry.kind == StepTrace.Kind.BOOT) {
      up[entry.host] = true;
    } else if (entry.kind == StepTrace.Kind.CRASH) {
      up[entry.host] = false;
    }
    StringBuilder line = new StringBuilder(Engine.text(entry.time));
    for (int host : shown) {
      cell(line, host == entry.host ? entry.text : up[host] ? "|" : "", width);
    }
    if (!shown.contains(entry.host)) {
      String who = entry.host == WORLD ? "" : names.get(entry.host) + " ";
      line.append("  ").append(who).append(entry.text);
    }
    return line.toString().stripTrailing();
  }

  private static void cell(StringBuilder line, String text, int width) {
    line.append("  ").append(text).append(" ".repeat(Math.max(0, width - text.length())));
  }

  /** The hosts with a column: all; if they are many, the first of those to which more happened. */
  private List<Integer> shown() {
    TreeSet<Integer> hosts = new TreeSet<>();
    for (int i = 0; i < names.size() && names.size() <= MOST_COLUMNS; i++) {
      hosts.add(i);
    }
    for (Entry entry : entries) {
      if (entry.host != WORLD && entry.time > 0 && hosts.size() < MOST_COLUMNS) {
        hosts.add(entry.host);
      }
    }
    return List.copyOf(hosts);
  }
}
