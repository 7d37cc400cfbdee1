/**
 * The doors between the exported types of {@code io.libprocess.http} and its engine rooms: what
 * only the library may do with these types goes through an interface of this room, so that nothing
 * has to be public in them that users must not call.
 *
 * <p><b>Threads.</b> The room has none; all of it is for any thread.
 *
 * <p><b>Locks.</b> None: {@link io.libprocess.http.access.Access} is a concurrent table that each
 * type writes once, while its class is initialized.
 *
 * <p><b>Who may call in.</b> The exported types, which implement what is here; the rooms of the
 * wire, the server and the client, and the node, which go through the doors.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.access;
