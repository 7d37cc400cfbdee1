package io.libprocess;

import io.libprocess.internal.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The filters of a node.
 *
 * <p>While there are any, every process is marked so that its cell asks here before it serves an
 * event. So a cell without filters pays nothing, not even a look at whether there are some. A
 * filter is published before the cells are, and a process that is spawned looks for filters after
 * it has been registered: whichever comes last sees the other.
 */
final class EventFilters {

  private final Collection<ProcessCell> cells; // A live view of the node's.
  private volatile List<EventFilter> filters = List.of(); // Newest first; written under the lock.

  EventFilters(Collection<ProcessCell> cells) {
    this.cells = cells;
  }

  synchronized void add(EventFilter filter) {
    List<EventFilter> more = new ArrayList<>();
    more.add(filter);
    more.addAll(filters);
    filters = List.copyOf(more);
    cells.forEach(cell -> cell.filtered(true));
  }

  synchronized boolean remove(EventFilter filter) {
    List<EventFilter> fewer = new ArrayList<>(filters);
    boolean removed = fewer.remove(filter);
    filters = List.copyOf(fewer);
    if (fewer.isEmpty()) {
      cells.forEach(cell -> cell.filtered(false));
    }
    return removed;
  }

  /** To be called when a cell has been registered. */
  void registered(ProcessCell cell) {
    if (!filters.isEmpty()) {
      cell.filtered(true);
    }
  }

  /** Asks the filters, from the newest on, until one drops the event. */
  boolean drops(Event event, PID<?> process) {
    List<EventFilter> asked = filters;
    EventView view = asked.isEmpty() ? null : event.view(process);
    if (view == null) {
      return false;
    }
    for (EventFilter filter : asked) {
      try {
        if (filter.drops(view)) {
          return true;
        }
      } catch (Throwable thrown) {
        Log.error("A filter threw at " + view, thrown);
      }
    }
    return false;
  }
}
