/**
 * JSON (RFC 8259), not exported. A JSON value is a {@code null}, {@link Boolean}, {@link String},
 * {@link io.libprocess.internal.json.JsonNumber}, {@link java.util.List} or {@link java.util.Map}
 * with strings as keys; parsed values are immutable and keep their order.
 *
 * <p><b>Threads.</b> The room has none. Values are immutable and for any thread; a reader or writer
 * belongs to one call.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> {@code io.libprocess.json}, tokens, and the built-in endpoints.
 *
 * <p>Nothing else is null unless its documentation says so.
 */
package io.libprocess.internal.json;
