package io.libprocess.future;

import java.util.Collection;

/** In the stack of an associated future: where its discard requests go. */
final class Association extends Node {

  private final FutureState source;

  Association(FutureState source) {
    this.source = source;
  }

  @Override
  boolean waitsForCompletion() {
    return false;
  }

  @Override
  Node fire(FutureState target) {
    return null;
  }

  @Override
  void addDiscardTargets(Collection<FutureState> targets) {
    targets.add(source);
  }
}
