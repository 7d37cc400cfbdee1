package io.libprocess.remote.links;

import io.libprocess.net.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A table of the links of this node's processes. All state is guarded by this object's lock, which
 * is never held while a process or node is told of an end. A link is taken out once, by the code
 * that tells of the end: so exactly one end is told for it, however many causes there are.
 *
 * <p>Links are numbered in the order in which they are made. The number of a link is sent to the
 * other node, which returns it when it reports the end of the process: the end does not concern
 * later links, which may be to a new process with the same name. The number is accompanied by a
 * secret, one for each linked process of another node, so that only that node can report the end.
 */
public final class Links {

  /**
   * A link to a process of another node.
   *
   * @param madeAt the time when it was made, in nanoseconds of the clock
   */
  public record Link(ProcessName to, LinkTag tag, long madeAt) {}

  /** A link's number and the time when it was made. */
  private record Made(long number, long at) {}

  /** The linkers of one process, in the order of the numbers. */
  private static final class Linkers {
    final Map<LocalProcess, Made> links = new LinkedHashMap<>();
    final long secret;

    Linkers(long secret) {
      this.secret = secret;
    }

    Link last(ProcessName to) {
      Made last = null;
      for (Made made : links.values()) {
        last = made;
      }
      return new Link(to, new LinkTag(last.number, secret), last.at);
    }
  }

  private final LongSupplier secrets;

  /** By the address of the linked process and its name. */
  private final Map<Address, Map<ProcessName, Linkers>> linkers = new HashMap<>();

  private final Map<LocalProcess, Set<ProcessName>> linked = new HashMap<>(); // By linker.
  private long last;

  /**
   * Makes a table without links.
   *
   * @param secrets a source of numbers that cannot be guessed
   */
  public Links(LongSupplier secrets) {
    this.secrets = secrets;
  }

  /** Adds a link to a process of another node that is made at a time of the clock. */
  public synchronized Link add(LocalProcess linker, ProcessName to, long now) {
    Linkers here = at(to);
    if (here == null) {
      here = new Linkers(secrets.getAsLong());
      put(to, here);
    }
    Made made = note(linker, to, here, now);
    return new Link(to, new LinkTag(made.number, here.secret), made.at);
  }

  /** Adds a link to a process of this node; false if it has ended. */
  public synchronized boolean addLocal(LocalProcess linker, LocalProcess to) {
    if (!to.isLive()) {
      return false; // Its end has already taken the linkers, or will find none.
    }
    ProcessName name = to.name();
    Linkers here = at(name);
    if (here == null) {
      here = new Linkers(0); // It is never sent to another node.
      put(name, here);
    }
    note(linker, name, here, 0);
    return true;
  }

  private Linkers at(ProcessName to) {
    Map<ProcessName, Linkers> there = linkers.get(to.address());
    return there == null ? null : there.get(to);
  }

  private void put(ProcessName to, Linkers here) {
    linkers.computeIfAbsent(to.address(), key -> new LinkedHashMap<>()).put(to, here);
  }

  private Made note(LocalProcess linker, ProcessName to, Linkers here, long now) {
    linked.computeIfAbsent(linker, key -> new LinkedHashSet<>()).add(to);
    return here.links.computeIfAbsent(linker, key -> new Made(++last, now));
  }

  /**
   * A snapshot of the links.
   *
   * @param some some of them: the names of linker and linked process
   * @param byNode the number of links to processes of each node, including this one
   */
  public record Seen(
      List<Map.Entry<ProcessName, ProcessName>> some, Map<Address, Integer> byNode) {}

  /** A snapshot of all links that shows up to {@code most} of them. */
  public synchronized Seen look(int most) {
    List<Map.Entry<ProcessName, ProcessName>> some = new ArrayList<>();
    Map<Address, Integer> byNode = new LinkedHashMap<>();
    linkers.forEach(
        (address, names) ->
            names.forEach(
                (to, here) -> {
                  byNode.merge(address, here.links.size(), Integer::sum);
                  here.links.keySet().stream()
                      .limit(most - some.size())
                      .forEach(linker -> some.add(Map.entry(linker.name(), to)));
                }));
    return new Seen(some, byNode);
  }

  /** The links to processes at an address, the last one for each name. */
  public synchronized List<Link> at(Address address) {
    List<Link> links = new ArrayList<>();
    linkers.getOrDefault(address, Map.of()).forEach((to, here) -> links.add(here.last(to)));
    return links;
  }

  /**
   * Removes and returns the linkers of a process of this node that has ended, and removes its own
   * links. Called before the id becomes free, since another process may then have the same name.
   */
  public synchronized List<LocalProcess> take(LocalProcess ended) {
    if (linked.isEmpty()) {
      return List.of();
    }
    Set<ProcessName> its = linked.remove(ended);
    if (its != null) {
      its.forEach(to -> takeOut(ended, to));
    }
    ProcessName name = ended.name();
    Linkers here = at(name);
    return here == null ? List.of() : take(name, here, Long.MAX_VALUE);
  }

  /**
   * Removes and returns the processes that linked to a process up to and including a given link;
   * none if the secret is wrong.
   */
  public synchronized List<LocalProcess> take(ProcessName to, LinkTag tag) {
    Linkers here = at(to);
    return here == null || here.secret != tag.secret() ? List.of() : take(to, here, tag.number());
  }

  private List<LocalProcess> take(ProcessName to, Linkers here, long number) {
    List<LocalProcess> taken = new ArrayList<>();
    here.links.forEach(
        (linker, made) -> {
          if (made.number <= number) {
            taken.add(linker);
          }
        });
    forget(to, taken);
    return taken;
  }

  private void forget(ProcessName to, List<LocalProcess> taken) {
    for (LocalProcess linker : taken) {
      remove(linker, to);
    }
  }

  /** Takes out a link, if there is one. */
  public synchronized void remove(LocalProcess linker, ProcessName to) {
    takeOut(linker, to);
    Set<ProcessName> its = linked.get(linker);
    if (its != null && its.remove(to) && its.isEmpty()) {
      linked.remove(linker);
    }
  }

  /** Removes and returns all processes that linked to any process at an address. */
  public synchronized Map<ProcessName, List<LocalProcess>> takeAll(Address address) {
    Map<ProcessName, List<LocalProcess>> taken = new LinkedHashMap<>();
    Map<ProcessName, Linkers> there = linkers.getOrDefault(address, Map.of());
    there.forEach((to, here) -> taken.put(to, new ArrayList<>(here.links.keySet())));
    taken.forEach(this::forget); // Only when all are in the result: memory may run out.
    return taken;
  }

  private void takeOut(LocalProcess linker, ProcessName to) {
    Map<ProcessName, Linkers> there = linkers.get(to.address());
    Linkers here = there == null ? null : there.get(to);
    if (here != null && here.links.remove(linker) != null && here.links.isEmpty()) {
      there.remove(to);
      if (there.isEmpty()) {
        linkers.remove(to.address());
      }
    }
  }
}
