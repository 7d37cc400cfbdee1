package io.libprocess.future;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How discard requests travel to the futures that one depends on, and abandonment to those that
 * depend on it. Both go through chains in a loop, so that their length does not matter.
 */
final class Walk {

  private Walk() {}

  /**
   * What was below a mark: the origin of the stack (or null), and the rest as it was registered.
   */
  private record Below(Derivation origin, List<Node> nodes) {

    static Below mark(Mark mark) {
      List<Node> nodes = new ArrayList<>(4);
      Node node = mark.next;
      for (; node != null && !mark.owner.isOrigin(node); node = node.next) {
        nodes.add(node);
      }
      Collections.reverse(nodes);
      return new Below((Derivation) node, nodes);
    }

    void addDiscardTargets(ArrayDeque<FutureState> targets) {
      if (origin != null) {
        origin.addSources(targets);
      }
      for (Node node : nodes) {
        node.addDiscardTargets(targets);
      }
    }
  }

  /**
   * Marks all that the owner of the mark depends on, and then runs the callbacks: of a future after
   * those of the ones that it depends on, and of these in the order in which it names them.
   */
  static void requestDiscard(Mark first) {
    if (first.next == null) {
      return; // Nothing waits here, nothing to tell.
    }
    ArrayDeque<Below> reached = new ArrayDeque<>();
    ArrayDeque<FutureState> unmarked = new ArrayDeque<>();
    for (Mark mark = first; mark != null; mark = markNext(unmarked)) {
      Below below = Below.mark(mark);
      reached.addFirst(below);
      below.addDiscardTargets(unmarked);
    }
    for (Below below : reached) {
      below.nodes.forEach(Node::discardRequested);
    }
  }

  /**
   * Takes futures, the last first, until there is one that can be marked; null if there is none.
   */
  private static Mark markNext(ArrayDeque<FutureState> unmarked) {
    for (FutureState next = unmarked.pollLast(); next != null; next = unmarked.pollLast()) {
      Mark mark = next.markDiscardRequested();
      if (mark != null) {
        return mark;
      }
    }
    return null;
  }

  /** Tells those who wait for the owner of the mark, and those who wait for them, and so on. */
  static void tellAbandoned(Mark first) {
    ArrayDeque<Mark> untold = new ArrayDeque<>();
    for (Mark mark = first; mark != null; mark = untold.poll()) {
      for (Node node : Below.mark(mark).nodes) {
        Mark next = node.sourceAbandoned(mark.owner);
        if (next != null) {
          untold.add(next);
        }
      }
    }
  }
}
