/**
 * The grammar of what stands in HTTP messages: how single parts of them are written and read. There
 * are functions and immutable values only.
 *
 * <p><b>Threads.</b> The room has none; all of it is for any thread.
 *
 * <p><b>Locks.</b> None.
 *
 * <p><b>Who may call in.</b> All rooms of HTTP, and those above that have to do with paths, such as
 * {@code web}.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.grammar;
