/**
 * Who is to be told of which ends: the links of processes of this node, to others here and
 * elsewhere, and those of other nodes to processes here.
 *
 * <p>{@link io.libprocess.remote.links.Links} are those of our processes; {@link
 * io.libprocess.remote.links.LinkedNodes} are the other nodes to be told, and {@link
 * io.libprocess.remote.links.RecentEnds} what is said to those that link too late. A process is a
 * {@link io.libprocess.remote.links.LocalProcess} here, or the {@link
 * io.libprocess.remote.links.ProcessName} of one elsewhere. Nothing here sends anything.
 *
 * <p><b>Threads.</b> All of it is for any thread, and nothing blocks.
 *
 * <p><b>Locks.</b> Each of the three tables has its own, and takes no other. Under that of {@code
 * Links} only {@link io.libprocess.remote.links.LocalProcess#isLive} and the names of processes are
 * asked for. Who takes a link out tells of its end afterwards, without the lock.
 *
 * <p><b>Who may call in.</b> The room of other nodes; the actor core, whose cells are the local
 * processes.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote.links;
