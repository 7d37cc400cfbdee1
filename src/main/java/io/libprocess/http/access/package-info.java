/**
 * The doors between the exported types of {@code io.libprocess.http} and its engine rooms: what
 * only the library may do with these types goes through an interface of this room, so that nothing
 * has to be public in them that users must not call.
 *
 * <p>{@link io.libprocess.http.access.Access} is a table without locks that each type writes once,
 * while its class is initialized. It is below the exported types, which implement what is here; the
 * rooms of the wire, the server and the client, and the node's composition, call in.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.access;
