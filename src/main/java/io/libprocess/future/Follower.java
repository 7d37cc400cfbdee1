package io.libprocess.future;

import java.util.Collection;

/** Waits for a future to end as it does, without being what it depends on: {@link Following}. */
final class Follower extends Derivation {

  private final Derivation head;

  Follower(Derivation head, FutureState target) {
    super(head.target, target);
    this.head = head;
  }

  @Override
  boolean early() {
    return true;
  }

  @Override
  Node fire(FutureState source) {
    return passOn(source);
  }

  @Override
  void addSources(Collection<FutureState> targets) {
    head.addSources(targets);
  }

  @Override
  void addDiscardTargets(Collection<FutureState> targets) {
    targets.add(target);
  }
}
