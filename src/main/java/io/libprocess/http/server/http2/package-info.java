/**
 * HTTP/2 as a server speaks it.
 *
 * <pre>
 *   Http2Connection    one connection: has frames read, requests started and responses written
 *     Http2Frames      what each frame that arrives means
 *     Http2Windows     how much the client may send
 *     Http2Requests    passes requests to the handler, in their order
 *     Http2Output      responses, and the order of what is sent
 *     Http2Times       the times of the connection, and Http2Lateness what is done about them
 *     Http2Closing     the steps by which the connection takes leave
 *   Http2Stream        a request and its response, with Http2Exchange
 * </pre>
 *
 * <p><b>Threads.</b> The work on a connection is done by one thread at a time. Any thread may ask
 * for the work on a stream to go on; the clock's thread reads volatile fields only.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.server}, which makes the connections.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.server.http2;
