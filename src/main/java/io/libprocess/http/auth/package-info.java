/**
 * The keys that sign tokens, and check them, with the algorithms of the JDK.
 *
 * <p><b>Threads.</b> The room has none; all of it is immutable and for any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code JwtKey} of {@code io.libprocess.http}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.auth;
