/**
 * Values that come later. A {@link io.libprocess.future.Promise} is the side that completes, a
 * {@link io.libprocess.future.Future} the side that waits and composes; {@link
 * io.libprocess.future.Futures} has what takes several futures, and loops.
 *
 * <p>Callbacks run on the thread that completes the promise, outside every lock, or inside the
 * registration if the future is completed already. What they throw is logged. Functions that make a
 * new future may throw too, also checked exceptions; what they throw fails that future.
 *
 * <p>Nothing is null unless its documentation says so. The value of a future may be null.
 */
package io.libprocess.future;
