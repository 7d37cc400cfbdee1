/**
 * The grammar of the parts of HTTP messages: functions that parse and write them, and immutable
 * values.
 *
 * <p><b>Threads.</b> The package has none; any thread may use it.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> All packages of HTTP, and those above that deal with paths, such as
 * {@code web}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.grammar;
