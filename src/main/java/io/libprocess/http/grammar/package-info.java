/**
 * The grammar of what stands in HTTP messages: how single parts of them are written and read. There
 * are functions and immutable values only, without threads or locks, for all rooms of HTTP.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.http.grammar;
