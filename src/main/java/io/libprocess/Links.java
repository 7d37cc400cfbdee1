package io.libprocess;

import io.libprocess.net.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who wants to be told of whose end. All state is guarded by this object's lock; the lock is never
 * held while somebody is told. A link is taken out once, by whoever tells of the end: so there is
 * exactly one {@code exited} for it, however many reasons there are.
 *
 * <p>Links are numbered in the order in which they are made. Another node is told the number of a
 * link, and says it again when it tells of the end of the process: that end is not one of links
 * made later, which may be to a new process of the same name.
 */
final class Links {

  /** A link that has been made. */
  record Link(UPID to, long number) {}

  /**
   * Who is to be told of the end of a process.
   *
   * @param linkers on this node
   * @param nodes the other ones, with the number of the last link that they have told us of
   */
  record Watchers(List<ProcessCell> linkers, Map<Address, Long> nodes) {}

  /** By the address of the linked process, its name, and the linker: the link's number. */
  private final Map<Address, Map<UPID, Map<ProcessCell, Long>>> linkers = new HashMap<>();

  private final Map<ProcessCell, Set<UPID>> linked = new HashMap<>(); // By linker.
  private final Map<ProcessCell, Map<Address, Long>> nodes = new HashMap<>(); // By linked process.
  private long last;

  /** Remembers a link. */
  synchronized Link add(ProcessCell linker, UPID to) {
    Map<UPID, Map<ProcessCell, Long>> there =
        linkers.computeIfAbsent(to.address(), key -> new LinkedHashMap<>());
    Map<ProcessCell, Long> cells = there.computeIfAbsent(to, key -> new LinkedHashMap<>());
    linked.computeIfAbsent(linker, key -> new HashSet<>()).add(to);
    return new Link(to, cells.computeIfAbsent(linker, key -> ++last));
  }

  /** Remembers a link to a process of this node; false if it has ended. */
  synchronized boolean addLocal(ProcessCell linker, ProcessCell to) {
    if (!to.isLive()) {
      return false; // Its end has taken the linkers already, or will find none.
    }
    add(linker, to.pid());
    return true;
  }

  /** Remembers that another node has a link to a process of this one; false if it has ended. */
  synchronized boolean addNode(Address node, ProcessCell to, long number) {
    if (!to.isLive()) {
      return false;
    }
    nodes.computeIfAbsent(to, key -> new HashMap<>()).merge(node, number, Math::max);
    return true;
  }

  /** The links to processes at an address, for each name the last. */
  synchronized List<Link> at(Address address) {
    List<Link> links = new ArrayList<>();
    linkers
        .getOrDefault(address, Map.of())
        .forEach(
            (to, cells) ->
                cells.values().stream()
                    .max(Long::compare)
                    .ifPresent(number -> links.add(new Link(to, number))));
    return links;
  }

  /**
   * Takes those who linked to a process of this node that has ended, and forgets whom it had linked
   * to. To be called before the id is free: another process may have the same name then.
   */
  synchronized Watchers take(ProcessCell ended) {
    Set<UPID> mine = linked.remove(ended);
    if (mine != null) {
      mine.forEach(to -> remove(ended, to));
    }
    Map<Address, Long> others = nodes.remove(ended);
    return new Watchers(take(ended.pid(), Long.MAX_VALUE), others == null ? Map.of() : others);
  }

  /** Takes those who linked to a process before a number was given out, or with that number. */
  synchronized List<ProcessCell> take(UPID to, long number) {
    Map<ProcessCell, Long> cells = linkers.getOrDefault(to.address(), Map.of()).get(to);
    if (cells == null) {
      return List.of();
    }
    List<ProcessCell> taken = new ArrayList<>();
    cells.forEach(
        (cell, given) -> {
          if (given <= number) {
            taken.add(cell);
          }
        });
    for (ProcessCell cell : taken) {
      remove(cell, to);
      Set<UPID> its = linked.get(cell);
      if (its != null && its.remove(to) && its.isEmpty()) {
        linked.remove(cell);
      }
    }
    return taken;
  }

  /** Takes all who linked to any process at an address. */
  synchronized Map<UPID, List<ProcessCell>> takeAll(Address address) {
    Map<UPID, List<ProcessCell>> taken = new LinkedHashMap<>();
    for (UPID to : List.copyOf(linkers.getOrDefault(address, Map.of()).keySet())) {
      taken.put(to, take(to, Long.MAX_VALUE));
    }
    return taken;
  }

  private void remove(ProcessCell linker, UPID to) {
    Map<UPID, Map<ProcessCell, Long>> there = linkers.get(to.address());
    Map<ProcessCell, Long> cells = there == null ? null : there.get(to);
    if (cells != null && cells.remove(linker) != null && cells.isEmpty()) {
      there.remove(to);
      if (there.isEmpty()) {
        linkers.remove(to.address());
      }
    }
  }
}
