/**
 * The parts of a node beside its processes: the address that it advertises, its children of the
 * operating system, its own metrics, the report of events that take too long, what the observer
 * sees, the way of a request that arrives, what {@code Clock.settle} looks at, and how closing
 * waits.
 *
 * <p><b>Threads.</b> Any thread may use these, but for {@link io.libprocess.node.Closing}, which
 * belongs to the thread that closes the node, and {@link io.libprocess.node.NodeWatch}, which the
 * watchdog calls.
 *
 * <p><b>Locks.</b> None is held while something of another room is called.
 *
 * <p><b>Who may call in.</b> The upper layer of the root package, which puts the parts together.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.node;
