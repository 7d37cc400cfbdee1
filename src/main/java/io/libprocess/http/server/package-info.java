/**
 * The server: accepted connections, the exchanges on them, and what a response needs before it can
 * be sent, such as an open file, compression, or the memory for its bytes.
 *
 * <pre>
 *   HttpServer  limits, drain, one timer for all connections, the memory budget
 *     |
 *   ServedConnection      one connection, whatever version is spoken
 *     Http1Connection     HTTP/1.1: parser, ResponseWriter, Http1Exchange
 *     |
 *   Exchange              calls the handler, opens files, compresses, turns failures into answers
 *   ServerDeadlines       what a connection waits for, and for how long
 * </pre>
 *
 * <p>A second version of HTTP adds a connection, and an exchange with what its wire has to note;
 * the rest is shared.
 *
 * <p><b>Threads.</b> The work on a connection is done by one thread at a time: that of its event
 * loop, or that of a process which made a response. A handler is called by it, and its response may
 * be set by any thread, which then asks for more work. The clock's thread looks at the times of all
 * connections, and reads volatile fields only. {@code HttpServer} has the only lock, for the set of
 * connections, and calls nobody while it holds it but the clock.
 *
 * <p><b>Who may call in.</b> The node and {@code HttpListener}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.server;
