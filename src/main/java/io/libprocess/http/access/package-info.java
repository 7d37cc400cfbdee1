/**
 * Accessors between the exported types of {@code io.libprocess.http} and the packages of its
 * engine: operations on these types that only the library may perform go through interfaces of this
 * package, so that the types need no public methods that users must not call.
 *
 * <p><b>Threads.</b> The package has none; any thread may use it.
 *
 * <p><b>Locks.</b> None: {@link io.libprocess.http.access.Access} is a concurrent table that each
 * type writes once, while its class is initialized.
 *
 * <p><b>Who may call in.</b> The exported types, which implement the accessors; the packages of the
 * wire, the server and the client, and the node, which use them.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.access;
