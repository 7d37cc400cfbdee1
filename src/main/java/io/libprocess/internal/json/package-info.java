/**
 * JSON (RFC 8259), exported to nobody. A JSON value is a {@code null}, {@link Boolean}, {@link
 * String}, {@link io.libprocess.internal.json.JsonNumber}, {@link java.util.List} or {@link
 * java.util.Map} with strings as keys; what is read cannot be changed and keeps its order.
 *
 * <p><b>Threads.</b> The room has none. Values and mappings are immutable and for any thread; a
 * reader or writer belongs to one call.
 *
 * <p><b>Locks.</b> None, but for the one in which the mappings of nested records are made.
 *
 * <p><b>Who may call in.</b> {@code Codec.json}, tokens, and the built-in endpoints.
 *
 * <p>Nothing else is null unless its documentation says so.
 */
package io.libprocess.internal.json;
