/**
 * The server: accepted connections, the exchanges on them, and the preparation of responses for
 * sending: opening files, compression, and memory for their bytes.
 *
 * <pre>
 *   HttpServer            limits, drain, one timer for all connections, the memory budget
 *     |
 *   AcceptedConnection    decides which version is spoken
 *     Http1Connection     HTTP/1.1: parser, ResponseWriter, Http1Exchange
 *     Http2Connection     HTTP/2: see http.server.http2
 * </pre>
 *
 * <p>A version of HTTP adds a connection, and an exchange with the state of its wire; what they
 * share is in {@code http.exchange}.
 *
 * <p><b>Threads.</b> The work on a connection is done by one thread at a time: that of its event
 * loop, or that of a process which made a response. That thread calls the handler, whose response
 * may be set by any thread, which then asks for more work. The clock's thread checks the times of
 * all connections, and reads only volatile fields. {@code HttpServer} has the only lock, for the
 * set of connections; while it holds the lock it calls only the clock.
 *
 * <p><b>Who may call in.</b> The node and {@code HttpListener}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.server;
