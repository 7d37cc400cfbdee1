/**
 * Values that come later: a {@code Promise} is the side that completes, a {@code Future} the side
 * that waits and composes. Callbacks run on the thread that completes the promise, outside every
 * lock; functional parameters may throw, and what they throw fails the future that they make.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.future;
