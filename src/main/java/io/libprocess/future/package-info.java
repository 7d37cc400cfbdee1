/**
 * Values that come later. A {@link io.libprocess.future.Promise} is the side that completes, a
 * {@link io.libprocess.future.Future} the side that waits and composes; {@link
 * io.libprocess.future.Futures} has what takes several futures, and loops.
 *
 * <p><b>Who may call in.</b> Anybody, from any thread. A future that several hold is handed to each
 * as its own ({@link io.libprocess.future.Future#discardable}), so that the discard of one reaches
 * nobody else.
 *
 * <p><b>Threads.</b> The package has none. Callbacks run on the thread that completes the promise,
 * outside every lock, or inside the registration if the future is completed already. What they
 * throw is logged and stops no other. Functions that make a new future may throw too, also checked
 * exceptions; what they throw fails that future. Chains of completions, discard requests and
 * abandonment may be of any length: they take constant stack.
 *
 * <p><b>Locks.</b> None: a future is one word that is changed by compare-and-set, a Treiber stack
 * of completions while it is pending. The class {@code FutureState} explains it, {@code Link} how
 * long recursions are kept short, {@code Propagation} how requests and abandonment travel.
 *
 * <p>Nothing is null unless its documentation says so. The value of a future may be null.
 */
package io.libprocess.future;
