/**
 * HTTP: requests, responses, headers and bodies as values, and the server and client that read and
 * write them. Every part of a peer's input has a limit, and a body may be a stream that is produced
 * and consumed as it travels.
 *
 * <p><b>Two layers.</b> The values, which the packages of the engine use, are {@code Request},
 * {@code Response}, {@code Headers}, {@code Body}, {@code Status}, {@code Url}, {@code Route} and
 * {@code Limits}. The facade above those packages is {@code HttpClient} with its {@code
 * Connection}, and {@code HttpListener}. Operations on values that are not for users, such as
 * making one of parts that a parser has checked, go through {@code http.access}.
 *
 * <pre>
 *   HttpClient, Connection            HttpListener, node
 *          |                                 |
 *     http.client                       http.server       a connection, exchanges
 *          '------- http.http1, http.http2 --'            the wires: parsers, framing, encoders
 *               http.channel, http.coding                 one connection as one task; gzip
 *                  values of this package
 *        http.grammar, http.auth, http.access             characters; signatures; doors
 * </pre>
 *
 * <p><b>Threads.</b> The package has none of its own; values are immutable and may be used by any
 * thread. Handlers are called on runtime threads and must not block; callbacks of a client run
 * where its connection is served.
 *
 * <p><b>Locks.</b> {@code HttpClient} has one for its end; values have none.
 *
 * <p><b>Who may call in.</b> Users, and all packages above.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http;
