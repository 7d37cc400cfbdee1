/**
 * The stages at both ends of a stream, sources and sinks, and the bridges to {@code
 * java.util.concurrent.Flow}. Stages that need files, sockets or processes live with these.
 *
 * <p><b>Who may call in.</b> {@code io.libprocess.stream.Stream} and {@code Sink} make them; at run
 * time their neighbours signal them, as {@code stream.stage} describes.
 *
 * <p><b>Threads and locks.</b> The package has no threads. {@code ListSink} has a lock, under which
 * nothing is called.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.ends;
