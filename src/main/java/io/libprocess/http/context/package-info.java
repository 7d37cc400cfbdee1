/**
 * Contexts on the wire of HTTP: the header fields that carry them ({@link
 * io.libprocess.http.context.ContextFields}, {@link io.libprocess.http.context.TraceFields}), and
 * what a server, a client and the messages between nodes do with them ({@link
 * io.libprocess.http.context.ContextWire}).
 *
 * <p><b>Threads.</b> The room has none; all of it is for any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> The server and the client, and what sends messages to other nodes.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.context;
