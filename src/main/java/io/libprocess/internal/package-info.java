/**
 * Basic classes that all other packages share: the log, the memory budget, preparations for when
 * memory, stack or descriptors run out ({@link io.libprocess.internal.StackReserve}, {@link
 * io.libprocess.internal.EarlyInitialization}), the wait queue, and the trampoline on which nested
 * callbacks run. The package uses no other part of the library.
 *
 * <p><b>Threads.</b> Any thread may use the package, unless a class says otherwise. Only the log
 * makes a thread, now and then.
 *
 * <p><b>Locks.</b> {@link io.libprocess.internal.WaitQueue} and {@link
 * io.libprocess.internal.OrderedSet} guard themselves or say what guards them; no code of another
 * package is called meanwhile. The log may block as long as the user's log handlers do, except
 * threads that are {@link io.libprocess.internal.NonBlocking}.
 *
 * <p><b>Who may call in.</b> Every package. It is not exported.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal;
