/**
 * Messages to and from other nodes, and the links between processes of different nodes.
 *
 * <p>The room knows addresses, the ids of processes as text, and bytes. What a process, a message
 * or a mailbox is belongs to the root package, which calls in through {@link
 * io.libprocess.remote.Remote} and {@link io.libprocess.remote.MessageReceiver}, and which this
 * room calls through two interfaces: {@link io.libprocess.remote.LocalNode} and {@link
 * io.libprocess.remote.links.LocalProcess}. Nobody else uses it; it is exported to nobody.
 *
 * <pre>
 *   send, link                    requests of other nodes
 *       |                                  |
 *     Remote ------------------.    MessageReceiver ---- LocalNode, Inbox (root)
 *       |     \                 \       |  |      \
 *     Peers    Links         LinkedNodes  |   Target, MessageBody
 *       |         \          RecentEnds --'
 *     Peer         LocalProcess (root)
 *       |-- OutgoingQueue    what waits to be written
 *       |-- Reservation      its part of what may wait for all nodes
 *       |-- Unanswered       what waits for an answer
 *       |-- Announcements    links that the other node is yet to be told of
 *       |-- ConnectionTimes  how long it has been quiet or silent
 *       '-- AnswerParser     reads the answers
 * </pre>
 *
 * <p><b>On the wire</b> a message is an HTTP request in the form of libprocess ({@link
 * io.libprocess.remote.wire.MessageEncoder}). Nodes of this library also announce links, tell each
 * other of the ends of linked processes, and ask each other for signs of life, by requests in the
 * form of messages to ids that no process has.
 *
 * <p><b>Threads.</b> All may be called from any thread, and nothing blocks. What arrives is handled
 * on the thread of the connection that it came on; time limits are looked at on the clock's.
 *
 * <p><b>Locks</b>, in the order in which they may be taken: that of {@link
 * io.libprocess.remote.Peers}, then that of a {@link io.libprocess.remote.Peer}, or that of {@link
 * io.libprocess.remote.links.Links}, {@link io.libprocess.remote.links.LinkedNodes} or {@link
 * io.libprocess.remote.links.RecentEnds}. Nobody outside the room is called under any of them,
 * except for {@link io.libprocess.remote.links.LocalProcess#isLive} and the channel's methods,
 * which do not block.
 *
 * <p><b>Who may call in.</b> The node and the actor core.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote;
