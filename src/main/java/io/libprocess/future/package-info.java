/**
 * Values that are available later. A {@link io.libprocess.future.Promise} is the side that
 * completes, a {@link io.libprocess.future.Future} the side that waits and composes; {@link
 * io.libprocess.future.Futures} has functions of several futures, and loops.
 *
 * <p><b>Who may call in.</b> Any code, from any thread. A future that has several holders is handed
 * out as one derived future for each ({@link io.libprocess.future.Future#discardable}), so that a
 * discard by one does not affect the others.
 *
 * <p><b>Threads.</b> The package has none. Callbacks run on the thread that completes the promise,
 * outside every lock, or inside the registration if the future is already completed. Their
 * exceptions are logged and do not keep other callbacks from running. Functions that produce a new
 * future may also throw, including checked exceptions; an exception fails that future. Chains of
 * completions, discard requests and abandonment may be of any length: they take constant stack.
 *
 * <p><b>Locks.</b> None: a future is one word that is changed by compare-and-set, a Treiber stack
 * of completions while it is pending. The class {@code FutureState} explains it, {@code Link} how
 * long recursions are kept short, {@code ChainPropagation} how requests and abandonment travel.
 *
 * <p>Nothing is null unless its documentation says so. The value of a future may be null.
 */
package io.libprocess.future;
