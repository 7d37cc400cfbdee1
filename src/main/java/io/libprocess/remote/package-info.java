/**
 * Messages to and from other nodes, and the links between processes of different nodes.
 *
 * <p>The package knows addresses, the ids of processes as text, and bytes. Processes, messages and
 * mailboxes belong to the packages above, which call in through {@link io.libprocess.remote.Remote}
 * and {@link io.libprocess.remote.MessageReceiver}, and which this package calls through two
 * interfaces: {@link io.libprocess.remote.LocalNode} and {@link
 * io.libprocess.remote.links.LocalProcess}. No other code uses it, and it is not exported.
 *
 * <pre>
 *   send, link                    requests of other nodes
 *       |                                  |
 *     Remote ------------------.    MessageReceiver ---- LocalNode, Inbox (root)
 *       |     \                 \       |  |      \
 *     Peers    Links         LinkedNodes  |   Target, MessageBody
 *       |         \          RecentEnds --'
 *     Peer         LocalProcess (root)
 *       |-- OutgoingQueue    requests that wait to be written
 *       |-- Reservation      its part of the bytes that may wait for all nodes
 *       |-- Unanswered       requests that wait for an answer
 *       |-- Announcements    links that have yet to be announced to the other node
 *       |-- ConnectionTimes  how long it has been quiet or silent
 *       '-- AnswerParser     reads the answers
 * </pre>
 *
 * <p><b>On the wire</b> a message is an HTTP request in the form of libprocess ({@link
 * io.libprocess.remote.wire.MessageEncoder}). Nodes of this library also announce links, tell each
 * other of the ends of linked processes, and ask each other for signs of life, by requests in the
 * form of messages to ids that no process has.
 *
 * <p><b>Threads.</b> All methods may be called from any thread, and none blocks. Input is handled
 * on the thread of the connection on which it arrives; time limits are checked on the clock's
 * thread.
 *
 * <p><b>Locks</b>, in the order in which they may be taken: that of {@link
 * io.libprocess.remote.Peers}, then that of a {@link io.libprocess.remote.Peer}, or that of {@link
 * io.libprocess.remote.links.Links}, {@link io.libprocess.remote.links.LinkedNodes} or {@link
 * io.libprocess.remote.links.RecentEnds}. No code outside the package is called under any of them,
 * except for {@link io.libprocess.remote.links.LocalProcess#isLive} and the channel's methods,
 * which do not block.
 *
 * <p><b>Who may call in.</b> The node and the actor core.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote;
