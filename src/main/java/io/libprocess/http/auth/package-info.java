/**
 * The keys that sign and check tokens with the algorithms of the JDK.
 *
 * <p><b>Threads.</b> The package has none; its classes are immutable and may be used by any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code JwtKey} of {@code io.libprocess.http.jwt}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.auth;
