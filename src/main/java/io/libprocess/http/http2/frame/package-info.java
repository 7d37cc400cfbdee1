/**
 * The frames of HTTP/2 (RFC 9113, section 6): as they are read, with the checks of their shape, and
 * as they are written; the settings, and the codes of errors. What a frame means for its stream is
 * not decided here.
 *
 * <p><b>Threads.</b> All objects but the shared values belong to one connection and are used by the
 * one thread that works on it.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.http2}, {@code http.server} and {@code http.client}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.http2.frame;
