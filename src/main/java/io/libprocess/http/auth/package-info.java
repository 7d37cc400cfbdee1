/**
 * The keys that sign tokens, and check them, with the algorithms of the JDK. Immutable values
 * without locks, safe for use by any thread; {@code JwtKey} of {@code io.libprocess.http} calls in.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.auth;
