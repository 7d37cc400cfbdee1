/**
 * Streams of bytes: the pool of their memory, the operators on bytes, files, and blocking inputs
 * and outputs.
 *
 * <p><b>Who may call in.</b> {@code io.libprocess.stream} makes the stages, and their neighbours
 * signal them as {@code stream.stage} describes. Packages above take memory from {@code ChunkPool}.
 *
 * <p><b>Threads and locks.</b> Calls on files run on the runtime's own threads for blocking calls,
 * or on the JVM's if there is no runtime, one at a time for each stage; the stages below then run
 * there too. {@code ChunkPool} and {@code FileSink} have a lock each, under which nothing is
 * called.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.bytes;
