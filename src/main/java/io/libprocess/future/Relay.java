package io.libprocess.future;

/** Stands in an ordered list for a node whose own link must stay as it is. */
final class Relay extends Node {

  private final Node node;

  Relay(Node node) {
    this.node = node;
  }

  @Override
  Node self() {
    return node;
  }

  @Override
  Node fire(FutureState source) {
    throw new AssertionError("only its node is fired");
  }
}
