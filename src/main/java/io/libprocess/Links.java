package io.libprocess;

import io.libprocess.net.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who wants to be told of whose end. All state is guarded by this object's lock; the lock is never
 * held while somebody is told.
 */
final class Links {

  private final Map<UPID, Set<ProcessCell>> linkers = new HashMap<>(); // By linked name.
  private final Map<ProcessCell, Set<UPID>> linked = new HashMap<>(); // By linker.

  /** Remembers a link to another node. */
  synchronized void add(ProcessCell linker, UPID to) {
    linkers.computeIfAbsent(to, key -> new LinkedHashSet<>()).add(linker);
    linked.computeIfAbsent(linker, key -> new LinkedHashSet<>()).add(to);
  }

  /** Remembers a link to a process of this node; false if it has ended. */
  synchronized boolean addLocal(ProcessCell linker, ProcessCell to) {
    if (!to.isLive()) {
      return false; // Its end has taken the linkers already, or will find none.
    }
    add(linker, to.pid());
    return true;
  }

  /**
   * Takes those who linked to a process of this node that has ended, and forgets whom it had linked
   * to. To be called before the id is free: another process may have the same name then.
   */
  synchronized List<ProcessCell> take(ProcessCell ended) {
    Set<UPID> mine = linked.remove(ended);
    if (mine != null) {
      mine.forEach(to -> remove(linkers, to, ended));
    }
    return take(ended.pid());
  }

  /** Tells all who linked to any process at an address that the connection to it broke. */
  void disconnected(Address address, Optional<? extends Throwable> cause) {
    Map<UPID, List<ProcessCell>> told = new HashMap<>();
    synchronized (this) {
      for (UPID to : List.copyOf(linkers.keySet())) {
        if (to.address().equals(address)) {
          told.put(to, take(to));
        }
      }
    }
    Exit exit = Exit.disconnected(cause);
    told.forEach(
        (to, cells) -> cells.forEach(linker -> linker.enqueue(new Event.Exited(to, exit))));
  }

  private List<ProcessCell> take(UPID to) {
    Set<ProcessCell> taken = linkers.remove(to);
    if (taken == null) {
      return List.of();
    }
    taken.forEach(linker -> remove(linked, linker, to));
    return new ArrayList<>(taken);
  }

  private static <K, V> void remove(Map<K, Set<V>> sets, K key, V value) {
    Set<V> set = sets.get(key);
    if (set != null && set.remove(value) && set.isEmpty()) {
      sets.remove(key);
    }
  }
}
