package io.libprocess.future;

/** Completes the target exactly as the source is completed: what an association installs. */
final class Forward extends Derivation {

  /** The origin of the target, if the source is all that the target depends on; else null. */
  final Derivation route;

  private Forward(FutureState source) {
    super(source);
    route = this;
  }

  /** For a target that has an origin, or that belongs to a promise: then {@code route} is null. */
  Forward(FutureState source, FutureState target, Derivation route) {
    super(source, target);
    this.route = route;
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
