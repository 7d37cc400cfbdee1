/**
 * HTTP as services: connections of an {@link io.libprocess.http.HttpClient} as sessions, and stacks
 * of the standard filters that know which requests may be sent twice and how servers refuse one.
 * Begin with {@link io.libprocess.http.service.HttpServices}.
 *
 * <p><b>Who may call in.</b> Users, and all packages above.
 *
 * <p><b>Threads.</b> The package has none. Responses come on the threads of the HTTP client.
 *
 * <p><b>Locks.</b> None.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.service;
