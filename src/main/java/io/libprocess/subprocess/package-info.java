/**
 * Child processes: a {@code Command} describes one to start, a {@code Subprocess} is one that was
 * started. Its output and input are pipes of bytes that never block the caller, its end is a
 * future.
 *
 * <p><b>Threads.</b> A child is started, and its hooks and the callbacks of its futures run, on the
 * executor of its command. Its outputs are pumped by a few platform threads for all children, each
 * write to a child's input takes one, and tasks that a closed executor refuses run on them too
 * ({@code EnsuredTask}). Events that the system reports only when asked (output, ends of processes
 * that are not children, new members of a tree) are polled for at growing intervals ({@code
 * PollBackoff}).
 *
 * <p><b>Locks.</b> An output pump has an owner instead of a lock, see its comment; {@code Reaper}
 * and {@code TreeEnd} have a lock for their collections, under which nothing else is called.
 *
 * <p><b>Who may call in.</b> Users, and {@code Node}, which ends the children that it has started.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.subprocess;
