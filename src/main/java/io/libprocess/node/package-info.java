/**
 * The parts of a node other than its processes: the address that it advertises, its child
 * processes, its own metrics, the report of events that take too long, the observer's view, the
 * routing of requests, the activity that {@code Clock.settle} looks at, and the waits of closing.
 *
 * <p><b>Threads.</b> Any thread may use these, except {@link io.libprocess.node.ClosingWaits},
 * which belongs to the thread that closes the node, and {@link io.libprocess.node.NodeWatch}, which
 * the watchdog calls.
 *
 * <p><b>Locks.</b> None is held while code of another package is called.
 *
 * <p><b>Who may call in.</b> The upper layer of the root package, which puts the parts together.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.node;
