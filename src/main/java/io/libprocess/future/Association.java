package io.libprocess.future;

/** In the stack of an associated future: where its discard requests go. */
final class Association extends Node {

  final FutureState source;

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
}
