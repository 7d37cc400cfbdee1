package io.libprocess.future;

/** A stack element that only carries a change of the flags. */
final class Mark extends Node {

  final FutureState owner; // In whose stack this is.

  Mark(FutureState owner) {
    this.owner = owner;
  }

  @Override
  boolean waitsForCompletion() {
    return false;
  }

  @Override
  Node fire(FutureState source) {
    return null;
  }
}
