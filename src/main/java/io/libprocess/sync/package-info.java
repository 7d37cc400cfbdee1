/**
 * Coordination without blocking: queues, locks, limits and one-time events whose waiting side is a
 * {@code Future}. They may be used from any thread and need no process of their own.
 *
 * <p><b>Discards.</b> A discard is followed where that loses nothing: a waiter for an element, a
 * permit or an event that discards leaves the line at once. Beside each operation of libprocess
 * that ignores discards, such as {@code Mutex.lock}, there is one that follows them.
 *
 * <p><b>Threads.</b> The package has none. Callbacks run on the thread whose call completes the
 * future; those of a rate limiter's grant that had to wait run on the clock's thread. Long chains
 * of them do not exhaust the stack.
 *
 * <p><b>Locks.</b> One for each object, held for a few instructions. No future is completed and no
 * user's function runs under it. An operation that must not be left half done allocates nothing
 * under the lock, and begins only if there is enough stack.
 *
 * <p>A {@code close} here corresponds to the destructor of a handle in libprocess. Its {@code
 * CheckFuture} has no counterpart: it ends the program if a future is in the wrong state, which in
 * Java is an exception, and {@code Future.get} throws one that names the failure. Tests have the
 * assertions of the testing package, which also wait.
 *
 * <p><b>Who may call in.</b> Users and all packages above.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.sync;
