package io.libprocess.future;

/** {@link Future#undiscardable}: passes the outcome on, and nothing else in either direction. */
final class ShieldNode extends Derivation {

  ShieldNode(FutureState source) {
    super(source);
  }

  @Override
  FutureState discardTarget() {
    return null;
  }

  @Override
  Node fire(FutureState source) {
    return passOn(source);
  }

  @Override
  FutureState sourceAbandoned(FutureState abandoned) {
    return null;
  }
}
