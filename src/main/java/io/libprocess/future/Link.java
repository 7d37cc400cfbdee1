package io.libprocess.future;

import io.libprocess.internal.StackReserve;
import java.util.Collection;

/**
 * The state of a future that was left out of a chain: promise linking, as in Scala's {@code
 * DefaultPromise} and Twitter's {@code Promise}.
 *
 * <p>A recursion such as {@code loop(n) = step().then(v -> loop(n - 1))} would build a chain of
 * futures that only pass on to each other what happens, one for each step. So a pending future is
 * left out
 *
 * <ul>
 *   <li>when it comes to depend on another one, and nothing waits for it but a {@link Transfer} to
 *       the future before it ({@link #leaveOut}); or
 *   <li>when another one comes to depend on it, and nothing waits for it, and it does no more than
 *       pass on what is transferred to it ({@link #transfer}).
 * </ul>
 *
 * <p>The future before it, the root, then waits for the one behind it directly. Nobody may ever
 * look at the one left out, and then it is garbage. But it may still be looked at; and because it
 * had passed on to the root whatever happened to it, and been passed whatever was asked of the
 * root, it then <em>mirrors</em> the root: it ends as the root does, is abandoned with it, and is
 * asked to discard with it ({@link Mirror}). Requests on it, however, do not reach the root, but
 * what the root depends on. Looking changes nothing: a request that the root got before the look
 * went to what the root depended on then, and goes no further now.
 *
 * <p>A future is linked by a compare-and-set that removes what waited for it, and is never put back
 * to that state, so nothing that is pushed meanwhile gets lost.
 */
final class Link {

  private final DependentCompletion head; // The origin of the root.

  private Link(DependentCompletion head) {
    this.head = head;
  }

  /* ---------------- Linking ---------------- */

  /**
   * Leaves out a future that is about to depend on {@code inner}, if it is in the middle.
   *
   * @param origin the future's origin
   * @return null if this was not possible; else the origin of the root, for {@link #transfer}
   */
  static DependentCompletion leaveOut(
      FutureState middle, DependentCompletion origin, FutureState inner) {
    if (!(middle.word() instanceof Transfer transfer)
        || transfer.flags() != 0
        || transfer.next != origin
        || transfer.route == null
        || transfer.target == inner
        || transfer.target.isFlaggedAbandoned()
        || !origin.mayBeLeftOut()
        || !middle.exchange(transfer, new Link(transfer.route))) {
      return null;
    }
    transfer.next = null; // It may live on as the origin of the root.
    return transfer.route;
  }

  /**
   * Transfers the outcome of {@code inner} to the target of {@code head}, leaving out what does no
   * more than pass it on.
   *
   * @param before what depended on {@code inner} and was left out, or null
   */
  static void transfer(FutureState inner, DependentCompletion head, FutureState before) {
    FutureState target = head.target;
    head.redirect(inner);
    FutureState end = inner;
    Transfer left = null; // Waits for end on behalf of a future that has been left out.
    Link link = null;
    for (; ; ) {
      Object word = end.word();
      Transfer next = transferredTo(end, word, left);
      if (next == null || end == target || target.isFlaggedAbandoned()) {
        break;
      }
      link = link == null ? new Link(head) : link;
      if (!end.exchange(word, link)) {
        break;
      }
      left = next;
      end = next.source();
    }
    Transfer transfer = new Transfer(end, target, head);
    head.redirect(end);
    if (left == null || !replace(end, left, transfer)) {
      end.attach(transfer);
    }
    // Requests that found the head redirected to one that had been left out already, or not yet.
    if (target.isDiscardRequested()
        || inner.isDiscardRequested()
        || before != null && before.isDiscardRequested()) {
      end.requestDiscard();
    }
  }

  /**
   * What is transferred to a future that does no more than pass it on, and for which nothing waits
   * but {@code left} (null: nothing at all); null if it is not such a future.
   */
  private static Transfer transferredTo(FutureState future, Object word, Transfer left) {
    if (left != null && (word != left || left.flags() != 0)) {
      return null;
    }
    Object bottom = left == null ? word : left.next;
    return bottom instanceof DependentCompletion origin
            && future.isOrigin(origin)
            && origin.mayBeLeftOut()
            && origin.source().word() instanceof Transfer transfer
            && transfer.target == future
        ? transfer
        : null;
  }

  /** Replaces a transfer that is all that waits for a future. */
  private static boolean replace(FutureState future, Transfer left, Transfer transfer) {
    if (future.word() != left || left.flags() != 0) {
      return false;
    }
    transfer.prepareFirst(left.next, 0);
    return future.exchange(left, transfer);
  }

  /* ---------------- Linked ---------------- */

  /** The origin of the root; what is linked to a linked future is linked to that one's root. */
  private DependentCompletion lastHead() {
    Link last = this;
    while (last.head.target.word() instanceof Link next) {
      last = next;
    }
    return last.head;
  }

  FutureState root() {
    return lastHead().target;
  }

  /** Tries to make a future whose state this is an ordinary one. */
  void end(FutureState linked) {
    StackReserve.check();
    DependentCompletion last = lastHead();
    FutureState root = last.target;
    Object s = root.word();
    if (s instanceof Link) {
      return; // Since a moment ago.
    }
    if (!FutureState.isPendingWord(s)) {
      linked.exchange(this, s);
      return;
    }
    Mirror mirror = new Mirror(last, linked, root.isDiscardRequested());
    if (linked.exchange(this, mirror)) {
      root.attach(mirror);
      if (root.isDiscardRequested()) {
        linked.noteDiscardRequested(); // It may have come before this was attached.
      }
    }
  }

  /* ---------------- What waits ---------------- */

  /** Completes the target exactly as the source is completed: what an association installs. */
  static final class Transfer extends DependentCompletion {

    /** The origin of the target, if the source is all that the target depends on; else null. */
    final DependentCompletion route;

    private Transfer(FutureState source) {
      super(source);
      route = this;
    }

    /** For a target that has an origin, or that belongs to a promise: then no route. */
    Transfer(FutureState source, FutureState target, DependentCompletion route) {
      super(source, target);
      this.route = route;
    }

    /** A transfer that makes its target and is the target's origin. */
    static Transfer toNewFuture(FutureState source) {
      return new Transfer(source);
    }

    @Override
    boolean early() {
      return true;
    }

    @Override
    Completion fire(FutureState source) {
      return passOn(source);
    }
  }

  /**
   * The origin of a future that was linked: it ends as the root does, but does not depend on it.
   */
  static final class Mirror extends DependentCompletion {

    private final DependentCompletion head;
    private final int initialFlags;

    Mirror(DependentCompletion head, FutureState linked, boolean discardRequested) {
      super(head.target, linked);
      this.head = head;
      initialFlags = FutureState.MIRRORING | (discardRequested ? FutureState.DISCARD_REQUESTED : 0);
    }

    /** The future that is mirrored. */
    FutureState root() {
      return head.target;
    }

    @Override
    int initialFlags() {
      return initialFlags;
    }

    @Override
    boolean early() {
      return true;
    }

    /** A request that the root has got is one that the target has got. */
    @Override
    Completion fire(FutureState source) {
      Object outcome = source.outcome();
      int requested = outcome instanceof Outcome o ? o.flags & FutureState.DISCARD_REQUESTED : 0;
      return target.completeFor(this, outcome, requested);
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

  /** In the stack of an associated future: where its discard requests go. */
  static final class AssociatedSource extends Completion.Passive {

    private final FutureState source;

    AssociatedSource(FutureState source) {
      this.source = source;
    }

    @Override
    void addDiscardTargets(Collection<FutureState> targets) {
      targets.add(source);
    }
  }
}
