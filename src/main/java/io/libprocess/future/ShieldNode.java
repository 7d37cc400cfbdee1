package io.libprocess.future;

import java.util.Collection;

/** {@link Future#undiscardable}: passes the outcome on, and nothing else in either direction. */
final class ShieldNode extends Derivation {

  ShieldNode(FutureState source) {
    super(source);
  }

  @Override
  void addSources(Collection<FutureState> targets) {}

  @Override
  Node fire(FutureState source) {
    return passOn(source);
  }

  @Override
  Mark sourceAbandoned(FutureState abandoned) {
    return null;
  }
}
