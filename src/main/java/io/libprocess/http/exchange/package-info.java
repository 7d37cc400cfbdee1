/**
 * Requests with their responses, whatever version of HTTP brings them: what a version needs of the
 * server, and what it offers to it.
 *
 * <pre>
 *   ServerContext      the server: handler, limits, memory, time
 *   ServedConnection   one connection, as the server sees it
 *   Exchange           calls the handler, opens files, compresses, turns failures into answers
 *   ServerDeadlines    the phases of a connection and their limits of time
 * </pre>
 *
 * <p><b>Threads.</b> The work on a connection is done by one thread at a time, which calls the
 * handler; the response may be set by any thread, which then asks for more work. The clock's thread
 * checks the times of all connections, and reads only volatile fields.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.server} and its versions; those who answer failures as it
 * does.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.exchange;
