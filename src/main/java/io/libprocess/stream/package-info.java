/**
 * Bytes and items on their way: a {@code Chunk} is an immutable piece of bytes, a {@code Pipe}
 * hands items from one writer to one reader and tells the writer when to hold back.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream;
