/**
 * JSON (RFC 8259), not exported. A JSON value is a {@code null}, {@link Boolean}, {@link String},
 * {@link io.libprocess.internal.json.JsonNumber}, {@link java.util.List} or {@link java.util.Map}
 * with strings as keys; parsed values are immutable and keep their order.
 *
 * <p><b>Threads.</b> The package has none. Values and mappings are immutable and may be used by any
 * thread; a reader or writer belongs to one call.
 *
 * <p><b>Locks.</b> None, except the one under which the mappings of nested records are made.
 *
 * <p><b>Who may call in.</b> {@code Codec.json}, tokens, and the built-in endpoints.
 *
 * <p>Nothing else is null unless its documentation says so.
 */
package io.libprocess.internal.json;
