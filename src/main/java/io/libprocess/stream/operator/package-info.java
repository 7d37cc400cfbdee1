/**
 * The stages in the middle of a stream: one class for each operator, and their common parts.
 *
 * <p><b>Who may call in.</b> {@code io.libprocess.stream.Transform} and {@code Stream} make them;
 * at run time their neighbours signal them, as {@code stream.stage} describes.
 *
 * <p><b>Threads and locks.</b> The package has no threads; {@code ExecutorStage} hands its loop to
 * the user's executor, and {@code TimeoutStage} is called by a clock. {@code LossyBufferStage} and
 * {@code Broadcast} have a lock each, under which nothing is called.
 *
 * <p>Nothing is null unless its documentation says so.
 */
package io.libprocess.stream.operator;
