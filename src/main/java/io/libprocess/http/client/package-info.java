/**
 * The client: calls, which follow redirects and start again if a connection was dead; the pool of
 * connections; the dialer, which finds the addresses of a name and tries them; and connections, on
 * which requests are pipelined.
 *
 * <p><b>Threads.</b> The work on a connection is done by one thread at a time, the one that asks
 * for it; so are the steps of a call and of dialling, which follow each other. The pool has a lock,
 * which guards all its fields; promises are completed and connections called without it.
 *
 * <p><b>Who may call in.</b> {@code HttpClient} and {@code Connection}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.client;
