/**
 * Requests to other nodes as bytes, and their answers: the form of libprocess's messages, of the
 * announcements of links, of the notices of ends and of heartbeats ({@link
 * io.libprocess.remote.wire.MessageEncoder}), what is on its way ({@link
 * io.libprocess.remote.wire.Outgoing}) and who is told what became of it ({@link
 * io.libprocess.remote.wire.Receipt}).
 *
 * <p><b>Threads.</b> The values and {@link io.libprocess.remote.wire.MessageCounts} are for any
 * thread. An {@link io.libprocess.remote.wire.AnswerParser} belongs to the thread that serves its
 * connection.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The room of other nodes, and the actor core, which sends messages and
 * takes receipts.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote.wire;
