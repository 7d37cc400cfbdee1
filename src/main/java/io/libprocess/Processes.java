package io.libprocess;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;

/**
 * The processes of a node, by id. All methods may be called from any thread.
 *
 * <p>A process that ends gives its id back before its linkers are told, so that they can spawn
 * another one of that name, and only then are those released who wait for its end. In between it is
 * among the {@link #ending}: it gets there before its id is free, so whoever does not find it by
 * its id any more finds it there.
 */
final class Processes {

  private final ConcurrentMap<String, ProcessCell> cells = new ConcurrentHashMap<>();
  private final Set<ProcessCell> ending = ConcurrentHashMap.newKeySet();

  /** A live view of the processes whose id is taken. */
  Collection<ProcessCell> all() {
    return cells.values();
  }

  /** Takes the id of a process; false if another one has it. */
  boolean add(ProcessCell cell) {
    return cells.putIfAbsent(cell.pid().id(), cell) == null;
  }

  /** The process with an id; null if there is none. */
  ProcessCell find(String id) {
    return cells.get(id);
  }

  /** The process whose end is to be waited for: {@link #find}, or one whose end is under way. */
  ProcessCell findUnended(String id) {
    ProcessCell cell = cells.get(id);
    if (cell != null) {
      return cell;
    }
    for (ProcessCell one : ending) {
      if (one.pid().id().equals(id) && one.ended().isPending()) {
        return one;
      }
    }
    return null;
  }

  /** Frees the id of a process that ends; {@link #forget} must follow. */
  void release(ProcessCell cell) {
    ending.add(cell);
    cells.remove(cell.pid().id(), cell);
  }

  /** Called when an ended process has nothing left to do. */
  void forget(ProcessCell cell) {
    ending.remove(cell);
  }

  /**
   * Lets every process serve what it has been sent and end, and those which are spawned meanwhile.
   *
   * @param finishes waits for as long as is worth it, and says whether it was long enough
   * @return whether all have ended
   */
  boolean end(Predicate<CompletableFuture<?>> finishes) {
    boolean ended = true;
    while (ended && !cells.isEmpty()) {
      List<ProcessCell> some = List.copyOf(cells.values());
      some.forEach(cell -> cell.terminate(false));
      ended =
          finishes.test(
              CompletableFuture.allOf(
                  some.stream()
                      .map(cell -> cell.ended().toCompletableFuture())
                      .toArray(CompletableFuture[]::new)));
    }
    return ended;
  }

  boolean areIdle() {
    // In this order: a process is ending before it is taken from the others.
    return cells.values().stream().allMatch(ProcessCell::isIdle)
        && ending.stream().allMatch(ProcessCell::isIdle);
  }

  /** The ids that are taken. */
  @Override
  public String toString() {
    return cells.keySet().toString();
  }
}
