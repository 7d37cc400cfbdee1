package io.libprocess.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One look at the events of a process, from the head of its mailbox on; used by one thread. */
public final class Look<V> implements Predicate<Event> {

  private final ProcessCell cell;
  private final EventViewer<V> viewer;
  private final long being;
  private final int most;
  private final int limit;
  private final List<V> waiting = new ArrayList<>();
  private long at = -1;
  private V current;
  private int count;

  /**
   * A view of a process for a thread that does not own it.
   *
   * @param current the event being served; null if there is none, or it is the runtime's own
   * @param waiting the first waiting events
   * @param count the number of waiting events, including these; counted up to a limit
   */
  public record Seen<V>(V current, List<V> waiting, int count) {}

  /**
   * Makes a look that has not seen any event yet.
   *
   * @param viewer may be null if no event is shown
   * @param being the position of the event being served; -1 if there is none
   * @param most how many waiting events are shown
   * @param limit how many are counted
   */
  Look(ProcessCell cell, EventViewer<V> viewer, long being, int most, int limit) {
    this.cell = cell;
    this.viewer = viewer;
    this.being = being;
    this.most = most;
    this.limit = limit;
  }

  /** Sees the next event, and tells whether another one is wanted. */
  @Override
  public boolean test(Event event) {
    at++;
    if (at == being) {
      current = viewer == null ? null : event.peek(cell, viewer);
    } else if (at > being) {
      count++;
      V seen = count > most ? null : event.peek(cell, viewer);
      if (seen != null) {
        waiting.add(seen);
      }
    }
    return count < limit;
  }

  Seen<V> seen() {
    return new Seen<>(current, waiting, count);
  }
}
