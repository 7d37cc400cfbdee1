package io.libprocess.future;

import io.libprocess.internal.StackReserve;
import java.util.Arrays;
import java.util.Collection;

/**
 * The state of a future that was left out of a chain: promise linking, as in Scala's {@code
 * DefaultPromise} and Twitter's {@code Promise}.
 *
 * <p>A recursion such as {@code loop(n) = step().then(v -> loop(n - 1))} would build a chain of
 * futures, one for each step, that only pass events on to each other. So a pending future is left
 * out
 *
 * <ul>
 *   <li>when it comes to depend on another one, and nothing waits for it but a {@link Transfer} to
 *       the future before it ({@link #leaveOut}); or
 *   <li>when another one comes to depend on it, nothing waits for it, and it does no more than pass
 *       on what is transferred to it ({@link #transfer}).
 * </ul>
 *
 * <p>The future before it, the root, then waits for the one behind it directly. If the future left
 * out is never looked at again, it is garbage. But it may still be looked at; and because
 * everything that happened to it had been passed on to the root, and every request on the root had
 * been passed on to it, it then <em>mirrors</em> the root: it ends as the root does, is abandoned
 * with it, and is asked to discard with it ({@link Mirror}). Requests on it, however, do not reach
 * the root, but the future that the root depends on. Looking changes nothing: a request that the
 * root received before went to the future that the root depended on then, and goes no further now.
 *
 * <p><b>Protocol.</b> A future that passes on the outcome of another one has one <em>token</em>:
 * the transfer to it. The thread that runs the future's function holds the token until it puts it
 * into the stack of a future that is not linked; whoever takes it from there by a compare-and-set
 * holds it then. Only the thread that holds the token of a future may link the future, change the
 * {@linkplain DependentCompletion#redirect source} of its origin, and put the token elsewhere:
 *
 * <ul>
 *   <li>{@link #leaveOut} is called by the thread that holds the token of the future in the middle.
 *       It takes the token of the root from the stack of that future, by exchanging it for the
 *       link;
 *   <li>{@link #shortCut} is called by the thread that holds the token of the root. It exchanges
 *       the token of the last future on the way for that of the root, and then each token in turn
 *       for a link, from there to the root. A future that cannot be linked, because somebody else
 *       waits for it by now, gets a token again ({@link Restored}).
 * </ul>
 *
 * <p>So nothing transfers to a linked future. A link is never exchanged for the former state, so no
 * element that is pushed meanwhile is lost. What was seen on the way from the root may be out of
 * date when the first token is taken, but all these futures will end as the last one does.
 */
final class Link extends FutureState.Indirection {

  private static final Transfer[] NONE = {};

  private final DependentCompletion head; // The origin of the root.

  private Link(DependentCompletion head) {
    this.head = head;
  }

  /* ---------------- Linking ---------------- */

  /**
   * Leaves a future that is about to depend on {@code inner} out of its chain, if it is in the
   * middle of it.
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
   * Transfers the outcome of {@code inner} to the target of {@code head}, leaving out futures that
   * do no more than pass it on. The thread holds the token of the target.
   *
   * @param before the future that depended on {@code inner} and was left out, or null
   */
  static void transfer(FutureState inner, DependentCompletion head, FutureState before) {
    FutureState target = head.target;
    head.redirect(inner);
    FutureState end = target.isFlaggedAbandoned() ? inner : shortCut(inner, head);
    if (end == inner) {
      inner.attach(new Transfer(inner, target, head));
    }
    // Requests that found the head redirected to one that had been left out already, or not yet.
    if (target.isDiscardRequested()
        || inner.isDiscardRequested()
        || before != null && before.isDiscardRequested()) {
      end.requestDiscard();
    }
  }

  /**
   * Leaves out {@code inner} and the futures behind it that do no more than pass on an outcome.
   *
   * @return the future into whose stack the token of the target was put; {@code inner} if that was
   *     not possible, and the thread still holds it
   */
  private static FutureState shortCut(FutureState inner, DependentCompletion head) {
    Object bottom = inner.word();
    Transfer token = tokenOf(inner, bottom, null);
    if (token == null) {
      return inner;
    }
    Transfer[] tokens = NONE; // Of the futures between, from inner on.
    int between = 0;
    FutureState end = token.source();
    for (Transfer next; (next = tokenOf(end, end.word(), token)) != null; end = token.source()) {
      if (between == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * between + 1);
      }
      tokens[between++] = token;
      token = next;
    }
    if (end == head.target) {
      return inner; // It waits for itself.
    }
    Link link = new Link(head);
    Restored restored = new Restored(); // Made while it may still fail.
    Transfer direct = new Transfer(end, head.target, head);
    head.redirect(end);
    if (!replace(end, token, direct)) {
      head.redirect(inner);
      return inner;
    }
    boolean linked = true;
    while (linked && between > 0) {
      Transfer waiting = tokens[--between];
      linked = token.target.exchange(waiting, link);
      token = linked ? waiting : token;
    }
    if (!linked || !inner.exchange(bottom, link)) {
      restored.attach(end, token);
    }
    return end;
  }

  /**
   * The token of a future that does no more than pass on an outcome, and for which only the token
   * {@code waiting} waits (null: nothing at all); null if it is not such a future.
   */
  private static Transfer tokenOf(FutureState future, Object word, Transfer waiting) {
    if (waiting != null && (word != waiting || waiting.flags() != 0)) {
      return null;
    }
    Object bottom = waiting == null ? word : waiting.next;
    return bottom instanceof DependentCompletion origin
            && future.isOrigin(origin)
            && origin.mayBeLeftOut()
            && origin.source().word() instanceof Transfer transfer
            && transfer.target == future
        ? transfer
        : null;
  }

  /** Exchanges the element pushed last for another one, unless there are flags. */
  private static boolean replace(FutureState future, Transfer last, Transfer other) {
    if (last.flags() != 0) {
      return false;
    }
    other.prepareFirst(last.next, 0);
    return future.exchange(last, other);
  }

  /* ---------------- Linked ---------------- */

  /** The origin of the root; a future linked to a linked future is linked to that one's root. */
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

  /** Tries to turn a future whose state is this link into an ordinary one. */
  @Override
  void end(FutureState linked) {
    StackReserve.check();
    DependentCompletion last = lastHead();
    FutureState root = last.target;
    Object s = root.word();
    if (s instanceof Link) {
      return; // It has ended since a moment ago.
    }
    if (!FutureState.isPendingWord(s)) {
      linked.exchange(this, s);
      return;
    }
    Mirror mirror = new Mirror(last, linked, root.isDiscardRequested());
    if (linked.exchange(this, mirror)) {
      root.attach(mirror);
      if (root.isDiscardRequested()) {
        linked.noteDiscardRequested(); // The request may have come before this was attached.
      }
    }
  }

  /* ---------------- Elements ---------------- */

  /** Completes the target exactly as the source is completed; installed by an association. */
  static final class Transfer extends DependentCompletion {

    /** The origin of the target, if the source is all that the target depends on; else null. */
    final DependentCompletion route;

    private Transfer(FutureState source) {
      super(source);
      route = this;
    }

    /**
     * Makes a transfer to a target that has an origin, or that belongs to a promise and so has no
     * route.
     */
    Transfer(FutureState source, FutureState target, DependentCompletion route) {
      super(source, target);
      this.route = route;
    }

    /** Makes a transfer and its target, with the transfer as the target's origin. */
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
   * The new token of a future that could not be linked after its token had been taken. Nobody takes
   * this one, so the future will never be linked.
   */
  private static final class Restored extends Completion {

    private FutureState target; // Written before it is pushed.

    void attach(FutureState source, Transfer taken) {
      target = taken.target;
      taken.next = null; // It may live on as the origin of the target.
      taken.route.redirect(source);
      source.attach(this);
    }

    @Override
    boolean early() {
      return true;
    }

    @Override
    boolean isLive() {
      return !target.isCompleted();
    }

    @Override
    Completion fire(FutureState source) {
      return target.completeFor(this, Outcome.withFlags(source.outcome(), 0));
    }

    @Override
    Completion fail(Throwable thrown) {
      return target.completeFor(this, Outcome.ofError(thrown));
    }

    @Override
    FutureState completed() {
      return target;
    }

    @Override
    FlagChange sourceAbandoned(FutureState source) {
      return target.flagAbandoned();
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

    /** Treats a request that the root has received as one that the target has received. */
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

  /**
   * An element in the stack of an associated future: the future to which its discard requests go.
   */
  static class AssociatedSource extends Completion.Passive {

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
