/**
 * JSON (RFC 8259), exported to nobody. A JSON value is a {@code null}, {@link Boolean}, {@link
 * String}, {@link io.libprocess.internal.json.JsonNumber}, {@link java.util.List} or {@link
 * java.util.Map} with strings as keys; what is read cannot be changed and keeps its order.
 *
 * <p>Nothing else is null unless its documentation says so.
 */
package io.libprocess.internal.json;
