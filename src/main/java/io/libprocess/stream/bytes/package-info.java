/**
 * Streams of bytes: the pool of their memory, the operators that look at them, files, and the ways
 * to code that blocks.
 *
 * <p><b>Who may call in.</b> {@code io.libprocess.stream} makes the stages, and their neighbours
 * signal them as {@code stream.stage} says. Rooms above take memory from {@code ChunkPool}.
 *
 * <p><b>Threads and locks.</b> Calls on files run where the runtime's own blocking calls do, or on
 * threads of the JVM's where there is no runtime, one at a time for each stage; the stages below
 * then run there too. {@code ChunkPool} and {@code FileSink} have a lock each, under which nothing
 * is called.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.bytes;
