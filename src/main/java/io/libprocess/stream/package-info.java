/**
 * Streams and pipes of bytes and other elements: a {@code Chunk} is an immutable piece of bytes, a
 * {@code Pipe} hands elements from one writer to one reader and tells the writer when to hold back.
 *
 * <p><b>Who may call in.</b> Any code, from any thread, on either end of a pipe.
 *
 * <p><b>Threads.</b> The package has none. A callback of a read runs on the thread of the write
 * that serves it, and the other way round.
 *
 * <p><b>Locks.</b> One for each pipe, held for a few instructions. No future is completed and no
 * weigher runs under it.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream;
