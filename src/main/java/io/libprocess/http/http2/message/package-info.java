/**
 * The heads of messages in HTTP/2, and their trailers: fields that are checked as they are decoded,
 * and fields that are encoded, for requests and responses.
 *
 * <p><b>Threads.</b> All objects belong to one connection and are used by the one thread that works
 * on it.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.server} and {@code http.client}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.http2.message;
