package io.libprocess.actor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The filters of a node.
 *
 * <p>While there are any, every process is marked so that its cell asks here before it serves an
 * event. So a cell without filters has no cost, not even a check for filters. A filter is published
 * before the cells are, and a process that is spawned looks for filters after it has been
 * registered: whichever comes last sees the other.
 */
public final class EventFilters {

  /** A filter. Filters are compared by equality. */
  public interface Filter {

    /**
     * Whether an event is to be dropped. Called by the thread that is about to serve it.
     *
     * @param cell the process's cell
     */
    boolean drops(Event event, ProcessCell cell);
  }

  private final Collection<ProcessCell> cells; // A live view of the node's.
  private volatile List<Filter> filters = List.of(); // Newest first; written under the lock.

  EventFilters(Collection<ProcessCell> cells) {
    this.cells = cells;
  }

  /** Adds a filter, which is asked before the others. */
  public synchronized void add(Filter filter) {
    List<Filter> more = new ArrayList<>();
    more.add(filter);
    more.addAll(filters);
    filters = List.copyOf(more);
    cells.forEach(cell -> cell.filtered(true));
  }

  /** Removes a filter; true if it was there. */
  public synchronized boolean remove(Filter filter) {
    List<Filter> fewer = new ArrayList<>(filters);
    boolean removed = fewer.remove(filter);
    filters = List.copyOf(fewer);
    if (fewer.isEmpty()) {
      cells.forEach(cell -> cell.filtered(false));
    }
    return removed;
  }

  /** Marks a newly registered cell if there are filters. */
  void registered(ProcessCell cell) {
    if (!filters.isEmpty()) {
      cell.filtered(true);
    }
  }

  /** Asks the filters, newest first, until one drops the event. */
  boolean drops(Event event, ProcessCell cell) {
    for (Filter filter : filters) {
      if (filter.drops(event, cell)) {
        return true;
      }
    }
    return false;
  }
}
