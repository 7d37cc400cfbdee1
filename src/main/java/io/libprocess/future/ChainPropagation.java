package io.libprocess.future;

import io.libprocess.future.Completion.FlagChange;
import io.libprocess.internal.Trampoline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Passes discard requests on to the futures that a future depends on, and abandonment to those that
 * depend on it. Both go through chains in a loop, so the length of a chain does not matter.
 */
final class ChainPropagation {

  private ChainPropagation() {}

  /**
   * The part of a stack below a change of flags: the origin (or null), and the other elements as
   * they were registered.
   */
  private record Below(DependentCompletion origin, List<Completion> elements) {

    static Below of(FlagChange change) {
      List<Completion> elements = new ArrayList<>(4);
      Completion element = change.next;
      for (; element != null && !change.owner.isOrigin(element); element = element.next) {
        elements.add(element);
      }
      Collections.reverse(elements);
      return new Below((DependentCompletion) element, elements);
    }

    void addDiscardTargets(ArrayDeque<FutureState> targets, boolean fromOrigin) {
      if (origin != null && fromOrigin) {
        origin.addSources(targets);
      }
      for (Completion element : elements) {
        element.addDiscardTargets(targets);
      }
    }

    void tellDiscardRequested() {
      elements.forEach(Completion::discardRequested);
      if (origin != null) {
        origin.targetDiscardRequested();
      }
    }
  }

  /**
   * Sets the flag of all futures that the owner of the change depends on, and then runs the
   * callbacks: those of a future run after those of the futures it depends on, and these run in the
   * order in which it names them.
   */
  static void requestDiscard(FlagChange first) {
    requestDiscard(first, true);
  }

  /** Like {@link #requestDiscard}, for a future whose own sources have been asked before. */
  static void tellDiscardRequested(FlagChange first) {
    requestDiscard(first, false);
  }

  private static void requestDiscard(FlagChange first, boolean fromOrigin) {
    if (first.next == null) {
      return; // Nothing waits here, so there is nothing to notify.
    }
    Trampoline trampoline = Trampoline.enter();
    Object context = trampoline.suspend();
    try {
      Trampoline.Step later =
          trampoline.isShort() ? DeferredStep.discardRequest(first, fromOrigin) : null;
      if (later != null) {
        trampoline.putOff(later);
      } else {
        requestAll(first, fromOrigin);
      }
    } finally {
      trampoline.resume(context);
      trampoline.exit();
    }
  }

  static void requestAll(FlagChange first, boolean fromOrigin) {
    ArrayDeque<Below> reached = new ArrayDeque<>();
    ArrayDeque<FutureState> unflagged = new ArrayDeque<>();
    for (FlagChange change = first; change != null; change = flagNext(unflagged)) {
      Below below = Below.of(change);
      reached.addFirst(below);
      below.addDiscardTargets(unflagged, fromOrigin || change != first);
    }
    reached.forEach(Below::tellDiscardRequested);
  }

  /** Takes futures, the last first, until the flag of one can be set; null if there is none. */
  private static FlagChange flagNext(ArrayDeque<FutureState> unflagged) {
    for (FutureState next = unflagged.pollLast(); next != null; next = unflagged.pollLast()) {
      FlagChange change = next.flagDiscardRequested();
      if (change != null) {
        return change;
      }
    }
    return null;
  }

  /**
   * Notifies the elements that wait for the owner of the change, those that wait for the futures
   * thus abandoned, and so on. Their callbacks may abandon other futures: beyond some depth these
   * are notified later, by this thread.
   */
  static void tellAbandoned(FlagChange first) {
    if (first.next == null) {
      return;
    }
    Trampoline trampoline = Trampoline.enter();
    Object context = trampoline.suspend();
    try {
      Trampoline.Step later = trampoline.isFullOrShort() ? DeferredStep.abandonment(first) : null;
      if (later != null) {
        trampoline.putOff(later);
      } else {
        tellAllAbandoned(first);
      }
    } finally {
      trampoline.resume(context);
      trampoline.exit();
    }
  }

  static void tellAllAbandoned(FlagChange first) {
    ArrayDeque<FlagChange> untold = new ArrayDeque<>();
    for (FlagChange change = first; change != null; change = untold.poll()) {
      for (Completion element : Below.of(change).elements) {
        FlagChange next = element.sourceAbandoned(change.owner);
        if (next != null) {
          untold.add(next);
        }
      }
    }
  }

  /** A future, and all that it waits for, directly or not. */
  static Collection<FutureState> sourcesOf(FutureState future) {
    Set<FutureState> found = new LinkedHashSet<>(); // Futures are compared by identity.
    ArrayDeque<FutureState> next = new ArrayDeque<>(List.of(future));
    for (FutureState one = next.poll(); one != null; one = next.poll()) {
      if (!found.add(one) || !(one.state() instanceof Completion element)) {
        continue;
      }
      for (; element != null && !one.isOrigin(element); element = element.next) {
        element.addDiscardTargets(next);
      }
      if (element instanceof DependentCompletion origin) {
        next.add(origin.source());
        origin.addSources(next);
      }
    }
    return found;
  }
}
