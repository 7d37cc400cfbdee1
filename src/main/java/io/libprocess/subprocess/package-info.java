/**
 * Child processes: a {@code Command} says what to start, a {@code Subprocess} is one that was
 * started. Its output and input are pipes of bytes that never block the caller, its end is a
 * future.
 *
 * <p><b>Threads.</b> A child is started, and its hooks and the callbacks of its futures run, on the
 * executor of its command. Its outputs are pumped by a few platform threads for all children, each
 * write to its input takes one, and what a closed executor refuses runs on them too ({@code
 * Handover}). What the system tells of by being asked only (output, ends of processes that are no
 * children, new members of a tree) is asked for at growing intervals ({@code PollBackoff}).
 *
 * <p><b>Locks.</b> An output pump has an owner in place of a lock, see its comment; {@code Reaper}
 * and {@code TreeEnd} have one for their collections, in which nothing else is called.
 *
 * <p><b>Who may call in.</b> Users, and {@code Node}, which ends the children that it has started.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.subprocess;
