/**
 * Who may ask what: authenticators, which identify the clients of a realm's routes, the rules of
 * the firewall, and {@link io.libprocess.http.security.Security}, where both are set for a node.
 * Tokens are in the package {@code http.jwt}.
 *
 * <p><b>Threads.</b> The package has none. Authenticators and rules are called on runtime threads,
 * for several requests at once, and must not block.
 *
 * <p><b>Locks.</b> There are none: values are immutable.
 *
 * <p><b>Who may call in.</b> Users, and the packages that serve requests.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.security;
