/**
 * Coordination without blocking: queues, locks, limits and one-time events whose waiting side is a
 * {@code Future}. They may be used from any thread and need no process of their own.
 *
 * <p><b>Discards.</b> A discard is heard where that loses nothing: whoever waits for an element, a
 * permit or an event and discards leaves the line at once. Where libprocess's own operations ignore
 * it, as {@code Mutex.lock} does, there is one beside it that does not.
 *
 * <p><b>Threads.</b> The package has none. Callbacks run on the thread whose call completes the
 * future; those of a rate limiter that made somebody wait run on the clock's thread. Long chains of
 * them keep the stack.
 *
 * <p><b>Locks.</b> One for each object, held for a few instructions. No future is completed and no
 * function of the user runs under it. What must not be left half done allocates nothing there, and
 * begins only if there is stack enough.
 *
 * <p>What a handle's destructor does in libprocess, a {@code close} does here. Its {@code
 * CheckFuture} has no counterpart: it ends the program if a future is in the wrong state, which in
 * Java is an exception, and {@code Future.get} throws one that names the failure. Tests have the
 * assertions of the testing package, which also wait.
 *
 * <p><b>Who may call in.</b> Users and all rooms above.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.sync;
