/**
 * What all rooms need and none of them owns: the log, the budget of memory, what has to be there
 * before memory, stack or descriptors run out ({@link io.libprocess.internal.StackReserve}, {@link
 * io.libprocess.internal.EarlyInitialization}), the queue of those who wait for their turn, and the
 * trampoline on which nested callbacks run. It uses nothing of the library.
 *
 * <p><b>Threads.</b> All of it is for any thread, unless a class says otherwise. No thread is made
 * here.
 *
 * <p><b>Locks.</b> {@link io.libprocess.internal.WaitQueue} and {@link
 * io.libprocess.internal.OrderedSet} guard themselves or say who guards them; nothing of another
 * room is called meanwhile. The log may block as long as the user's handlers of it do.
 *
 * <p><b>Who may call in.</b> Every room. It is exported to nobody.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.internal;
