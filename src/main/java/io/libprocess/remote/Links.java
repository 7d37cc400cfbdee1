package io.libprocess.remote;

import io.libprocess.net.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who wants to be told of whose end. All state is guarded by this object's lock; the lock is never
 * held while somebody is told. A link is taken out once, by whoever tells of the end: so there is
 * exactly one end told for it, however many reasons there are.
 *
 * <p>Links are numbered in the order in which they are made. Another node is told the number of a
 * link, and says it again when it tells of the end of the process: that end is not one of links
 * made later, which may be to a new process of the same name.
 */
final class Links {

  /** A link that has been made. */
  record Link(ProcessName to, long number) {}

  /** By the address of the linked process, its name, and the linker: the link's number. */
  private final Map<Address, Map<ProcessName, Map<LocalProcess, Long>>> linkers = new HashMap<>();

  private final Map<LocalProcess, Set<ProcessName>> linked = new HashMap<>(); // By linker.
  private final Map<LocalProcess, Map<Address, Long>> nodes = new HashMap<>(); // By linked process.
  private long last;

  /** Remembers a link. */
  synchronized Link add(LocalProcess linker, ProcessName to) {
    Map<ProcessName, Map<LocalProcess, Long>> there =
        linkers.computeIfAbsent(to.address(), key -> new LinkedHashMap<>());
    Map<LocalProcess, Long> here = there.computeIfAbsent(to, key -> new LinkedHashMap<>());
    linked.computeIfAbsent(linker, key -> new LinkedHashSet<>()).add(to);
    return new Link(to, here.computeIfAbsent(linker, key -> ++last));
  }

  /** Remembers a link to a process of this node; false if it has ended. */
  synchronized boolean addLocal(LocalProcess linker, LocalProcess to) {
    if (!to.isLive()) {
      return false; // Its end has taken the linkers already, or will find none.
    }
    add(linker, to.name());
    return true;
  }

  /** Remembers that another node has a link to a process of this one; false if it has ended. */
  synchronized boolean addNode(Address node, LocalProcess to, long number) {
    if (!to.isLive()) {
      return false;
    }
    nodes.computeIfAbsent(to, key -> new LinkedHashMap<>()).merge(node, number, Math::max);
    return true;
  }

  /** The links to processes at an address, for each name the last. */
  synchronized List<Link> at(Address address) {
    List<Link> links = new ArrayList<>();
    linkers
        .getOrDefault(address, Map.of())
        .forEach(
            (to, here) ->
                here.values().stream()
                    .max(Long::compare)
                    .ifPresent(number -> links.add(new Link(to, number))));
    return links;
  }

  /**
   * Takes those who linked to a process of this node that has ended, and forgets whom it had linked
   * to. To be called before the id is free: another process may have the same name then.
   */
  synchronized Watchers take(LocalProcess ended) {
    if (linked.isEmpty() && nodes.isEmpty()) {
      return Watchers.NONE;
    }
    Set<ProcessName> its = linked.remove(ended);
    if (its != null) {
      its.forEach(to -> remove(ended, to));
    }
    Map<Address, Long> others = nodes.remove(ended);
    return new Watchers(take(ended.name(), Long.MAX_VALUE), others == null ? Map.of() : others);
  }

  /** Takes those who linked to a process before a number was given out, or with that number. */
  synchronized List<LocalProcess> take(ProcessName to, long number) {
    Map<LocalProcess, Long> here = linkers.getOrDefault(to.address(), Map.of()).get(to);
    if (here == null) {
      return List.of();
    }
    List<LocalProcess> taken = new ArrayList<>();
    here.forEach(
        (linker, given) -> {
          if (given <= number) {
            taken.add(linker);
          }
        });
    for (LocalProcess linker : taken) {
      remove(linker, to);
      Set<ProcessName> its = linked.get(linker);
      if (its != null && its.remove(to) && its.isEmpty()) {
        linked.remove(linker);
      }
    }
    return taken;
  }

  /** Takes all who linked to any process at an address. */
  synchronized Map<ProcessName, List<LocalProcess>> takeAll(Address address) {
    Map<ProcessName, List<LocalProcess>> taken = new LinkedHashMap<>();
    for (ProcessName to : List.copyOf(linkers.getOrDefault(address, Map.of()).keySet())) {
      taken.put(to, take(to, Long.MAX_VALUE));
    }
    return taken;
  }

  private void remove(LocalProcess linker, ProcessName to) {
    Map<ProcessName, Map<LocalProcess, Long>> there = linkers.get(to.address());
    Map<LocalProcess, Long> here = there == null ? null : there.get(to);
    if (here != null && here.remove(linker) != null && here.isEmpty()) {
      there.remove(to);
      if (there.isEmpty()) {
        linkers.remove(to.address());
      }
    }
  }
}
