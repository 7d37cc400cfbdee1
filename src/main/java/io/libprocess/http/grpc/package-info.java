/**
 * The wire of gRPC over HTTP/2: messages in their frames of five octets, the times and texts in its
 * fields, the numbers of its statuses, and how HTTP's statuses and errors translate to them.
 *
 * <p>The room knows neither methods nor calls, which {@code io.libprocess.grpc} has; it is below
 * the server of HTTP, which answers calls of gRPC that get no further than itself in kind.
 *
 * <p><b>Threads.</b> None. A reader of messages is for one thread at a time; all else is immutable.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code http.server} and {@code grpc}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.grpc;
