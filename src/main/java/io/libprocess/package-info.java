/**
 * The actor runtime: a {@code Node} runs processes, a {@code Process} handles one message at a
 * time, and a {@code PID} or {@code UPID} is how others reach it, in this JVM or from another node.
 * What a process does later it returns as a {@link io.libprocess.future.Future}; what must block
 * goes through {@code Async}.
 *
 * <p><b>Inside.</b> A {@code ProcessCell} is what the runtime keeps of a process: a {@code
 * Mailbox}, which is a task of the scheduler, and a life cycle, drawn in its comment. {@code Event}
 * is what a mailbox holds. {@code Processes} are those of a node by id; {@code EventFilters} asks
 * the filters of tests; {@code Messages} is what the rooms of remote messages see of the node,
 * {@code Router} what that of the web does. {@code Config} reads its variables through the room of
 * settings.
 *
 * <p><b>Threads.</b> Whatever a user overrides in a process runs on a worker that owns the process
 * at that time, one event after the other. {@code Node}, {@code PID} and {@code UPID} are for any
 * thread. The closing thread drops what the workers leave.
 *
 * <p><b>Locks.</b> A mailbox has none: see the protocol there. The locks of {@code EventFilters}
 * and {@code Delays}, and the one for processes whose id was taken over while they end, are held
 * for a few steps, in no other lock, and never while a user's function runs.
 *
 * <p><b>Who may call in.</b> Users, the command line and the room for tests; the rooms below
 * through the interfaces that they declare themselves.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess;
