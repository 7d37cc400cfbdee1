package io.libprocess.simulation;

import io.libprocess.Config;
import io.libprocess.Node;
import io.libprocess.Process;
import io.libprocess.actor.Processes;
import io.libprocess.endpoints.WaitingEvent;
import io.libprocess.http.access.Access;
import io.libprocess.internal.MemoryBudget;
import io.libprocess.node.Inspection;
import io.libprocess.runtime.NodeAccess;
import java.util.ArrayList;
import java.util.List;

/** Says what hosts wait for, and what is left of their nodes when they are closed. */
final class Waiting {

  private static final NodeAccess<Node, Config> NODES = Access.to(Process.class);
  private static final int MOST = 10; // Lines of a kind.
  private static final int MOST_EVENTS = 3;

  private Waiting() {}

  /** What each host and the world's function wait for. */
  static String text(World world) {
    StringBuilder text = new StringBuilder();
    for (Host host : world.hosts()) {
      text.append(host.name());
      if (host.isUp()) {
        text.append(" waits for\n");
        mailboxes(host, text);
        some(text, host.clock().timers() + " timers", host.machine().nextTimers());
        List<String> open = world.links().open(host.index());
        some(text, open.size() + " connections", open);
        List<String> programs = host.programs().running();
        if (!programs.isEmpty()) {
          some(text, programs.size() + " programs", programs);
        }
        List<String> futures = world.engine().pending().of(host.machine());
        some(text, futures.size() + " futures", futures);
      } else {
        text.append(" is down\n");
      }
    }
    List<String> futures = world.engine().pending().of(null);
    if (!futures.isEmpty()) {
      text.append("the world's function waits for\n");
      some(text, futures.size() + " futures", futures);
    }
    return text.toString();
  }

  private static void some(StringBuilder text, String what, List<String> lines) {
    text.append("  ").append(what).append('\n');
    lines.stream().limit(MOST).forEach(line -> text.append("    ").append(line).append('\n'));
    if (lines.size() > MOST) {
      text.append("    and ").append(lines.size() - MOST).append(" more\n");
    }
  }

  private static void mailboxes(Host host, StringBuilder text) {
    List<String> lines = new ArrayList<>();
    int processes = 0;
    for (Node node : host.nodes()) {
      for (WaitingEvent.Queue queue : Inspection.queues((Processes) NODES.processes(node))) {
        processes++;
        int count = queue.events().size() + queue.more();
        if (count > 0) {
          lines.add(queue.id() + ": " + count + " events: " + described(queue.events()));
        }
      }
    }
    some(text, lines.size() + " mailboxes with events, of " + processes, lines);
  }

  private static String described(List<WaitingEvent> events) {
    List<String> first = events.stream().limit(MOST_EVENTS).map(WaitingEvent::described).toList();
    return String.join("; ", first) + (events.size() > MOST_EVENTS ? "; ..." : "");
  }

  /** What the closed nodes of a host, which is up, have left behind; empty if nothing. */
  static List<String> left(World world, Host host) {
    List<String> left = new ArrayList<>();
    int timers = host.clock().timers();
    if (timers > 0) {
      left.add(timers + " timers");
    }
    left.addAll(world.links().open(host.index()));
    left.addAll(host.programs().running());
    for (Node node : host.nodes()) {
      for (WaitingEvent.Queue queue : Inspection.queues((Processes) NODES.processes(node))) {
        left.add("the process " + queue.id() + " on " + node.address());
      }
      long held = MemoryBudget.of(node.transport()).used();
      if (held != 0) {
        left.add(held + " bytes held by " + node.address());
      }
    }
    return left;
  }
}
