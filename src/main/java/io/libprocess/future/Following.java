package io.libprocess.future;

/**
 * The state of a future that was left out of a chain.
 *
 * <p>A recursion such as {@code loop(n) = step().then(v -> loop(n - 1))} would build a chain of
 * futures that only forward to each other, one for each step. So a pending future is left out
 *
 * <ul>
 *   <li>when it comes to depend on another one, and nothing waits for it but a {@link Forward} to
 *       the future before it ({@link #leaveOut}); or
 *   <li>when another one comes to depend on it, and nothing waits for it, and it does no more than
 *       pass on what is forwarded to it ({@link #forward}).
 * </ul>
 *
 * <p>The future before it, the head, then waits for the one behind it directly. Nobody may ever
 * look at the one left out, and then it is garbage. But it may still be looked at; and because it
 * had passed on to the head whatever happened to it, and been passed whatever was asked of the
 * head, it then <em>follows</em> the head: it ends as the head does, is abandoned with it, and is
 * asked to discard with it ({@link Follower}). Requests on it, however, do not reach the head, but
 * what the head depends on.
 *
 * <p>A future comes to follow by a compare-and-set that removes what waited for it, and is never
 * put back to that state, so nothing that is pushed meanwhile gets lost.
 */
final class Following {

  private final Derivation head; // The origin of the future that is followed.

  private Following(Derivation head) {
    this.head = head;
  }

  /**
   * Leaves out a future that is about to depend on {@code inner}, if it is in the middle.
   *
   * @param origin the future's origin
   * @return null if this was not possible; else the origin of the head, for {@link #forward}
   */
  static Derivation leaveOut(FutureState middle, Derivation origin, FutureState inner) {
    if (!(middle.word() instanceof Forward forward)
        || forward.flags != 0
        || forward.next != origin
        || forward.route == null
        || forward.target == inner
        || forward.target.isMarkedAbandoned()
        || !origin.mayBeLeftOut()
        || !middle.exchange(forward, new Following(forward.route))) {
      return null;
    }
    forward.next = null; // It may live on as the origin of the head.
    return forward.route;
  }

  /**
   * Forwards the outcome of {@code inner} to the target of {@code head}, leaving out what does no
   * more than pass it on.
   *
   * @param before what depended on {@code inner} and was left out, or null
   */
  static void forward(FutureState inner, Derivation head, FutureState before) {
    FutureState target = head.target;
    head.redirect(inner);
    FutureState end = inner;
    Forward left = null; // Waits for end on behalf of a future that has been left out.
    Following following = null;
    for (; ; ) {
      Object word = end.word();
      Forward next = passedOn(end, word, left);
      if (next == null || end == target || target.isMarkedAbandoned()) {
        break;
      }
      following = following == null ? new Following(head) : following;
      if (!end.exchange(word, following)) {
        break;
      }
      left = next;
      end = next.source();
    }
    Forward forward = new Forward(end, target, head);
    head.redirect(end);
    if (left == null || !replace(end, left, forward)) {
      end.attach(forward);
    }
    // Requests that found the head redirected to one that had been left out already, or not yet.
    if (target.isDiscardRequested()
        || inner.isDiscardRequested()
        || before != null && before.isDiscardRequested()) {
      end.requestDiscard();
    }
  }

  /**
   * What is forwarded to a future that does no more than pass it on, and for which nothing waits
   * but {@code left} (null: nothing at all); null if it is not such a future.
   */
  private static Forward passedOn(FutureState future, Object word, Forward left) {
    if (left != null && (word != left || left.flags != 0)) {
      return null;
    }
    Object bottom = left == null ? word : left.next;
    return bottom instanceof Derivation origin
            && future.isOrigin(origin)
            && origin.mayBeLeftOut()
            && origin.source().word() instanceof Forward forward
            && forward.target == future
        ? forward
        : null;
  }

  /** Replaces a forward that is all that waits for a future. */
  private static boolean replace(FutureState future, Forward left, Forward forward) {
    if (future.word() != left || left.flags != 0) {
      return false;
    }
    forward.next = left.next;
    forward.flags = 0;
    return future.exchange(left, forward);
  }

  /** Who follows one that follows another one follows that. */
  private Derivation lastHead() {
    Following last = this;
    while (last.head.target.word() instanceof Following next) {
      last = next;
    }
    return last.head;
  }

  boolean isDiscardRequested() {
    return lastHead().target.isDiscardRequested();
  }

  /** Tries to make a future whose state this is an ordinary one. */
  void end(FutureState follower) {
    Derivation last = lastHead();
    FutureState target = last.target;
    Object s = target.word();
    if (s instanceof Following) {
      return; // Since a moment ago.
    }
    if (!FutureState.isPendingWord(s)) {
      follower.exchange(this, s);
      return;
    }
    Follower node = new Follower(last, follower);
    if (follower.exchange(this, node)) {
      target.attach(node);
      if (target.isDiscardRequested()) {
        follower.requestDiscard();
      }
    }
  }
}
