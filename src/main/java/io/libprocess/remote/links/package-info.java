/**
 * The tables of links: those of processes of this node to others here and elsewhere, and those of
 * other nodes to processes here.
 *
 * <p>{@link io.libprocess.remote.links.Links} has the links of this node's processes; {@link
 * io.libprocess.remote.links.LinkedNodes} has the other nodes to be told of ends, and {@link
 * io.libprocess.remote.links.RecentEnds} the answers to nodes that link too late. A process is a
 * {@link io.libprocess.remote.links.LocalProcess} here, or the {@link
 * io.libprocess.remote.links.ProcessName} of one elsewhere. Nothing here sends anything.
 *
 * <p><b>Threads.</b> Any thread may use the package, and nothing blocks.
 *
 * <p><b>Locks.</b> Each of the three tables has its own, and takes no other. Under that of {@code
 * Links} only {@link io.libprocess.remote.links.LocalProcess#isLive} and the names of processes are
 * asked for. Code that takes a link out tells of its end afterwards, without the lock.
 *
 * <p><b>Who may call in.</b> The package {@code remote}; the actor core, whose cells are the local
 * processes.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote.links;
