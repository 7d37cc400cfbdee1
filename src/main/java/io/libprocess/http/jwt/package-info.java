/**
 * JSON Web Tokens: {@link io.libprocess.http.jwt.JwtAuthenticator} lets requests with a token pass,
 * {@link io.libprocess.http.jwt.JwtRules} say what it must claim, {@link
 * io.libprocess.http.jwt.JwtKey} and {@link io.libprocess.http.jwt.JwtKeySource} hold the keys, and
 * {@link io.libprocess.http.jwt.Jwt} is a token as a value.
 *
 * <p><b>Threads.</b> The package has none. A key source asks its issuer over the given client and
 * answers where that is answered; all else is immutable and may be used by any thread.
 *
 * <p><b>Locks.</b> One in each key source, for the keys it has and the request on its way.
 *
 * <p><b>Who may call in.</b> Users; the library uses none of it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.jwt;
