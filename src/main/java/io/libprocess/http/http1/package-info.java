/**
 * The wire of HTTP/1.1, for both sides: parsers that take bytes in pieces of any size and return
 * the events found, the framing of messages, and encoders. Nothing here calls a handler, knows a
 * limit of time, or decides on an answer; that is up to the server and the client, which could use
 * another wire as well.
 *
 * <p><b>Threads.</b> A parser, an {@code Output} and a stream belong to one connection and are used
 * by the one thread that works on it. Encoders, the date and the texts that recur are shared by all
 * threads without locks.
 *
 * <p><b>Who may call in.</b> {@code http.server} and {@code http.client}; the package {@code
 * remote}, which parses answers with it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.http1;
