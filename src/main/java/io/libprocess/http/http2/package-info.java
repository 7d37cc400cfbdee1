/**
 * The wire of HTTP/2 (RFC 9113), for both sides: the meaning of frames, the states of streams, flow
 * control, the order of output, and what a peer may cost. Nothing here calls a handler, or decides
 * on an answer; that is up to the server and the client.
 *
 * <p><b>Threads.</b> All objects but the shared values belong to one connection and are used by the
 * one thread that works on it, unless their documentation says otherwise.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.server} and {@code http.client}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.http2;
