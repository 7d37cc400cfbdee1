/**
 * JSON (RFC 8259) for values of Java: {@link io.libprocess.json.JsonType} says how those of a type
 * are read and written, {@link io.libprocess.json.JsonForms} has types of one's own, and {@link
 * io.libprocess.json.JsonValue} is a tree of anything.
 *
 * <p><b>Threads.</b> The room has none. All of it is immutable and for any thread.
 *
 * <p><b>Locks.</b> None, but for the one in which the JDK computes what is kept for a class.
 *
 * <p><b>Who may call in.</b> Users; {@code Codec.json}, {@code Request.json} and {@code
 * Response.json}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.json;
