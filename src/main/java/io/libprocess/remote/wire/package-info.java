/**
 * Requests to other nodes as bytes, and their answers: the form of libprocess's messages, of the
 * announcements of links, of the notices of ends and of heartbeats ({@link
 * io.libprocess.remote.wire.MessageEncoder}), requests on their way ({@link
 * io.libprocess.remote.wire.Outgoing}) and the receivers of their outcomes ({@link
 * io.libprocess.remote.wire.Receipt}).
 *
 * <p><b>Threads.</b> The values and {@link io.libprocess.remote.wire.MessageCounts} may be used by
 * any thread. An {@link io.libprocess.remote.wire.AnswerParser} belongs to the thread that serves
 * its connection.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The package {@code remote}, and the actor core, which sends messages
 * and uses receipts.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.remote.wire;
