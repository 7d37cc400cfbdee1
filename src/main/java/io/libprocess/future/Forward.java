package io.libprocess.future;

/** Completes the target exactly as the source is completed: what an association installs. */
final class Forward extends Derivation {

  /** The {@code then} whose target this completes, or null. */
  final ThenNode<?, ?> installedBy;

  Forward(FutureState source, FutureState target) {
    this(source, target, null);
  }

  Forward(FutureState source, FutureState target, ThenNode<?, ?> installedBy) {
    super(source, target);
    this.installedBy = installedBy;
  }

  private Forward(FutureState source) {
    super(source);
    installedBy = null;
  }

  /** A forward that makes its target and is the target's origin. */
  static Forward toNewFuture(FutureState source) {
    return new Forward(source);
  }

  @Override
  boolean early() {
    return true;
  }

  @Override
  Node fire(FutureState source) {
    return passOn(source);
  }
}
