/**
 * The actor core: the runtime's part of a process, the events sent to it, and the table of the
 * processes of a node.
 *
 * <p>A {@link io.libprocess.actor.ProcessCell} is a {@code Mailbox}, which is a task of the
 * scheduler, with a {@code LifeCycle}, drawn in its comment. A mailbox holds {@link
 * io.libprocess.actor.Event}s. {@link io.libprocess.actor.Processes} is the table of a node's
 * processes by id; {@link io.libprocess.actor.EventFilters} asks the filters of tests; {@link
 * io.libprocess.actor.Messages} sends messages from process to process, and {@link
 * io.libprocess.actor.LocalMessages} is the view of this node that the package {@code remote} has.
 * {@link io.libprocess.actor.Handlers} holds the handlers of a process for messages and requests.
 *
 * <p>The package is between the two layers of the root package. It uses the values there, such as
 * {@code UPID}, {@code Message} and {@code Exit}. {@code Process} and {@code PID} are above it: it
 * knows a process as an object, which it handles through {@link io.libprocess.actor.ProcessAccess},
 * implemented by the class of processes.
 *
 * <p><b>Threads.</b> A process, with its handlers, belongs to the worker that runs its mailbox,
 * which serves one event after the other. Everything else may be used by any thread. The thread
 * that closes the node drops the events that the workers leave.
 *
 * <p><b>Locks.</b> A mailbox has none: see the protocol there. The locks of {@code EventFilters}
 * and {@code Delays}, and the one of {@code Processes} for processes whose id was taken over while
 * they end, are held for a few steps, in no other lock, and never while a user's function runs.
 *
 * <p><b>Who may call in.</b> The upper layer of the root package and the package {@code node}; the
 * packages {@code remote} and {@code web} through interfaces that they declare themselves.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.actor;
