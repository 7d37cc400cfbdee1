/**
 * The actor core: what the runtime keeps of a process, the events that it is sent, and the table of
 * the processes of a node.
 *
 * <p>A {@link io.libprocess.actor.ProcessCell} is a {@code Mailbox}, which is a task of the
 * scheduler, with a {@code LifeCycle}, drawn in its comment. {@link io.libprocess.actor.Event} is
 * what a mailbox holds. {@link io.libprocess.actor.Processes} are those of a node by id; {@link
 * io.libprocess.actor.EventFilters} asks the filters of tests; {@link io.libprocess.actor.Messages}
 * brings messages from process to process, and {@link io.libprocess.actor.LocalMessages} is what
 * the room of other nodes sees of this one. {@link io.libprocess.actor.Handlers} are what a process
 * does with messages and requests.
 *
 * <p>The room is between the two layers of the root package. It uses the values there, such as
 * {@code UPID}, {@code Message} and {@code Exit}. What a {@code Process} and a {@code PID} are is
 * above it: it knows a process as an object and does with it what {@link
 * io.libprocess.actor.ProcessAccess} offers, which the class of processes implements.
 *
 * <p><b>Threads.</b> A process, with its handlers, belongs to the worker that runs its mailbox,
 * which serves one event after the other. Everything else is for any thread. The thread that closes
 * the node drops what the workers leave.
 *
 * <p><b>Locks.</b> A mailbox has none: see the protocol there. The locks of {@code EventFilters}
 * and {@code Delays}, and the one of {@code Processes} for processes whose id was taken over while
 * they end, are held for a few steps, in no other lock, and never while a user's function runs.
 *
 * <p><b>Who may call in.</b> The upper layer of the root package and the room {@code node}; the
 * rooms of other nodes and of the web through the interfaces that they declare themselves.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.actor;
